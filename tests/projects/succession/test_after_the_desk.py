"""What the desk decided, adopted: by the shell, on the pages of figures, for needs and for who follows."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from axes import actions, adoption
from axes.models import Descent
from projects.catalogue.models import Need, Perimeter, ReferenceDocument, UncarriedLink
from projects.dashboard.models import Followed
from tests.factories import (
    ProjectFactory,
    TerritoryFactory,
    this_year,
)
from tests.pages import squeezed
from tests.projects.succession.cases import ADOPTED, Case, adopt_command
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
PENDING = "/admin/projects/referencedocument/attentes/"


def test_what_names_an_orientation_is_told_before_and_follows_what_it_became(case, officer, officer_client, client):
    """Needs, documents and perimeters: kept, taken up, shared, without a future, or over; none is written anew."""
    case.descend(officer)
    place = TerritoryFactory(name="Gravigny")
    document = ReferenceDocument.objects.create(title="Plan local", review_on=ADOPTED, followed_by=officer)
    for code in "MD":
        Need.objects.create(
            wording=f"Besoin {code}", heard_on=ADOPTED, territory=place, orientation=case[code], is_published=True
        )
        document.orientations.add(case[code])
    for code in "KMSD":
        Perimeter.objects.create(orientation=case[code]).territories.add(place)
    Perimeter.objects.create(orientation=case["M"], valid_to=datetime.date(2020, 1, 1)).territories.add(place)
    told = " ".join(case.outlook().sentences).replace("\u00a0", " ")
    for sentence in (
        "1 besoin suit",
        "1 besoin n’a plus d’orientation",
        "« Plan local », attendu : des 2 orientations qui y renvoient, 1 a une suite, et ce qui y est rattaché reste "
        f"provisoire. Responsable : non dit\u202f; suivi par {officer.display_name}\u202f; à revoir le 12 mars 2027.",
        "1 périmètre daté suit son orientation, gardée.",
        "1 périmètre daté va à l’orientation qui reprend la sienne.",
        "1 périmètre daté vaut pour chacune des orientations entre lesquelles la sienne se partage.",
        "1 périmètre daté n’a plus d’orientation dans ce cadre et ne s’y appliquera pas.",
        "1 périmètre daté est terminé et reste dans l’histoire.",
    ):
        assert sentence in told
    left = dict(case.outlook().left)[case["D"]]
    assert [row.name.partition("\u00a0")[0] for row in left] == ["besoin «", "document «", "périmètre"]
    assert "1\u00a0périmètre daté" in officer_client.get(case.desk).text
    assert "plus d’orientation en vigueur" not in officer_client.get("/admin/").text
    case.adopt(officer)
    assert "Besoin M" in client.get("/orientations/MN/").text
    without = client.get("/couverture/").text.partition('id="sans-orientation"')[2].partition('id="sans-projet"')[0]
    assert "Besoin D" in without
    assert "Besoin M" not in without
    for code, applies in (("K2", True), ("MN", True), ("S1", True), ("S2", True), ("L", False)):
        assert ("S’applique à" in client.get(f"/orientations/{code}/").text) is applies, code
    for code, today in (("M", "aujourd’hui MN"), ("S", "aujourd’hui S1 et S2"), ("D", "n’a pas de suite")):
        archived = squeezed(client.get(f"/cadre/ancien/orientations/{code}/").content.decode())
        assert today in " ".join(re.sub("<[^>]+>", "", archived).split()), code
    desk = officer_client.get("/admin/").text
    assert "1\u00a0périmètre n’a plus d’orientation en vigueur" in desk
    assert "n’attend plus" not in desk
    document.orientations.set([case["D"]])
    assert "Aucune orientation en vigueur n’attend plus «\u00a0Plan local\u00a0»" in officer_client.get("/admin/").text
    assert "Aucune orientation en vigueur n’y renvoie" in officer_client.get(PENDING).text


def test_what_names_an_orientation_of_before_is_saved_as_it_is(case, officer, officer_client):
    """Its form offers what it names, with what that is today: nothing is lost by saving it unchanged."""
    case.descend(officer)
    place = TerritoryFactory()
    need = Need.objects.create(wording="B", heard_on=ADOPTED, territory=place, orientation=case["M"])
    document, perimeter = ReferenceDocument.objects.create(title="PLH"), Perimeter.objects.create(orientation=case["S"])
    document.orientations.add(case["M"], case["D"])
    perimeter.territories.add(place)
    case.adopt(officer)
    today = []
    for row in (need, document, perimeter):
        address = reverse(f"admin:projects_{row._meta.model_name}_change", args=[row.pk])
        page = officer_client.get(address)
        today.append("M · Mobilité (ancien)\u00a0: aujourd’hui MN" in page.text)
        assert officer_client.post(address, filled(page, "#content form")).status_code == 302
    assert today == [True, True, False]
    need.refresh_from_db()
    perimeter.refresh_from_db()
    assert (need.orientation, perimeter.orientation) == (case["M"], case["S"])
    assert set(document.orientations.all()) == {case["M"], case["D"]}
    assert "aujourd’hui S1, S2" in officer_client.get(reverse("admin:projects_perimeter_changelist")).text


# --- by the shell -------------------------------------------------------------------------------------------------


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
