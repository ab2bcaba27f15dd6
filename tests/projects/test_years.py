"""The year that figures are about: the present one by default, said, kept in the address, and true at midnight."""

import csv
import datetime
import io
import re
from html import unescape

import pytest

from projects.choices import OfferKind
from projects.figures.lasting import first_year
from projects.models import Offer, Project, Territory
from tests.factories import ProjectFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]


def years(first, last):
    return {"starts_on": datetime.date(first, 3, 1), "ends_on": last and datetime.date(last, 6, 30)}


@pytest.fixture
def programme(founding, node):
    """An objective served now, one until 2024, one from 2027, one by an undated project; a commune for each."""
    places = {name: TerritoryFactory(name=name, code=name) for name in ("Ici", "Avant", "Demain", "Sans", "Jamais")}
    now = ProjectFactory(serves=[node("5.2.1")], located_in=[places["Ici"]], title="Maintenant", **years(2026, 2026))
    old = ProjectFactory(serves=[node("7.1")], located_in=[places["Avant"]], title="Fini", **years(2023, 2024))
    next_ = ProjectFactory(serves=[node("2.1.1")], located_in=[places["Demain"]], title="Prévu", **years(2027, None))
    dateless = ProjectFactory(
        serves=[node("3.1")], located_in=[places["Sans"]], title="Un jour", starts_on=None, ends_on=None
    )
    return [now, old, next_, dateless]


def part(page, start, end):
    return unescape(page[page.index(f'id="{start}"') : page.index(f'id="{end}"')])


PAGES = (
    "/",
    "/couverture/",
    "/cadre/",
    "/territoires/",
    "/territoires/Ici/",
    "/orientations/5/",
    "/couverture/offres/",
    "/projets/",
)


@pytest.mark.parametrize("address", PAGES)
def test_each_page_of_figures_says_its_year_and_offers_the_others(client, programme, address):
    page = client.get(address).text
    control = page[page.index('<nav class="years"') :].partition("</nav>")[0]
    assert f'<a href="{address}" aria-current="true">2026</a>' in control
    assert f'<a href="{address}?annee=toutes">Toutes' in control
    assert "état du 25\u00a0novembre 2026" in control
    asked = client.get(f"{address}?annee=2024").text
    control = asked[asked.index('<nav class="years"') :].partition("</nav>")[0]
    assert 'annee=2024" aria-current="true">2024</a>' in control
    assert f'<a href="{address}">2026</a>' in control
    wrong = client.get(f"{address}?annee=demain").text
    assert "« demain » ne désigne rien, voici 2026" in wrong


def test_what_is_over_what_is_planned_and_what_never_was_are_lists_apart(client, programme):
    page = client.get("/couverture/").text
    codes = r'<a class="code" href="/orientations/([^"/]+)/'
    assert set(re.findall(codes, part(page, "plus", "prevues"))) == {"7", "7.E1", "7.1"}
    assert "Jusqu’en 2024" in part(page, "plus", "prevues")
    planned = part(page, "prevues", "jamais")
    assert {"2", "2.1", "2.1.1", "3", "3.1"} == set(re.findall(codes, planned))
    assert "À partir de 2027" in planned
    assert "Projet sans date" in planned
    never = set(re.findall(codes, part(page, "jamais", "communes")))
    assert not never & {"5", "5.2", "5.2.1"}  # which have one
    assert len(never) == 64 - 3 - 5 - len({"5", "5.E1", "5.2", "5.2.1"})
    communes = r'href="/territoires/([^"/]+)/'
    assert re.findall(communes, part(page, "communes-plus", "communes-prevues")) == ["Avant"]
    assert re.findall(communes, part(page, "communes-prevues", "communes-jamais")) == ["Demain", "Sans"]
    assert re.findall(communes, part(page, "communes-jamais", "attentes")) == ["Jamais"]


def test_of_all_years_nothing_is_over(client, programme):
    page = client.get("/couverture/?annee=toutes").text
    assert 'id="plus"' not in page
    assert 'id="prevues"' not in page


def test_a_sheet_without_project_this_year_says_when_there_was_one(client, programme):
    assert "jusqu’en 2024" in client.get("/orientations/7.1/").text
    assert "à partir de 2027" in client.get("/orientations/2.1.1/").text
    assert "jusqu’en 2024" in client.get("/territoires/Avant/").text
    assert "jamais" not in client.get("/territoires/Avant/").text


@pytest.mark.parametrize("address", ["/", "/couverture/", "/orientations/5/", "/territoires/Ici/", "/projets/"])
def test_kept_pages_turn_at_midnight_of_the_site(client, programme, address, time_machine):
    time_machine.move_to("2026-12-31 22:59:58+00:00", tick=False)  # a minute to midnight in Paris
    before = client.get(address)
    assert 'aria-current="true">2026</a>' in before.text
    time_machine.move_to("2026-12-31 23:00:01+00:00", tick=False)
    held = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert held.status_code == 200
    assert 'aria-current="true">2027</a>' in held.text
    assert "état du 1<sup>er</sup>\u00a0janvier 2027" in held.text


