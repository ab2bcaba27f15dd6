"""The pages of territories: every number is the length of the list it leads to; what is not there is said."""

import csv
import html
import io
import re

import pytest
from django.urls import reverse

from projects.choices import ProjectStatus, TerritoryKind
from projects.models import Need, Offer, OfferSite
from tests.costs import cost
from tests.factories import ProjectFactory, TerritoryFactory
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
SQUARE = {"type": "Polygon", "coordinates": [[[1.0, 49.0], [1.1, 49.0], [1.1, 49.1], [1.0, 49.1], [1.0, 49.0]]]}
PAGE = "/territoires/"


@pytest.fixture
def commune(founding):
    return TerritoryFactory(name="Gravigny", code="27299", population=4000, outline=SQUARE)


def read(client, address, **parameters):
    answer = client.get(address, parameters)
    assert answer.status_code == 200
    return html.unescape(squeezed(answer.content.decode()))


def listed(client, address):
    """How many projects the list that an address of it opens has."""
    text = html.unescape(squeezed(client.get(html.unescape(address)).content.decode()))
    found = re.search(r'<div class="listbar">\s*<p><strong>(\d+)', text)
    return int(found[1]) if found else 0


def led_to(text):
    """Each link of a page that shows a number of projects, with its number."""
    return [(link, int(number)) for link, number in re.findall(r'href="(/projets/\?[^"]+)">(\d+)', text)]


def test_the_map_says_each_commune_with_its_number_and_leads_to_its_page(client, commune):
    ProjectFactory.create_batch(3, located_in=[commune])
    text = read(client, PAGE)
    assert 'aria-label="Gravigny : 3\u00a0projets"' in text
    assert f'<a href="{reverse("projects:territory", args=["27299"])}"' in text


def test_a_commune_with_nothing_is_there_with_zero(client, commune):
    assert 'aria-label="Gravigny : 0\u00a0projet"' in read(client, PAGE)


def test_only_what_is_published_counts(client, commune):
    ProjectFactory(located_in=[commune], status=ProjectStatus.DRAFT, title="Rien encore")
    ProjectFactory(located_in=[commune], status=ProjectStatus.REFUSED)
    assert 'aria-label="Gravigny : 0\u00a0projet"' in read(client, PAGE)
    assert "Rien encore" not in read(client, f"{PAGE}27299/")


def test_per_inhabitant_the_map_divides_by_the_population(client, commune):
    ProjectFactory.create_batch(6, located_in=[commune])
    assert "Gravigny : 1,5 pour 1" in read(client, PAGE, mesure="habitants")


@pytest.mark.parametrize("parameters", [{}, {"annee": "2026"}, {"nature": "action"}, {"pst": "hors", "annee": "2025"}])
def test_every_number_of_the_table_is_the_length_of_its_list(client, commune, parameters):
    quarter = TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, parent=commune, code="QPV-1")
    ProjectFactory(located_in=[commune, quarter])
    ProjectFactory(located_in=[quarter], starts_on="2025-01-01")
    found = led_to(read(client, PAGE, **parameters))
    assert found
    for address, number in found:
        assert listed(client, address) == number, address


def test_the_page_of_a_commune_leads_to_lists_of_the_same_length(client, commune, node):
    ProjectFactory(located_in=[commune], serves=[node("2.1.2-a"), node("2.1.1")])
    ProjectFactory(located_in=[commune], serves=[node("2.1.2"), node("7.1")])
    found = led_to(read(client, f"{PAGE}27299/"))
    assert sorted(number for _, number in found) == [1, 2, 2]
    for address, number in found:
        assert listed(client, address) == number, address


def test_the_page_of_a_commune_names_what_nobody_does_there_and_not_what_somebody_does(client, commune, node):
    ProjectFactory(located_in=[commune], serves=[node("2.1.2-a")])
    missing = read(client, f"{PAGE}27299/").partition("Ce que personne n’y fait")[2]
    for served in ("2", "2.1", "2.1.2", "2.1.2-a"):
        assert f'href="/orientations/{served}/"' not in missing
    for bare in ("5", "5.2", "5.2.1", "5.2.1-b", "2.1.2-b", "2.1.3"):
        assert f'href="/orientations/{bare}/"' in missing


def test_needs_heard_in_a_quarter_show_on_the_page_of_its_commune_once_published(client, commune):
    quarter = TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, parent=commune, code="QPV-1")
    said = {"heard_on": "2026-02-03", "territory": quarter}
    Need.objects.create(wording="Un four à pain", is_published=True, **said)
    Need.objects.create(wording="Une chose gardée", is_published=False, **said)
    text = read(client, f"{PAGE}27299/")
    assert "Un four à pain" in text
    assert "Une chose gardée" not in text


def test_a_territory_that_does_not_exist_is_not_found(client, founding):
    assert client.get(f"{PAGE}99999/").status_code == 404


