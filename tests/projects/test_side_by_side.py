"""A project serves several programmes at once: each page speaks of one framework, and no figure adds two."""

import re

import pytest
from django.urls import reverse

from axes import document
from projects.figures import figures
from tests.factories import (
    FrameworkFactory,
    OfficerFactory,
    OrientationFactory,
    ProgrammeFactory,
    ProjectFactory,
    TerritoryFactory,
)
from tests.pages import squeezed
from tests.pdf import text_of
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
CITY = "/cadre/ville/"
# The pages and the files of the reference framework; what they say of projects is theirs alone.
REFERENCE_PAGES = (
    "/",
    "/cadre/",
    "/orientations/8/",
    "/orientations/5.2/",
    "/couverture/",
    "/couverture/export.csv",
    "/projets/",
    "/projets/?axe=8",
    "/projets/?axe=sans",
    "/tableau-de-bord/",
    "/tableau-de-bord/argent/",
    "/tableau-de-bord/personnes/",
)
WITH_THEM = (
    '<p class="note">Parmi ces projets, 1 ne répond qu’à un autre programme&nbsp;: il compte dans le total, et sous '
    "aucune orientation de ce cadre.</p>"
)
# Where a project that serves another programme alone could be taken for one that nothing was said of.
SAID_BESIDE = {
    "/": WITH_THEM,
    "/couverture/": " (dont 1 au titre d’un autre programme)",
    "/projets/?axe=sans": WITH_THEM,
    "/tableau-de-bord/": WITH_THEM,
    "/tableau-de-bord/argent/": WITH_THEM,
    "/tableau-de-bord/personnes/": WITH_THEM,
}


@pytest.fixture
def places():
    return [TerritoryFactory(), TerritoryFactory()]


@pytest.fixture
def projects(founding, city, node, places):
    """Linked to both, to the first alone, to the second alone, to none."""
    rows = [
        ProjectFactory(serves=[node("5.2"), node("8")]),
        ProjectFactory(serves=[node("5.2")]),
        ProjectFactory(),
        ProjectFactory(),
    ]
    for project, place in zip(rows, [*places, *places], strict=True):
        project.places.create(territory=place)
    return rows


def link(city, project, *codes):
    for code in codes:
        project.contributions.create(orientation=city.orientations.get(code=code), is_main=code == codes[0])