def test_a_project_of_2099_opens_no_year_and_none_is_lost(client, programme):
    ProjectFactory(title="Loin", **years(2026, 2099))
    ProjectFactory(title="Jadis", **years(2001, 2002))
    ProjectFactory(title="Plus tard", **years(2050, 2051))
    options = client.get("/projets/").context["choices"]["annee"]
    assert [one.value for one in options] == [
        *("2028", "2027", "2026", "2024", "2023"),
        *("avant-2023", "apres-2028", "sans"),
    ]
    found = set()
    for option in options:
        page = client.get(f"/projets/?annee={option.value}").context["page"]
        assert page.paginator.count == option.count, option
        found |= {project.title for project in page.object_list}
    assert found == set(Project.objects.values_list("title", flat=True))
    assert client.get("/projets/?annee=2001").context["page"].paginator.count == 1  # all are reachable
    columns = client.get("/couverture/?colonnes=annee").text
    head = re.findall(r'<th scope="col"><span>([^<]+)</span></th>', columns)
    assert head == ["Terminés avant 2023", *map(str, range(2023, 2029)), "Commencent après 2028", "Sans date de début"]


def test_what_has_no_objective_no_place_no_date_is_a_choice_and_a_line_of_coverage(client, programme, node):
    ProjectFactory(title="Seul", serves=[], located_in=[])
    lines = client.get("/couverture/").context["outside"]
    assert [(number, words) for number, words, _ in lines] == [
        (1, "sans rattachement au cadre en vigueur"),
        (1, "sans lieu déclaré"),
        (1, "sans date de début"),
    ]
    for number, _, address in lines:
        assert client.get(address).context["page"].paginator.count == number, address
    choices = client.get("/projets/").context["choices"]
    for name, value in (("axe", "sans"), ("commune", "sans"), ("annee", "sans")):
        assert [one.count for one in choices[name] if one.value == value] == [1]


def test_a_list_asked_for_all_years_has_no_filter(client, programme):
    asked = client.get("/projets/?annee=toutes").context["asked"]
    assert not asked.is_active
    assert "annee" not in asked.values


@pytest.mark.parametrize("address", ["/projets/", "/couverture/offres/"])
def test_what_no_year_holds_is_a_choice_of_the_control_and_not_all_years(client, programme, address):
    Offer.objects.create(project=programme[3], kind=OfferKind.TUTORING, name="Étude")
    choices = client.get(f"{address}?annee=sans").context["year_choices"]
    assert [(words, is_chosen) for words, _, is_chosen in choices if is_chosen] == [("Sans date de début", True)]


def test_what_a_pst_contains_is_told_by_year(client, programme):
    pst = ProjectFactory(kind="pst", title="PST", ends_on=None)
    for title, first, last in (("Ici même", 2026, 2027), ("Naguère", 2024, 2025)):
        ProjectFactory(title=title, host=pst, **years(first, last))
    address = f"/projets/{pst.code}/"
    for query, listed, elsewhere in (("", ["Ici même"], 1), ("?annee=2024", ["Naguère"], 1), ("?annee=2030", [], 2)):
        page = client.get(f"{address}{query}")
        assert [part.title for part in page.context["hosted"]] == listed
        assert page.context["hosted_elsewhere"] == elsewhere
        assert f"{elsewhere}\u00a0{'autre' if elsewhere == 1 else 'autres'} dans d’autres années" in page.text
        assert f'href="{address}?annee=toutes#porte"' in page.text
    assert len(client.get(f"{address}?annee=toutes").context["hosted"]) == 2


def test_each_orientation_and_commune_says_since_when_it_is_served_or_is_no_more(client, programme, node):
    """Each year up to the one that is asked, without a gap."""
    spans = {1: (2021, 2021), 2: (2023, 2024), 3: (2024, None), 4: (None, None), 5: (2019, 2022)}
    assert [first_year(keys, spans, 2026) for keys in ([1, 2, 3], [1, 2], [4], [], [1, 2, 3, 5])] == [
        *(2023, None, None, None, 2019)
    ]
    ProjectFactory(serves=[node("5.2.2")], located_in=[Territory.objects.get(code="Ici")], **years(2024, 2025))
    words = {"5.2": "depuis 2024", "5.2.1": "depuis 2026", "7.1": "jusqu’en 2024", "2.1.1": "à partir de 2027"}
    for code, when in words.items():
        assert f"Servie {when}" in client.get(f"/orientations/{code}/").text
    assert "Servie depuis 2023" in client.get("/orientations/7.1/?annee=2024").text
    assert "Servie" not in client.get("/orientations/8.1/").text
    assert "Des projets y courent depuis 2024" in client.get("/territoires/Ici/").text
    assert "Des projets y courent jusqu’en 2024" in client.get("/territoires/Avant/").text
    for address, key, expected in (
        ("/couverture/export.csv?lignes=priorites", "code", {**words, "8.1": "jamais", "3.1": "projet sans date"}),
        ("/couverture/export.csv?lignes=priorites&nature=pst", "code", {"5.2": "jamais"}),
        ("/couverture/export.csv?lignes=priorites&compter=direct", "code", {"5.2": "jamais", "5.2.1": "depuis 2026"}),
        ("/territoires/export.csv", "code", {"Ici": "depuis 2024", "Jamais": "jamais", "Demain": "à partir de 2027"}),
    ):
        text = client.get(address).getvalue().decode("utf-8-sig")
        rows = {row[key]: row["servi"] for row in csv.DictReader(io.StringIO(text), delimiter=";")}
        assert {code: rows[code] for code in expected} == expected, address
