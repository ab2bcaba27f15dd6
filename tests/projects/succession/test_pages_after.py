"""What pages and files say after a change of framework."""

import pytest

from axes import actions
from projects.browsing import exports
from projects.catalogue.models import Need, Place, Project
from projects.figures import figures
from tests.factories import (
    TerritoryFactory,
)
from tests.pages import squeezed
from tests.projects.succession.changes import ADOPTED, adopt, links, rows_of

pytestmark = pytest.mark.django_db


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
    assert page.context["waiting"] == rows_of(client, page.context["waiting_address"]) == 2
    assert page.context["waiting_address"].replace("&", "&amp;") in page.text
    assert "Le cadre a changé" not in client.get(f"/territoires/{empty.code}/").text
    another_year = client.get("/territoires/27229/?annee=2000")
    assert another_year.context["waiting"] == rows_of(client, another_year.context["waiting_address"]) == 0


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
