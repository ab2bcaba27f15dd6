"""Another framework comes into force: what was linked to the former is carried, or noted."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, connections, transaction

from axes import actions, adoption
from axes.choices import FrameworkStatus
from axes.founding import load_founding_framework
from axes.models import Framework
from cohesion import demo
from projects.browsing import exports
from projects.catalogue import carrying
from projects.catalogue.actions import set_contributions
from projects.catalogue.models import Contribution, Need, Place, Project, UncarriedLink
from projects.figures import figures
from tests.factories import OfficerFactory, ProjectFactory, TerritoryFactory, UserFactory
from tests.pages import squeezed
from tests.site.forms import seen_by

pytestmark = pytest.mark.django_db
ADOPTED = datetime.date(2027, 1, 15)


@pytest.fixture
def successor(founding, officer):
    """The next version, from which two orientations are gone, with what stood under one of them."""
    framework = actions.prepare_next_version(framework=founding, by=officer)
    for code in ("8", "5.2.1"):
        actions.delete_orientation(orientation=framework.orientations.get(code=code), by=officer)
    framework.refresh_from_db()
    return framework


@pytest.fixture
def projects(founding, node):
    """By name: kept whole, its main one gone, its secondary one gone, nothing kept."""
    return {
        "kept": ProjectFactory(code="A-1", serves=[node("1.1.3-a"), node("2.1.2-a")]),
        "main gone": ProjectFactory(code="A-2", serves=[node("5.2.1-a"), node("1.1.3")]),
        "secondary gone": ProjectFactory(code="A-3", serves=[node("1.1.3-a"), node("8.1-a")]),
        "nothing kept": ProjectFactory(code="A-4", serves=[node("5.2.1-b")]),
    }


def adopt(framework, officer, **options):
    return actions.put_in_force(framework=framework, adopted_on=ADOPTED, deliberation="D-1", by=officer, **options)


def links(project, framework):
    rows = project.contributions.of(framework).order_by("-is_main", "orientation__lft")
    return [(link.orientation.code, link.is_main) for link in rows]


def test_links_to_kept_orientations_are_carried_and_the_others_noted(founding, successor, projects, officer):
    before = {name: links(project, founding) for name, project in projects.items()}
    adopt(successor, officer)
    assert {name: links(project, founding) for name, project in projects.items()} == before
    assert links(projects["kept"], successor) == [("1.1.3-a", True), ("2.1.2-a", False)]
    assert links(projects["main gone"], successor) == [("1.1.3", False)]
    assert links(projects["secondary gone"], successor) == [("1.1.3-a", True)]
    assert links(projects["nothing kept"], successor) == []
    noted = UncarriedLink.objects.values_list("link__project__code", "link__orientation__code", "link__is_main")
    assert sorted(noted) == [("A-2", "5.2.1-a", True), ("A-3", "8.1-a", False), ("A-4", "5.2.1-b", True)]


def test_every_link_is_accounted_for_with_who_carried_it(founding, successor, projects, officer):
    before = Contribution.objects.of(founding).count()
    adopt(successor, officer)
    carried = Contribution.objects.of(successor)
    assert carried.count() + UncarriedLink.objects.count() == before
    signed = Contribution.history.filter(id__in=carried.values("pk"))
    assert {(row.history_user, row.history_change_reason) for row in signed} == {
        (officer, f"Repris du cadre « {founding.slug} »")
    }


def test_what_is_announced_is_what_is_done_and_nothing_else_is(founding, successor, projects, node, officer):
    shown = adoption.outlook(founding, successor)
    assert {node.code for node, hanging in shown.gone if hanging} == {"5.2.1-a", "5.2.1-b", "8.1-a"}
    assert "4\u00a0rattachements sont repris (3\u00a0projets)" in shown.sentences[0]
    assert "3\u00a0rattachements restent à refaire (3\u00a0projets, dont 3\u00a0publics)" in shown.sentences[1]
    ProjectFactory(code="A-5", serves=[node("8.1-a")])
    with pytest.raises(ValidationError, match="a changé depuis"):
        adopt(successor, officer, shown=shown.digest)
    assert list(Framework.objects.in_force()) == [founding]
    adopt(successor, officer, shown=adoption.outlook(founding, successor).digest)
    assert UncarriedLink.objects.count() == 4


def test_an_outlook_says_nothing_of_what_there_is_none_of(founding, successor, officer):
    told = adoption.succession(founding, successor).sentences
    kept, gone = len(adoption.succession(founding, successor).kept), founding.orientations.count()
    gone -= kept
    assert told == [f"{kept}\u00a0orientations gardées sans changement", f"{gone}\u00a0orientations disparaissent"]
    first = successor.orientations.get(code="1")
    first.corrected_title = "Une autre manière de le dire"
    actions.save_orientation(orientation=first, by=officer)
    assert "dont 1\u00a0reformulée" in adoption.succession(founding, successor).sentences[0]


def test_the_public_pages_count_the_public_projects_that_were_announced(
    founding, successor, projects, node, officer, client
):
    ProjectFactory(code="A-5", status="submitted", serves=[node("8.1-a")])
    ProjectFactory(code="A-6", serves=[node("8.1-a"), node("5.2.1-b")])
    announced = adoption.outlook(founding, successor).sentences[1]
    assert "6\u00a0rattachements restent à refaire (5\u00a0projets, dont 4\u00a0publics)" in announced
    adopt(successor, officer)
    for page in ("/", "/couverture/", "/projets/?axe=5"):
        assert "4\u00a0projets publics</a>" in client.get(page).text
    assert "4\u00a0projets" in client.get("/projets/?reprise=attendue").text


def test_an_adoption_that_fails_half_way_did_nothing(founding, successor, projects, officer, monkeypatch):
    monkeypatch.setattr(UncarriedLink.objects, "bulk_create", lambda rows: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        adopt(successor, officer)
    assert Framework.objects.get(pk=founding.pk).status == FrameworkStatus.IN_FORCE
    assert not Contribution.objects.of(successor).exists()


def test_adopting_twice_carries_once(founding, successor, projects, officer):
    adopt(successor, officer)
    before = Contribution.objects.count()
    with pytest.raises(ValidationError, match="en préparation"):
        adopt(successor, officer)
    assert Contribution.objects.count() == before


def test_a_framework_that_comes_into_force_is_locked(founding, successor, officer):
    adopt(successor, officer)
    assert Framework.objects.in_force().get().is_locked


def test_a_third_framework_carries_the_links_of_the_second_only(founding, successor, projects, officer):
    adopt(successor, officer)
    third = actions.prepare_next_version(framework=Framework.objects.in_force().get(), by=officer)
    adopt(third, officer)
    assert links(projects["kept"], third) == [("1.1.3-a", True), ("2.1.2-a", False)]
    assert UncarriedLink.objects.count() == 3


def test_the_database_holds_one_main_orientation_in_each_framework(founding, successor, projects, officer):
    adopt(successor, officer)
    other = successor.orientations.get(code="1.1.3")
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.create(project=projects["kept"], orientation=other, is_main=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.bulk_create([Contribution(project=projects["kept"], orientation=other, is_main=True)])


def test_links_chosen_before_the_change_are_not_written_after_it(founding, successor, projects, node, officer):
    main = node("1.1.3")
    adopt(successor, officer)
    with pytest.raises(ValidationError, match="entre-temps"):
        set_contributions(project=projects["kept"], main=main, by=officer)
    set_contributions(project=projects["kept"], main=successor.orientations.get(code="1.1.3"), by=officer)
    assert links(projects["kept"], founding) == [("1.1.3-a", True), ("2.1.2-a", False)]


# --- what was left ----------------------------------------------------------------------------------------------


def pending(code):
    return UncarriedLink.objects.get(link__project__code=code)


def test_a_link_is_made_anew_as_it_was(founding, successor, projects, officer):
    adopt(successor, officer)
    version = Project.objects.get(code="A-2").version
    chosen = successor.orientations.get(code="5.2.2")
    settled = carrying.settle(pending=pending("A-2"), orientations=[chosen], reason="", by=officer)
    assert links(projects["main gone"], successor) == [("5.2.2", True), ("1.1.3", False)]
    assert (settled.settled_by, settled.outcome) == (officer, "Rattaché à 5.2.2 (principale).")
    assert Project.objects.get(code="A-2").version == version + 1
    assert not Project.objects.waiting_for_link().filter(code="A-2").exists()


def test_a_link_is_let_go_with_a_reason_only_and_decided_once(founding, successor, projects, officer):
    adopt(successor, officer)
    with pytest.raises(ValidationError, match="pourquoi"):
        carrying.settle(pending=pending("A-3"), orientations=[], reason=" ", by=officer)
    carrying.settle(pending=pending("A-3"), orientations=[], reason="Axe abandonné", by=officer)
    with pytest.raises(ValidationError, match=r"Non repris.+: Axe abandonné"):
        carrying.settle(pending=pending("A-3"), orientations=[], reason="Encore", by=officer)


def test_a_link_is_made_anew_in_the_framework_in_force_only(founding, successor, projects, node, officer):
    adopt(successor, officer)
    with pytest.raises(ValidationError, match="cadre en vigueur"):
        carrying.settle(pending=pending("A-4"), orientations=[node("1.1.3")], reason="", by=officer)


def test_an_officer_makes_links_anew_on_screen(founding, successor, projects, officer_client, officer):
    adopt(successor, officer)
    page = officer_client.get("/admin/projects/uncarriedlink/").content.decode()
    assert all(code in page for code in ("A-2", "A-3", "A-4"))
    address = f"/admin/projects/uncarriedlink/{pending('A-4').pk}/change/"
    assert "Choisissez une orientation, ou dites" in officer_client.post(address, {"orientation": ""}).content.decode()
    chosen = successor.orientations.get(code="5.2.2")
    taken_up = {**seen_by(officer_client, address), "orientation": chosen.pk, "reason": "Même public"}
    officer_client.post(address, taken_up)
    assert links(projects["nothing kept"], successor) == [("5.2.2", True)]
    assert "A-4" not in officer_client.get("/admin/projects/uncarriedlink/").content.decode()
    assert "Rattaché à 5.2.2" in officer_client.get("/admin/projects/uncarriedlink/?etat=regles").content.decode()
    again = officer_client.post(address, {"orientation": chosen.pk}, follow=True)
    assert again.status_code in (200, 403)


# --- what pages and files say -----------------------------------------------------------------------------------


def test_archived_pages_keep_their_counts_and_each_opens_its_rows(founding, successor, projects, client, officer):
    former = founding.orientations.get(code="5.2")
    before = figures.published(founding, list(_nodes(founding))).tallies[former.pk].branch
    assert before == 2
    adopt(successor, officer)
    page = client.get(f"/cadre/{founding.slug}/").content.decode()
    assert "version archivée" in page
    assert "<b>2</b>" in page.partition('href="/cadre/cst-gea/orientations/5.2/#fait"')[2][:100]
    page = client.get(f"/cadre/{founding.slug}/orientations/5.2/").content.decode()
    assert f"/projets/?orientation=5.2&amp;cadre={founding.slug}" in page
    rows = client.get(f"/projets/?orientation=5.2&cadre={founding.slug}").content.decode()
    assert [code in rows for code in ("A-1", "A-2", "A-3", "A-4")] == [False, True, False, True]
    here = squeezed(client.get("/orientations/5.2/").content.decode())
    assert "Aucun projet n’y est rattaché dans ce cadre" in here
    assert "3\u00a0projets publics</a>" in here  # those whose link waits to be made anew


def _nodes(framework):
    from axes import document

    return document.read_nodes(framework)


def test_archived_counts_follow_what_is_published(founding, successor, projects, client, officer):
    adopt(successor, officer)
    Project.objects.get(code="A-4").delete()
    page = client.get(f"/cadre/{founding.slug}/orientations/5.2/").content.decode()
    assert "<b>1</b>" in page


def test_the_page_of_a_territory_says_what_waits_there_and_leads_to_it(founding, successor, projects, client, officer):
    here, elsewhere, empty = TerritoryFactory(code="27229"), TerritoryFactory(), TerritoryFactory()
    for name, place in (("main gone", here), ("nothing kept", here), ("kept", here), ("secondary gone", elsewhere)):
        Place.objects.create(project=projects[name], territory=place)
    assert "Le cadre a changé" not in client.get("/territoires/27229/").text
    adopt(successor, officer)
    page = client.get("/territoires/27229/")
    assert "Le cadre a changé" in page.text
    assert page.context["waiting"] == _rows_of(client, page.context["waiting_address"]) == 2
    assert page.context["waiting_address"].replace("&", "&amp;") in page.text
    assert "Le cadre a changé" not in client.get(f"/territoires/{empty.code}/").text
    another_year = client.get("/territoires/27229/?annee=2000")
    assert another_year.context["waiting"] == _rows_of(client, another_year.context["waiting_address"]) == 0


def test_lists_say_nothing_false_after_a_change(founding, successor, projects, client, officer):
    adopt(successor, officer)
    page = client.get("/projets/?orientation=5.2").content.decode()
    assert "personne n’a encore" not in page
    assert "Le cadre a changé" in page
    waiting = client.get("/projets/?reprise=attendue").content.decode()
    assert [code in waiting for code in ("A-1", "A-2", "A-3", "A-4")] == [False, True, True, True]
    assert "Le cadre a changé" in client.get("/").content.decode()
    assert "Le cadre a changé" in client.get("/couverture/").content.decode()


def test_without_links_to_make_anew_no_page_speaks_of_a_change(founding, client, projects, officer):
    adopt(actions.prepare_next_version(framework=founding, by=officer), officer)
    for address in ("/", "/couverture/", "/projets/?orientation=8.2"):
        assert "Le cadre a changé" not in client.get(address).content.decode()


def test_the_sheet_of_a_project_tells_both_frameworks(founding, successor, projects, client, officer):
    adopt(successor, officer)
    page = client.get(f"/projets/{projects['nothing kept'].code}/").content.decode()
    assert "aucune orientation du cadre en vigueur" in page
    assert f"/cadre/{founding.slug}/orientations/5.2.1-b/" in page
    assert "rattachement à refaire" in page


def test_a_need_is_read_by_the_same_orientation_of_the_framework_in_force(founding, successor, node, client, officer):
    commune = TerritoryFactory()
    for words, code in (("Un lieu d’accueil", "1.1.3"), ("Une salle", "8")):
        Need.objects.create(
            wording=words, heard_on=ADOPTED, territory=commune, orientation=node(code), is_published=True
        )
    adopt(successor, officer)
    assert "Un lieu d’accueil" in client.get("/orientations/1.1.3/").content.decode()
    page = client.get("/couverture/").content.decode()
    without = page.partition('id="sans-orientation"')[2].partition('id="sans-projet"')[0]
    assert "Une salle" in without
    assert "Un lieu d’accueil" not in without
    assert 'href="/orientations/1.1.3/"' in client.get(f"/territoires/{commune.code}/").content.decode()


def test_a_file_names_the_framework_of_what_the_one_in_force_has_not(founding, successor, projects, officer):
    def objectives():
        rows = exports.rows_of(Project.objects.order_by("code"))
        return [("|".join(row["objectives"]), "|".join(row["secondary"])) for row in rows]

    before = objectives()
    assert before[0] == ("1.1.3-a|2.1.2-a", "2.1.2-a")
    adopt(successor, officer)
    slug = founding.slug
    assert objectives() == [
        before[0],
        (f"5.2.1-a@{slug}|1.1.3", "1.1.3"),
        ("1.1.3-a", ""),
        (f"5.2.1-b@{slug}", ""),
    ]


def test_a_draft_keeps_the_orientation_that_its_lead_chose(founding, successor, node, complete, lead, client, officer):
    adopt(successor, officer)
    client.force_login(lead)
    here = successor.orientations.get(uid=node("5.2.4-b").uid)
    page = client.get(f"/espace/declarations/{complete.project_id}/rattachement/").content.decode()
    assert f'value="{here.pk}" checked' in page
    client.post(f"/espace/declarations/{complete.project_id}/deposer/")
    assert links(complete.project, successor) == [("5.2.4-b", True)]


def test_a_draft_whose_orientation_is_gone_says_so(founding, successor, node, complete, lead, client, officer):
    complete.answers["rattachement"]["main"] = str(node("5.2.1-a").pk)
    complete.save()
    adopt(successor, officer)
    client.force_login(lead)
    page = client.get(f"/espace/declarations/{complete.project_id}/rattachement/").content.decode()
    assert "n’est plus dans le cadre en vigueur" in page
    assert "L’atelier réunit parents et enfants." in page


# --- the demonstration --------------------------------------------------------------------------------------------


def _lists_of(client):
    """What each page of figures opens: the codes of its rows, by its address."""
    addresses = ["/projets/", *(f"/projets/?axe={code}" for code in range(1, 9))]
    return {address: _rows_of(client, address) for address in addresses}


def _rows_of(client, address):
    page = client.get(address)
    return page.context["page"].paginator.count


def test_the_second_framework_of_the_demonstration_keeps_every_link(client):
    demo.seed()
    officer = OfficerFactory()
    former, successor = Framework.objects.in_force().get(), Framework.objects.get(status="draft")
    before, lists = Contribution.objects.of(former).count(), _lists_of(client)
    assert before > 100
    home = client.get("/").context["headlines"]
    adopt(successor, officer)
    assert Contribution.objects.of(former).count() == Contribution.objects.of(successor).count() == before
    assert not UncarriedLink.objects.exists()
    assert _lists_of(client) == lists
    after = client.get("/").context["headlines"]
    assert len(after.objectives_served) == len(home.objectives_served)
    archived = client.get(f"/cadre/{former.slug}/orientations/5/").context["tally"]
    assert archived == client.get("/orientations/5/?annee=toutes").context["tally"]


def test_the_demonstration_without_an_axis_accounts_for_each_link(client):
    demo.seed()
    officer = OfficerFactory()
    former, successor = Framework.objects.in_force().get(), Framework.objects.get(status="draft")
    actions.delete_orientation(orientation=successor.orientations.get(code="5"), by=officer)
    gone = Contribution.objects.of(former).filter(orientation__code__regex=r"^5(\.|$)").count()
    before = Contribution.objects.of(former).count()
    adopt(successor, officer)
    assert gone > 0
    assert (Contribution.objects.of(successor).count(), UncarriedLink.objects.count()) == (before - gone, gone)
    waiting = len(figures.waiting(Framework.objects.in_force().get()))
    assert _rows_of(client, "/projets/?reprise=attendue&annee=toutes") == waiting > 0
    archived = client.get(f"/cadre/{former.slug}/orientations/5/").context["tally"].branch
    assert _rows_of(client, f"/projets/?orientation=5&cadre={former.slug}&annee=toutes") == archived > 0


# --- at the same moment -------------------------------------------------------------------------------------------


def test_who_adopts_and_who_links_at_the_same_moment_lose_nothing(transactional_db):
    """Four adopt, four link projects to the former framework: one adoption, and no link that it did not see."""
    founding = load_founding_framework()
    officer = UserFactory()
    successor = actions.prepare_next_version(framework=founding, by=officer)
    main = founding.orientations.get(code="1.1.3")
    linked = [ProjectFactory(serves=[main]) for _ in range(5)]
    new = [ProjectFactory() for _ in range(4)]

    def act(number):
        if number % 2:
            return adopt(successor, officer)
        return set_contributions(project=new[number // 2], main=main, by=officer)

    def tried(number):
        try:
            act(number)
        except ValidationError as error:
            return error.messages[0]
        finally:
            if connection.vendor == "postgresql":
                connections.close_all()
        return ""

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(tried, range(8)))
    assert answers[1::2].count("") == 1
    assert all("en préparation" in one for one in answers[1::2] if one)
    assert all("entre-temps" in one for one in answers[::2] if one)
    before = Contribution.objects.of(founding)
    assert before.count() == len(linked) + answers[::2].count("")
    assert Contribution.objects.of(successor).count() == before.count()