def page(client, address):
    """A page without what changes at each writing: the revision of the framework, and what a form bears once."""
    response = client.get(address)
    assert response.status_code == 200, address
    return re.sub(r'Révision \d+|nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())


def read(client):
    return {address: page(client, address) for address in REFERENCE_PAGES}


def test_links_to_another_programme_change_no_page_of_the_reference_one(client, city, projects):
    before = read(client)
    link(city, projects[0], "1.1", "2")
    link(city, projects[2], "1.1")
    after = read(client)
    for address, said in SAID_BESIDE.items():
        assert said in squeezed(after[address]), address
    for address in REFERENCE_PAGES:
        without = squeezed(after[address]).replace(SAID_BESIDE.get(address, "nothing"), "")
        assert without == squeezed(before[address]), address


def test_each_page_of_a_framework_beside_counts_its_own_projects_once(client, city, projects):
    link(city, projects[0], "1.1", "2", "1")
    link(city, projects[2], "1.1")
    OrientationFactory(framework=city, code="3")
    served = figures.published(None, document.kept(city))
    tallies = {city.orientations.get(pk=pk).code: tally for pk, tally in served.tallies.items()}
    assert {code: (tally.direct, tally.branch) for code, tally in tallies.items()} == {
        "1": (1, 2),
        "1.1": (2, 2),
        "2": (1, 1),
        "3": (0, 0),
    }
    framework = squeezed(page(client, CITY))
    assert "<h1>Contrat de ville</h1>" in framework
    assert "n’est ajouté à aucun chiffre du cadre de référence" in framework
    orientation = squeezed(page(client, f"{CITY}orientations/1/"))
    assert "Ville, cadre en vigueur" in orientation
    assert "/projets/?orientation=1&amp;cadre=ville&amp;annee=" in orientation
    assert "<b>2</b> <span>projets</span>" in orientation
    assert "/couverture/?cadre=ville" in page(client, f"{CITY}orientations/3/")
    assert "papier" not in orientation


def test_the_list_of_a_programme_is_of_what_serves_it(client, city, projects):
    link(city, projects[0], "1.1", "2")
    link(city, projects[2], "2")
    listed = client.get("/projets/?cadre=ville")
    assert {project.pk for project in listed.context["page"].object_list} == {projects[0].pk, projects[2].pk}
    assert listed.context["asked"].shown["cadre"].startswith("Contrat de ville\u00a0: ")
    axes = {choice.value: choice.count for choice in listed.context["choices"]["axe"]}
    assert axes == {"1": 1, "2": 2}
    for value, number in axes.items():
        assert client.get(f"/projets/?cadre=ville&axe={value}").context["page"].paginator.count == number
    without = client.get("/projets/?axe=sans").context["page"]
    assert {project.pk for project in without.object_list} == {projects[2].pk, projects[3].pk}
    assert client.get("/projets/?axe=sans&cadre=ville").context["page"].paginator.count == 2


def test_the_coverage_of_a_programme_is_of_what_serves_it(client, city, projects, places):
    link(city, projects[0], "1.1")
    link(city, projects[2], "1.1")
    response = client.get("/couverture/?cadre=ville")
    assert response.context["headlines"].projects == 2
    assert response.context["headlines"].communes_served == [places[0]]
    assert client.get(response.context["all_address"]).context["page"].paginator.count == 2
    (row, _), _ = response.context["rows"]
    assert client.get(row.total.address).context["page"].paginator.count == row.total.number == 2
    lines = client.get("/couverture/export.csv?cadre=ville").content.decode().splitlines()
    assert lines[0].endswith("programme;cadre") or lines[0].endswith("programme,cadre")
    assert all(line.endswith("ville") for line in lines[1:])
    assert "ne désigne aucun cadre en vigueur" in client.get("/couverture/?cadre=rien").content.decode()
    assert client.get("/couverture/?cadre=rien").context["framework"].is_reference


def test_the_sheet_of_a_project_tells_each_programme_apart(client, city, projects, founding):
    link(city, projects[0], "1.1", "2")
    link(city, projects[2], "2")
    both, alone = (squeezed(page(client, f"/projets/{projects[place].code}/")) for place in (0, 2))
    assert "2\u00a0orientations, la principale d’abord" in both
    assert "Au titre d’un autre programme\u00a0: Contrat de ville" in both.replace("&nbsp;", "\u00a0")
    assert f"{CITY}orientations/1.1/" in both
    assert "aucune orientation du cadre de référence" in alone
    client.force_login(OfficerFactory())
    file = squeezed(page(client, f"/instruction/{projects[2].pk}/"))
    assert "non rattaché" in file
    assert f'href="{CITY}orientations/2/"' in file
    assert "(Ville)" in file


def test_what_is_printed_says_what_serves_another_programme_alone(client, city, projects, places):
    link(city, projects[0], "1.1")
    link(city, projects[2], "2", "1.1")
    book = printed(client, "/tableau-de-bord/programmation.pdf?annee=toutes")
    assert "Parmi ces projets, 1 ne répond qu’à un autre programme" in book
    apart = book.rpartition("Sans rattachement au cadre")[2]
    assert "2 projets (dont 1 au titre d’un autre programme)" in apart
    assert apart.count("(autre programme)") == 1
    sheet = printed(client, f"/projets/{projects[2].code}/fiche.pdf")
    assert f"Autre programme {city.name} : Axe 2, 1.1" in sheet
    assert "Autre programme" not in printed(client, f"/projets/{projects[1].code}/fiche.pdf")
    assert "1 ne répond qu’à un autre" in printed(client, f"/territoires/{places[0].code}/fiche.pdf?annee=toutes")
    assert "qu’à un autre" not in printed(client, f"/territoires/{places[1].code}/fiche.pdf?annee=toutes")


def printed(client, address):
    return " ".join(text_of(client.get(address).content).replace("\u200b", "").split())


def test_the_pages_of_the_reference_framework_name_the_others(client, city, founding):
    for address in ("/", "/cadre/"):
        assert f'href="{CITY}"' in page(client, address)
    assert "?cadre=ville" in page(client, "/couverture/")
    versions = squeezed(page(client, "/cadre/"))
    assert '<h3 class="level">Contrat de ville</h3>' in versions


@pytest.mark.parametrize("address", ["/cadre/", "/couverture/", "/projets/", CITY, "/couverture/?cadre=ville"])
def test_a_programme_more_asks_nothing_more_of_the_database(
    client, city, projects, address, django_assert_max_num_queries
):
    link(city, projects[0], "1.1")
    client.get(address)
    with django_assert_max_num_queries(COST[address]):
        client.get(address)


def test_a_link_to_a_programme_beside_makes_its_kept_page_anew(client, city, projects):
    assert "<b>0</b>" not in page(client, CITY)
    before = page(client, CITY)
    link(city, projects[0], "1.1")
    assert page(client, CITY) != before


COST = dict.fromkeys(("/cadre/", "/couverture/", "/projets/", CITY, "/couverture/?cadre=ville"), 60)


def test_officers_link_a_project_in_each_programme_and_no_form_undoes_another(
    officer_client, city, projects, node, founding
):
    address = reverse("admin:projects_action_change", args=[projects[1].pk])
    sent = filled(officer_client.get(address), "#action_form") | {
        f"beside_{city.pk}_main": [str(city.orientations.get(code="1.1").pk)],
        f"beside_{city.pk}_secondary": [str(city.orientations.get(code="2").pk)],
        f"beside_{city.pk}_reason_{city.orientations.get(code='2').pk}": ["Aussi"],
    }
    assert officer_client.post(address, sent).status_code == 302
    found = projects[1].contributions.order_by("pk").values_list("orientation__code", "is_main", "rationale")
    assert list(found) == [("5.2", True, ""), ("2", False, "Aussi"), ("1.1", True, "")]
    shown = filled(officer_client.get(address), "#action_form")
    assert shown[f"beside_{city.pk}_main"] == sent[f"beside_{city.pk}_main"]
    unseen = {name: value for name, value in shown.items() if not name.startswith("beside_")}
    assert officer_client.post(address, unseen).status_code == 302
    assert projects[1].contributions.count() == 3  # the form did not show that programme
    refused = {**filled(officer_client.get(address), "#action_form")}
    del refused[f"beside_{city.pk}_main"]
    assert "Contrat de ville\u00a0: Choisissez aussi" in officer_client.post(address, refused).content.decode()
    del refused[f"beside_{city.pk}_secondary"]
    assert officer_client.post(address, refused).status_code == 302
    assert list(projects[1].contributions.values_list("orientation__code", flat=True)) == ["5.2"]


def test_an_orientation_added_beside_is_counted_at_once(client):
    """No write of the reference framework tells that another changes; an axis that does not change keeps its nodes."""
    OrientationFactory(framework=FrameworkFactory(status="in_force"), code="1")
    beside = FrameworkFactory(status="in_force", slug="a-cote", programme=ProgrammeFactory())
    _, second = OrientationFactory(framework=beside, code="1"), OrientationFactory(framework=beside, code="2")
    addresses = ("/cadre/a-cote/", "/couverture/?cadre=a-cote")
    assert {client.get(address).status_code for address in addresses} == {200}
    OrientationFactory(parent=second, code="2.1", level="strategic")
    assert {client.get(address).status_code for address in addresses} == {200}