def test_pages_cost_the_same_whatever_the_number_of_projects(client, commune, node):
    ProjectFactory(located_in=[commune], serves=[node("2.1.2-a")])
    addresses = [PAGE, f"{PAGE}27299/"]
    client.get(PAGE)  # what is asked once a process, and once a revision
    before = [cost(address) for address in addresses]
    others = TerritoryFactory.create_batch(10, outline=SQUARE)
    for _ in range(5):
        ProjectFactory(located_in=[commune, *others], serves=[node("5.2.1"), node("7.1")])
    client.get(PAGE)
    assert [cost(address) for address in addresses] == before


def test_a_new_project_changes_what_a_browser_has_kept(client, commune):
    kept = client.get(PAGE).headers["ETag"]
    assert client.get(PAGE, headers={"if-none-match": kept}).status_code == 304
    ProjectFactory(located_in=[commune])
    assert client.get(PAGE, headers={"if-none-match": kept}).status_code == 200


def test_a_filter_that_the_page_does_not_have_changes_no_number(client, commune):
    first, _ = ProjectFactory.create_batch(2, located_in=[commune])
    for parameters in ({"porteur": first.organization_id}, {"q": first.title}, {"commune": "27299"}):
        for address, number in led_to(read(client, PAGE, **parameters)):
            assert listed(client, address) == number == 2, address


def test_an_agglomeration_counts_what_declares_it_whole_and_blames_nobody(client, founding, node):
    whole = TerritoryFactory(kind=TerritoryKind.AGGLOMERATION, code="AGGLO", name="Agglomération d’essai")
    commune = TerritoryFactory(parent=whole, name="Gravigny")
    ProjectFactory(located_in=[commune], serves=[node("2.1.2-a")])
    ProjectFactory(located_in=[whole], serves=[node("2.1.2-a")])
    text = read(client, f"{PAGE}AGGLO/")
    found = led_to(text)
    assert [number for _, number in found] == [1, 1]
    assert all(listed(client, address) == number for address, number in found)
    assert "Ce que personne n’y fait" not in text
    assert "Gravigny" in text


# --- around -----------------------------------------------------------------------------------------------------


def square(x, y):
    """A square of a grid: neighbours have the same corners."""
    west, south = 1 + x / 10, 49 + y / 10
    east, north = 1 + (x + 1) / 10, 49 + (y + 1) / 10
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


@pytest.fixture
def grid(founding):
    """Six communes, two rows of three."""
    return {
        (x, y): TerritoryFactory(code=f"G{x}{y}", name=f"Commune {x}{y}", outline=square(x, y))
        for x in range(3)
        for y in range(2)
    }


def beside(client, code):
    text = read(client, f"{PAGE}{code}/")
    return re.findall(r'href="/territoires/([^"]+)/"', text.partition('id="voisines"')[2].partition("</section>")[0])


def test_neighbours_are_the_communes_that_share_a_border_and_not_a_corner(client, grid):
    assert beside(client, "G00") == ["G01", "G10"]
    assert beside(client, "G10") == ["G00", "G11", "G20"]


def test_neighbours_say_how_many_projects_they_have_as_their_lists_do(client, grid):
    ProjectFactory(located_in=[grid[1, 0], grid[0, 1]])
    ProjectFactory(located_in=[grid[1, 0]])
    text = read(client, f"{PAGE}G00/").partition('id="voisines"')[2]
    found = led_to(text)
    assert [number for _, number in found] == [1, 2]
    assert all(listed(client, address) == number for address, number in found)


def test_a_territory_is_set_beside_a_neighbour_by_one_link(client, grid):
    text = read(client, f"{PAGE}G00/?annee=2026").partition('id="voisines"')[2].partition("</section>")[0]
    addresses = [html.unescape(address) for address in re.findall(r'href="(/territoires/comparer/[^"]+)"', text)]
    assert len(addresses) == 2
    assert f"{grid[0, 0].name} et {grid[0, 1].name}, côte à côte" in read(client, addresses[0])


def test_a_neighbour_that_is_redrawn_is_seen_at_once(client, grid):
    assert beside(client, "G00") == ["G01", "G10"]
    grid[0, 1].outline = square(7, 7)
    grid[0, 1].save()
    assert beside(client, "G00") == ["G10"]


def test_the_locator_draws_every_commune_once_with_itself_and_its_neighbours_apart(client, grid):
    text = read(client, f"{PAGE}G00/")
    locator = text[text.index('class="map locator"') :].partition("</figure>")[0]
    assert locator.count("<path") == 6
    assert (locator.count('class="here"'), locator.count('class="near"')) == (1, 2)
    assert "© IGN" in squeezed(locator)


def test_a_quarter_without_outline_is_named_and_not_invented(client, grid):
    town = grid[0, 0]
    TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, parent=town, code="Q1", name="La Butte")
    drawn = TerritoryFactory(
        kind=TerritoryKind.PRIORITY_QUARTER, parent=town, code="Q2", name="Le Pré", outline=square(0.2, 0.2)
    )
    text = read(client, f"{PAGE}G00/")
    assert text.count('class="quarter"') == 1
    assert "ne figure pas sur la carte : La Butte." in text
    assert "Le contour de ce quartier n’est pas encore enregistré" in read(client, f"{PAGE}Q1/")
    there = read(client, f"{PAGE}Q2/")
    assert "n’est pas encore enregistré" not in there
    assert there.count('class="quarter"') == 1
    assert beside(client, "Q2") == []
    drawn.delete()
    assert 'class="quarter"' not in read(client, f"{PAGE}G00/")


