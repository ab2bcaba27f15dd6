"""The migration desk: what hangs on the orientations that are not kept is decided, undone, carried, accounted for."""

import datetime
import json
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from axes import actions, adoption, reshaping
from axes.models import Descent, Framework
from axes.reshaping import SplitPart
from cohesion import demo
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue import carrying
from projects.catalogue.carrying import Destination
from projects.catalogue.models import Contribution, LinkDecision, Need, UncarriedLink
from projects.dashboard.models import Followed
from tests.costs import cost
from tests.factories import (
    AgreementFactory,
    FrameworkFactory,
    GrantFactory,
    OfficerFactory,
    OrientationFactory,
    PaymentFactory,
    ProjectFactory,
    TerritoryFactory,
    this_year,
)
from tests.pages import squeezed
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
LEVEL = "operational"
ADOPTED = datetime.date(2027, 3, 12)


class Case:
    """A framework in force and the one that comes: K is kept, S is split in S1 and S2, M and N are merged in MN, D has
    no future, and L is new."""

    def __init__(self):
        self.former = FrameworkFactory(status="in_force", slug="ancien")
        self.coming = FrameworkFactory(slug="nouveau", predecessor=self.former)
        above = OrientationFactory(framework=self.former, code="R", title="Axe")
        after = OrientationFactory(framework=self.coming, code="R", title="Axe", uid=above.uid)
        self.node = {}
        for code, title in {
            "K": "Garder le lien",
            "S": "Accompagnement scolaire et parentalité",
            "M": "Mobilité",
            "N": "Transports",
            "D": "Patrimoine ancien",
        }.items():
            self.node[code] = OrientationFactory(parent=above, level=LEVEL, code=code, title=title)
        for code, title in {
            "K2": "Garder le lien",
            "S1": "Accompagnement scolaire",
            "S2": "Soutien à la parentalité",
            "MN": "Mobilité et transports",
            "L": "Lecture publique",
        }.items():
            uid = {"uid": self.node["K"].uid} if code == "K2" else {}
            self.node[code] = OrientationFactory(parent=after, level=LEVEL, code=code, title=title, **uid)

    def __getitem__(self, code):
        return self.node[code]

    def descend(self, by):
        for former, successors, note in (("S", "S1 S2", ""), ("M", "MN", ""), ("N", "MN", ""), ("D", "", "Abandonné")):
            nodes = [self[code] for code in successors.split()]
            adoption.descend(former=self[former], successors=nodes, framework=self.coming, by=by, note=note)

    def adopt(self, by, **options):
        actions.put_in_force(framework=self.coming, adopted_on=ADOPTED, deliberation="D", by=by, **options)

    def outlook(self):
        return adoption.outlook(self.former, self.coming)

    def link(self, project, code):
        return project.contributions.get(orientation=self[code])

    def links(self, project):
        rows = project.contributions.of(self.coming).order_by("-is_main", "orientation__code")
        return [(link.orientation.code, link.is_main, link.rationale) for link in rows]

    @property
    def desk(self):
        return reverse("admin:axes_framework_succession", args=[self.coming.pk])

    def page_of(self, code):
        return reverse("admin:projects_uncarriedlink_links", args=[self.coming.pk, self[code].pk])


@pytest.fixture
def case(db):
    return Case()


def send(client, address, **fields):
    """The form of a page as a browser would send it, with what somebody changed of it."""
    page = filled(client.get(address), "#content form.desk-form")
    kept = {name: page[name] for name in ("seen_state", "once", "csrfmiddlewaretoken") if name in page}
    return client.post(address, {**kept, **fields}, follow=True)


def test_the_desk_says_beforehand_what_is_granted_paid_and_agreed_on_each_orientation(case, officer, officer_client):
    first, second = (ProjectFactory(serves=[case["S"], case["K"]], granted=3_000) for _ in range(2))
    agreement = AgreementFactory(organization=first.organization, amounts={this_year(): 10_000})
    PaymentFactory(grant=GrantFactory(project=first, agreement=agreement))
    PaymentFactory(grant=GrantFactory(project=second), amount=500)
    page = squeezed(officer_client.get(case.desk).text)
    for phrase in ("2\xa0projets", "6\u202f000\xa0€ accordés", "dont 1\u202f500\xa0€ versés", "1\xa0convention"):
        assert f"<li>{phrase}</li>" in page
    ProjectFactory(serves=[case["S"]])
    costs = cost(case.desk, officer_client)
    PaymentFactory(grant=GrantFactory(project=ProjectFactory(serves=[case["M"]], granted=10_000)))
    assert cost(case.desk, officer_client) == costs


