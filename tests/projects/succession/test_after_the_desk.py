"""What the desk decided, adopted: by the shell, on the pages of figures, for needs and for who follows."""

import datetime
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from axes import actions, adoption
from axes.models import Descent
from projects.catalogue.models import Need, UncarriedLink
from projects.dashboard.models import Followed
from tests.factories import (
    ProjectFactory,
    TerritoryFactory,
    this_year,
)
from tests.projects.succession.cases import ADOPTED, Case, adopt_command
from tests.site.forms import filled

pytestmark = pytest.mark.django_db


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