def test_a_commune_without_outline_says_that_its_neighbours_are_not_known(client, founding):
    TerritoryFactory(code="C0")
    assert "ses voisines ne sont pas connues" in read(client, f"{PAGE}C0/")


def test_the_map_of_all_communes_says_which_quarters_it_does_not_show(client, grid):
    TerritoryFactory(kind=TerritoryKind.PRIORITY_QUARTER, parent=grid[0, 0], code="Q1", name="La Butte")
    assert "Leur contour n’est pas dessiné sur la carte" in read(client, PAGE)


def test_the_projects_of_a_commune_have_pages(client, commune):
    ProjectFactory.create_batch(51, located_in=[commune])
    address = f"{PAGE}27299/"
    assert "51\u00a0projets" in read(client, address)
    assert len(re.findall(r'href="/projets/[^"/?]+/"', read(client, address))) == 50
    assert len(re.findall(r'href="/projets/[^"/?]+/"', read(client, address, page=2))) == 1


def test_a_kind_of_offer_that_a_commune_does_not_have_says_which_neighbours_do(client, grid):
    offer = Offer.objects.create(project=ProjectFactory(), kind="language", name="Atelier", places=8)
    OfferSite.objects.create(offer=offer, territory=grid[1, 0])
    here = read(client, f"{PAGE}G00/").partition('id="offres-ici"')[2].partition("</section>")[0]
    assert 'Chez les voisines : <a href="/territoires/G10/">' in here
    assert "Aucune offre n’y est donnée" in here
    there = read(client, f"{PAGE}G10/").partition('id="offres-ici"')[2].partition("</section>")[0]
    assert re.search(r'nature=language&commune=G10#offres">1\u00a0offre<', there)
    assert "8\u00a0places" in there


# --- the file -----------------------------------------------------------------------------------------------


def lines(client, query=""):
    text = client.get(f"{PAGE}export.csv{query}").getvalue().decode("utf-8-sig")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


@pytest.fixture
def served(commune):
    """A commune and its quarter, a second commune without anything; three projects, an offer of each year."""
    quarter = TerritoryFactory(name="Le Bourg", code="Q1", kind=TerritoryKind.PRIORITY_QUARTER, parent=commune)
    TerritoryFactory(name="Évreux", code="27229", population=None)
    pst = ProjectFactory(kind="pst", located_in=[commune])
    hosted = ProjectFactory(located_in=[quarter], host=pst)
    ProjectFactory(located_in=[commune], starts_on="2020-01-01", ends_on="2020-12-31")
    ProjectFactory(located_in=[commune], status=ProjectStatus.DRAFT)
    offer = Offer.objects.create(project=hosted, kind="language", name="Soir", places=12)
    OfferSite.objects.create(offer=offer, territory=quarter)
    return commune


def test_the_file_of_territories_says_what_their_pages_say(client, served):
    found = lines(client)
    assert list(found) == ["27229", "27299", "Q1"]
    row = found["27299"]
    assert (row["nom"], row["nature"], row["habitants"], row["annee"]) == ("Gravigny", "Commune", "4000", "2026")
    assert [row[name] for name in ("projets", "pst", "prh", "actions")] == ["2", "1", "0", "1"]
    assert row["projets_pour_1000_habitants"] == "0,5"
    assert (row["offres"], row["places_offertes"]) == ("1", "12")
    assert row["page_du_site"] == "http://testserver/territoires/27299/"
    assert row["derniere_modification"] == "2026-11-25"
    assert (found["Q1"]["commune"], found["Q1"]["projets"]) == ("Gravigny", "1")
    assert (found["27229"]["projets"], found["27229"]["projets_pour_1000_habitants"]) == ("0", "")


@pytest.mark.parametrize(
    "query", ["", "?annee=2020", "?annee=toutes", "?nature=action", "?pst=hors&annee=toutes", "?montrer=servies"]
)
def test_the_file_holds_the_rows_that_the_page_lists_with_the_same_parameters(client, served, query):
    context = client.get(f"{PAGE}{query}").context
    shown = {row["territory"].code: str(row["number"]) for row in [*context["rows"], *context["quarters"]]}
    assert {code: row["projets"] for code, row in lines(client, query).items()} == shown
    text = squeezed(client.get(f"{PAGE}{query}").text)
    assert f'href="{PAGE}export.xlsx{html.escape(query)}"' in text


def test_the_file_of_territories_is_made_in_each_format_and_costs_the_same(client, served):
    for format in ("csv", "xlsx", "ods"):
        assert client.get(f"{PAGE}export.{format}").getvalue()
    assert client.get(f"{PAGE}export.pdf").status_code == 404
    few = cost(f"{PAGE}export.csv")
    for place in TerritoryFactory.create_batch(12):
        ProjectFactory(located_in=[place])
    client.get(f"{PAGE}export.csv")  # what is kept until something changes
    assert cost(f"{PAGE}export.csv") <= few