def test_what_an_orientation_becomes_is_chosen_in_a_list_that_narrows_what_is_proposed_first(case, officer_client):
    page = squeezed(officer_client.get(f"{case.desk}?choisir={case['S'].pk}").text)
    assert "data-ticks" in page
    assert "choices.js" in page
    assert page.index("Proposées") < page.index("R · ")
    assert page.count('name="successor"') == case.coming.orientations.count()


def test_links_follow_what_officers_decided_and_each_is_accounted_for(case, officer):
    case.descend(officer)
    both = ProjectFactory(serves=[case["N"], case["M"]])
    Contribution.objects.filter(project=both, orientation=case["N"]).update(rationale="Bus")
    Contribution.objects.filter(project=both, orientation=case["M"]).update(rationale="x" * 299)
    parted = ProjectFactory(serves=[case["S"], case["K"]])
    waiting, dropped = ProjectFactory(serves=[case["S"]]), ProjectFactory(serves=[case["D"], case["K"]])
    sent = ProjectFactory(serves=[case["D"]])
    s1, s2, lost = case["S1"].pk, case["S2"].pk, case["L"].pk
    destinations = {case.link(parted, "S").pk: Destination((s2, s1)), case.link(sent, "D").pk: Destination((lost,))}
    assert carrying.decide(framework=case.coming, destinations=destinations, by=officer) == 2
    shown = case.outlook()
    case.adopt(officer, shown=shown.digest)
    assert case.links(both) == [("MN", True, f"Bus\u202f; {'x' * 293}…")]
    assert case.links(parted) == [("S2", True, ""), ("K2", False, ""), ("S1", False, "")]
    assert case.links(dropped) == [("K2", False, "")]
    assert case.links(sent) == [("L", True, "")]
    assert case.links(waiting) == []
    noted = UncarriedLink.objects.values_list("link__project", "settled_by", "outcome").order_by("pk")
    assert set(noted) == {(waiting.pk, None, ""), (dropped.pk, officer.pk, "Non repris\u00a0: Abandonné")}
    text = " ".join(shown.sentences)
    for sentence in (
        "6\u00a0rattachements sont repris",
        "1\u00a0rattachement reste",
        "1\u00a0rattachement n’est pas repris",
    ):
        assert sentence in text
    assert "8\u00a0rattachements en tout" in text
    assert "1\u00a0raison réunie" in text


def test_what_is_decided_is_undone_exactly_one_by_one_and_all(case, officer):
    projects = [ProjectFactory(serves=[case["S"]]) for _ in range(3)]
    empty = case.outlook().digest
    case.descend(officer)
    undecided = case.outlook().digest
    links = [case.link(project, "S").pk for project in projects]
    destinations = dict.fromkeys(links, Destination((case["S1"].pk,)))
    carrying.decide(framework=case.coming, destinations=destinations, by=officer)
    assert case.outlook().digest != undecided
    assert carrying.undo(framework=case.coming, links=links[:1], by=officer) == 1
    assert carrying.undo(framework=case.coming, links=links, by=officer) == 2
    assert case.outlook().digest == undecided
    carrying.decide(framework=case.coming, destinations=destinations, by=officer)
    lineage = adoption.succession(case.former, case.coming)
    assert adoption.desk.undo_all(succession=lineage, by=officer, seen=adoption.desk.descent_states(lineage)) == 7
    assert case.outlook().digest == empty
    assert not Descent.objects.exists()
    assert not LinkDecision.objects.exists()


