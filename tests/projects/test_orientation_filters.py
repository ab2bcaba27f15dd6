"""The projects of an orientation, filtered by the address: every count is the length of the list that it leads to."""

from html import unescape

import pytest
from justhtml import JustHTML

from projects.models import Project
from tests.costs import cost
from tests.factories import ProjectFactory, TerritoryFactory
from tests.projects.test_coverage import THIS_YEAR, ground
from tests.projects.test_one_truth import exported, listed

__all__ = ["ground"]
pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
AXIS = "/orientations/1/"
FILTERS = ("nature", "commune", "etat", "compter", "rattachement")


def serving(codes, project):
    """Whether it serves one of these orientations by its main link, and by any."""
    links = [(link.orientation.code, link.is_main) for link in project.contributions.all()]
    return any(main for code, main in links if code in codes), any(code in codes for code, _ in links)


def test_main_and_secondary_share_the_branch_between_them(client, ground):
    codes = {"1", *(one.orientation.code for one in ground[0].descendants)}
    roles = [serving(codes, project) for project in filter(THIS_YEAR, Project.objects.published())]
    expected = {"principal": roles.count((True, True)), "secondaire": roles.count((False, True))}
    assert all(expected.values())
    for value, number in expected.items():
        context = client.get(f"{AXIS}?rattachement={value}").context
        assert context["page"].paginator.count == number
        assert listed(client, context["list_address"]) == exported(client, context["list_address"]) == number


@pytest.mark.parametrize(
    "query",
    ["", "?annee=2025", "?nature=action&etat=running", "?compter=direct", "?rattachement=secondaire"],
)
def test_each_choice_of_each_filter_tells_how_many_it_would_show(client, ground, query):
    context = client.get(AXIS + query).context
    assert set(context["choices"]) == set(FILTERS)
    asked = dict(pair.split("=") for pair in query.removeprefix("?").split("&") if pair)
    for name, choices in context["choices"].items():
        for choice in choices:
            page = client.get(AXIS, asked | {name: choice.value}, follow=True).context["page"]
            assert page.paginator.count == choice.count, (name, choice)


@pytest.mark.parametrize(
    "query", ["", "?annee=2024", "?compter=direct", "?commune=27229", "?rattachement=principal&compter=direct"]
)
def test_the_list_and_the_file_hold_what_the_page_shows(client, ground, query):
    response = client.get(AXIS + query)
    JustHTML(response.text, strict=True)
    number = response.context["page"].paginator.count
    for address in (response.context["list_address"], response.context["file_address"].replace("export.csv", "")):
        assert listed(client, address) == number
    shown = unescape(response.text[response.text.index('id="fait"') : response.text.index('id="besoins"')])
    assert f"<strong>{number}\u00a0projet" in shown


def test_filters_change_neither_the_figures_nor_the_map(client, ground):
    bare, filtered = (client.get(AXIS + query).context for query in ("?annee=2024", "?annee=2024&nature=prh"))
    assert bare["tally"] == filtered["tally"]
    assert bare["where"]["served"] == filtered["where"]["served"]


def test_filters_that_match_nothing_say_so_and_lead_back(client, ground):
    page = client.get(f"{AXIS}?commune={TerritoryFactory().code}").text
    assert "Aucun projet de cette orientation ne répond à ces filtres" in page
    assert 'href="/orientations/1/#fait"' in page


def test_what_the_address_says_wrongly_is_told(client, ground):
    page = client.get(f"{AXIS}?rattachement=peut-etre&porteur=3").text
    assert "« peut-etre » ne désigne rien" in page
    assert "Structure" not in page[page.index('id="fait"') : page.index('id="besoins"')].replace("et structure", "")


def test_a_way_of_serving_means_nothing_without_an_orientation(client, ground):
    page = client.get("/projets/?rattachement=principal")
    assert "ce filtre est laissé de côté" in page.text
    assert listed(client, "/projets/") == page.context["page"].paginator.count
    chip = client.get("/projets/?orientation=1&rattachement=principal").context["asked"].chips()[0]
    assert chip[2] == "?"


def test_an_axis_of_the_list_tells_main_from_secondary_too(client, ground):
    numbers = [listed(client, f"/projets/?axe=1&rattachement={value}") for value in ("principal", "secondaire")]
    assert sum(numbers) == listed(client, "/projets/?axe=1")
    assert "rattachement" in client.get("/projets/?axe=1").text
    assert 'name="rattachement"' not in client.get("/projets/").text


def test_a_long_list_has_pages_that_keep_the_filters(client, node):
    place = TerritoryFactory()
    for _ in range(30):
        ProjectFactory(serves=[node("7.1")], located_in=[place])
    response = client.get(f"/orientations/7/?commune={place.code}")
    assert len(response.context["page"].object_list) == 25
    assert response.context["turns"] == {"next": f"/orientations/7/?commune={place.code}&page=2#fait"}
    assert len(client.get(f"/orientations/7/?commune={place.code}&page=2").context["page"].object_list) == 5


def test_the_page_costs_the_same_whatever_the_number_of_projects(client, ground):
    address = f"{AXIS}?annee=2025&commune=27229"
    client.get(AXIS)  # what is kept of the framework
    before = cost(address)
    for number in range(4):
        ProjectFactory(serves=[ground[number].orientation], located_in=[TerritoryFactory()])
    client.get(AXIS)
    assert cost(address) == before