def test_a_decision_that_makes_no_sense_or_comes_second_is_refused(case, officer):
    case.descend(officer)
    link = case.link(ProjectFactory(serves=[case["S"]]), "S").pk

    def decide(*orientations, reason="", seen=None, key=link):
        destination = {key: Destination(tuple(node.pk for node in orientations), reason)}
        carrying.decide(framework=case.coming, destinations=destination, by=officer, seen=seen)

    for orientations, options, sentence in (
        ([], {}, "pourquoi"),
        ([case["K"]], {}, "cadre qui vient"),
        ([case["S1"]], {"key": 0}, "retiré entre-temps"),
        ([], {"reason": "x" * 301}, "raccourcissez"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            decide(*orientations, **options)
    seen = carrying.decision_states(case.coming, [link])
    decide(case["S1"], seen=seen)
    with pytest.raises(ChangedMeanwhile, match="entre-temps"):
        decide(case["S2"], seen=seen)
    with pytest.raises(ChangedMeanwhile, match="entre-temps"):
        carrying.undo(framework=case.coming, links=[link], by=officer, seen=seen)
    case.adopt(officer)
    with pytest.raises(ValidationError, match="plus en préparation"):
        decide(case["S2"])


def test_an_officer_works_through_the_desk_and_adopts(case, officer_client, officer):
    projects = [ProjectFactory(serves=[case["S"]], title="Aide aux devoirs, accompagnement scolaire") for _ in range(3)]
    ProjectFactory(serves=[case["M"]], granted=1500)
    page = officer_client.get(case.desk).text
    assert "4\u00a0orientations à décider" in page
    assert "1\u202f500\u00a0€ accordés" in page
    assert "mêmes mots\u00a0: accompagnement, scolaire" in page.lower()
    assert "Cochez d’abord" in send(officer_client, case.desk, how="premiere").text
    send(officer_client, case.desk, take=f"{case['M'].pk}:{case['MN'].pk}")
    send(officer_client, case.desk, how="premiere", row=[case["N"].pk])
    assert "Dites pourquoi" in send(officer_client, case.desk, how="abandonner", row=[case["D"].pk]).text
    send(officer_client, case.desk, how="abandonner", row=[case["D"].pk], note="Plus de budget")
    chooser = f"{case.desk}?choisir={case['S'].pk}"
    assert "Ce que devient S" in officer_client.get(chooser).text
    send(officer_client, chooser, choose=case["S"].pk, successor=[case["S1"].pk, case["S2"].pk])
    became = adoption.lineage(case.former, case.coming)
    assert [became[case[code].pk] for code in "MND"] == [(case["MN"].pk,), (case["MN"].pk,), ()]
    assert set(became[case["S"].pk]) == {case["S1"].pk, case["S2"].pk}
    page = officer_client.get(f"{case.desk}?etat=a-decider").text
    assert "3\u00a0rattachements qui attendent" in page
    assert "Plus de budget" not in page
    links = [case.link(project, "S").pk for project in projects]
    assert "le projet dit" in officer_client.get(case.page_of("S")).text
    send(officer_client, case.page_of("S"), save=links[0], **{f"to-{links[0]}": [case["S1"].pk, case["S2"].pk]})
    send(officer_client, case.page_of("S"), how=case["S2"].pk, row=links[1:])
    send(officer_client, case.page_of("S"), undo=links[2])
    send(officer_client, case.page_of("S"), how="nulle-part", row=links[1:2], reason="Action finie")
    assert LinkDecision.objects.count() == 3
    adopt = reverse("admin:axes_framework_adopt", args=[case.coming.pk])
    form = filled(officer_client.get(adopt))
    officer_client.post(adopt, {**form, "adopted_on": "2020-03-12", "deliberation": "D"})
    assert case.links(projects[0]) == [("S1", True, ""), ("S2", False, "")]
    assert UncarriedLink.objects.get(link=links[1]).outcome == "Non repris\u00a0: Action finie"
    after = officer_client.get(case.desk).text
    assert "1\u00a0rattachement qui attend" in after
    send(officer_client, case.page_of("S"), save=links[2], **{f"to-{links[2]}": [case["S1"].pk, case["S2"].pk]})
    assert case.links(projects[2]) == [("S1", True, ""), ("S2", False, "")]
    assert "Aucun rattachement n’attend ici" in officer_client.get(case.page_of("S")).text


def test_what_is_split_in_the_tree_is_not_undone_on_the_desk(case, officer_client, officer):
    """Its links would all go to its first part, and it would be on the desk no more."""
    ProjectFactory(serves=[case["K"]])
    parts = [SplitPart("K2", "Garder le lien"), SplitPart("K3", "Garder les autres liens")]
    first, second = reshaping.split(orientation=case["K2"].pk, parts=parts, by=officer)
    adoption.descend(former=case["D"], successors=[case["L"]], framework=case.coming, by=officer)
    key = case["K"].pk
    assert f'name="undo" value="{case["D"].pk}"' in officer_client.get(case.desk).text
    assert f'name="undo" value="{key}"' not in officer_client.get(case.desk).text
    chooser = f"{case.desk}?choisir={key}"
    for asked in ({"undo": key}, {"how": "revenir", "row": [key]}, {"choose": key, "successor": [first.pk]}):
        assert "est scindée dans l’arbre" in send(officer_client, chooser, **asked).text
    send(officer_client, case.desk, how="tout")
    became = adoption.lineage(case.former, case.coming)
    assert (set(became[key]), became[case["D"].pk]) == ({first.pk, second.pk}, ())
    assert "1\u00a0orientation redevient à décider (M)" in _undone(officer_client, case, officer)


def _undone(client, case, officer):
    adoption.descend(former=case["M"], successors=[case["MN"]], framework=case.coming, by=officer)
    return send(client, case.desk, undo=case["M"].pk).text


def test_a_stale_page_of_the_desk_changes_nothing(case, officer_client):
    page = filled(officer_client.get(case.desk), "#content form.desk-form")
    stale = {name: page[name] for name in ("seen_state", "once")}
    adoption.descend(former=case["M"], successors=[case["L"]], framework=case.coming, by=OfficerFactory())
    answer = officer_client.post(case.desk, {**stale, "take": f"{case['M'].pk}:{case['MN'].pk}"}, follow=True)
    assert "Quelqu’un a décidé entre-temps" in answer.text
    assert [row.successor for row in case["M"].descents.all()] == [case["L"]]


def test_needs_follow_what_their_orientation_became(case, officer, client):
    case.descend(officer)
    place = TerritoryFactory()
    for code in "MD":
        Need.objects.create(
            wording=f"Besoin {code}", heard_on=ADOPTED, territory=place, orientation=case[code], is_published=True
        )
    text = " ".join(case.outlook().sentences)
    assert "1\u00a0besoin ou document suit" in text
    assert "1\u00a0besoin ou document n’a plus d’orientation" in text
    case.adopt(officer)
    assert "Besoin M" in client.get("/orientations/MN/").text
    without = client.get("/couverture/").text.partition('id="sans-orientation"')[2].partition('id="sans-projet"')[0]
    assert "Besoin D" in without
    assert "Besoin M" not in without


# --- by the shell -------------------------------------------------------------------------------------------------


def adopt_command(*arguments):
    out = StringIO()
    try:
        call_command("adopt", *arguments, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue() + str(error)
    return 0, out.getvalue()


def test_the_shell_shows_what_the_page_shows_and_does_it(case, officer):
    case.descend(officer)
    Descent.objects.filter(former=case["N"]).delete()
    project = ProjectFactory(serves=[case["M"], case["N"]])
    asked = ("nouveau", "--date", "2027-03-12", "--deliberation", "D-3")
    code, shown = adopt_command(*asked)
    assert code == 0
    assert all(sentence in shown for sentence in case.outlook().sentences)
    assert "N Transports" in shown
    assert case.links(project) == []
    code, report = adopt_command(*asked, "--json")
    assert (json.loads(report)["applied"], json.loads(report)["undecided"]) == (False, ["N"])
    for arguments, sentence in (
        (("nulle-part", *asked[1:]), "Aucun cadre"),
        (("nouveau", "--date", "12/03/2027"), "n’est pas un jour"),
        (("ancien", *asked[1:]), "en préparation"),
        ((*asked, "--user", "personne@exemple.test"), "Aucun compte"),
    ):
        code, refused = adopt_command(*arguments, "--apply")
        assert (code, sentence in refused) == (1, True)
    code, done = adopt_command(*asked, "--apply", "--user", officer.email)
    assert (code, "est en vigueur" in done) == (0, True)
    case.coming.refresh_from_db()
    assert (case.coming.deliberation, case.coming.predecessor) == ("D-3", case.former)
    assert case.links(project) == [("MN", True, "")]
    assert UncarriedLink.objects.open().count() == 1


# --- figures over the change --------------------------------------------------------------------------------------


def test_pages_that_compare_say_where_nothing_can_be_compared(case, officer, client):
    case.descend(officer)
    year = this_year()
    old = ProjectFactory(
        serves=[case["M"]], starts_on=datetime.date(year - 1, 1, 1), ends_on=datetime.date(year, 1, 31)
    )
    changes = f"/tableau-de-bord/changements/?annee={year}"
    nothing = "Le cadre en vigueur date du"
    assert nothing not in client.get(changes).text
    assert nothing not in client.get("/couverture/").text
    actions.put_in_force(framework=case.coming, adopted_on=datetime.date(year, 1, 2), deliberation="D", by=officer)
    ProjectFactory(serves=[case["L"], case["MN"]])
    case.coming.refresh_from_db()
    since = adoption.continuity(case.coming)
    assert (since.new, since.gone) == ({case["L"].pk}, 1)
    for address in (changes, "/couverture/"):
        page = client.get(address).text
        assert nothing in page, address
        assert "1\u00a0orientation est nouvelle" in page
        assert "1\u00a0orientation d’avant n’a pas de suite" in page
    page = client.get(changes)
    assert "rien à comparer avant" in page.text
    gained = [row.moved.of.orientation.code for row in page.context["gained"]]
    assert "MN" not in gained  # served the year before, by what it was
    assert f"Cette orientation date du 2\u00a0janvier {year}" in client.get("/orientations/L/").text
    assert "Cette orientation date" not in client.get("/orientations/MN/").text
    sheet = client.get(f"/projets/{old.code}/").text
    assert 'href="/orientations/MN/"' in sheet.partition("Aujourd’hui")[2]


def test_pages_that_count_by_orientation_say_what_waits(case, officer, client):
    """Before an amount or an orientation is read as nothing, one reads that links are to be made anew."""
    ProjectFactory(serves=[case["S"]], granted=1500)
    case.descend(officer)
    case.adopt(officer)
    board = "/tableau-de-bord/"
    evening = f"{board}changements/?comparer={timezone.localdate() - datetime.timedelta(days=1)}"
    for address in ("/", "/couverture/", board, f"{board}changements/", f"{board}argent/", evening):
        page = client.get(address).text
        assert "1\u00a0projet public" in page, address
        assert "qui n’est plus dans celui-ci, ou s’y partage" in page, address
    assert "ou s’y partage" not in client.get("/tableau-de-bord/argent/?par=commune").text


def test_what_projects_served_in_the_framework_before_is_not_said_never_served(case, officer, client):
    """Its links wait to be made anew, or were dropped: it has no project here, but it had."""
    ProjectFactory(serves=[case["S"]])
    case.descend(officer)
    case.adopt(officer)
    gaps = client.get("/couverture/").context["gaps"]
    assert {gap.node.orientation.code for gap in gaps.over} == {"R", "S1", "S2"}
    assert {gap.node.orientation.code for gap in gaps.never} == {"K2", "MN", "L"}
    assert "Dans un cadre d’avant." in client.get("/couverture/").text
    assert ";dans un cadre d’avant;" in client.get("/couverture/export.csv").text
    for code, sentence in (("S1", "il y en avait dans un cadre d’avant"), ("L", "n’y répond encore")):
        assert sentence in client.get(f"/orientations/{code}/").text, code


def test_whoever_follows_an_orientation_follows_what_it_becomes(case, officer):
    case.descend(officer)
    for code in "KSMD":
        Followed.objects.create(user=officer, orientation_uid=case[code].uid)
    assert "3\u00a0abonnements suivent" in " ".join(case.outlook().sentences)
    case.adopt(officer)
    followed = set(Followed.objects.values_list("orientation_uid", flat=True))
    assert followed >= {case[code].uid for code in ("K2", "S1", "S2", "MN")}


def test_a_large_adoption_says_how_far_it_is(transactional_db, officer_client, monkeypatch):
    case = Case()
    ProjectFactory(serves=[case["K"]])
    address = reverse("admin:axes_framework_adopt", args=[case.coming.pk])
    form = {**filled(officer_client.get(address)), "adopted_on": "2020-03-12", "deliberation": "D"}
    monkeypatch.setattr("axes.admin.framework.AT_ONCE", 0)
    page = b"".join(officer_client.post(address, form).streaming_content).decode()
    assert "1 rattachements sur 1" in page
    assert "est en vigueur, verrouillé" in page
    again = b"".join(officer_client.post(address, form)).decode()
    assert "déjà en vigueur" in again


# --- the demonstration --------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("way", ["screens", "shell"])
def test_the_demonstration_changes_framework_and_each_link_is_accounted_for(officer_client, officer, client, way):
    """Split, merged, dropped and forgotten orientations; decided on the desk; adopted on screen or by the shell."""
    demo.seed()
    former, coming = Framework.objects.get(status="in_force"), Framework.objects.get(status="draft")
    before = set(Contribution.objects.of(former).values_list("pk", flat=True))
    archived = client.get("/orientations/5/?annee=toutes").context["tally"]
    for code in ("3.1.1", "5.2.1", "5.2.2", "7.1.1"):
        actions.delete_orientation(orientation=coming.orientations.get(code=code), by=officer)
    under = coming.orientations.get(code="5.2")
    parts = [OrientationFactory(parent=under, level=LEVEL, code=code) for code in ("5.2.8", "5.2.9")]
    old = {node.code: node for node in former.orientations.all()}
    desk = reverse("admin:axes_framework_succession", args=[coming.pk])
    send(officer_client, f"{desk}?choisir={old['5.2.1'].pk}", choose=old["5.2.1"].pk, successor=[n.pk for n in parts])
    send(officer_client, desk, take=f"{old['5.2.2'].pk}:{parts[0].pk}")
    send(officer_client, desk, how="abandonner", row=[old["7.1.1"].pk], note="Le contrat local de santé s’en charge")
    address = reverse("admin:projects_uncarriedlink_links", args=[coming.pk, old["5.2.1"].pk])
    links = list(Contribution.objects.filter(orientation=old["5.2.1"]).values_list("pk", flat=True))
    assert links
    send(officer_client, address, how=parts[1].pk, row=links)
    if way == "shell":
        assert adopt_command(coming.slug, "--date", "2027-03-12", "--apply", "--user", officer.email)[0] == 0
    else:
        adopt = reverse("admin:axes_framework_adopt", args=[coming.pk])
        form = {**filled(officer_client.get(adopt)), "adopted_on": "2020-03-12", "deliberation": "D"}
        assert officer_client.post(adopt, form).status_code == 302
    assert set(Contribution.objects.of(former).values_list("pk", flat=True)) == before
    became = adoption.lineage(former, coming)
    noted = dict(UncarriedLink.objects.values_list("link", "settled_at"))
    for link in Contribution.objects.of(former):
        went = became[link.orientation_id] if link.pk not in links else (parts[1].pk,)
        carried = Contribution.objects.filter(project=link.project_id, orientation__in=went).exists()
        assert carried != (link.pk in noted), link
    dropped = set(Contribution.objects.filter(orientation=old["7.1.1"]).values_list("pk", flat=True))
    assert {pk for pk, settled in noted.items() if settled} == dropped
    assert client.get(f"/cadre/{former.slug}/orientations/5/").context["tally"] == archived
    waiting = client.get("/").context["waiting"]
    rows = client.get("/projets/?reprise=attendue&annee=toutes").context["page"].paginator.count
    assert rows == waiting > 0
    for page in ("/couverture/", "/projets/", "/tableau-de-bord/", "/tableau-de-bord/changements/"):
        assert client.get(page).status_code == 200
