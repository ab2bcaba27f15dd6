"""What is open to residents, and where: every number is recounted offer by offer, and is the length of its list."""

import csv
import datetime
import io
import re
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse
from justhtml import JustHTML

from projects.choices import OfferKind, ProjectStatus, TerritoryKind
from projects.figures.gaps import heard_in
from projects.models import Need, Offer, OfferSite, Territory
from tests.costs import cost
from tests.factories import CoLeadFactory, OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.pages import squeezed

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine("2026-11-25 12:00+01:00")]
PAGE = "/couverture/offres/"
FILE = "/couverture/offres.csv"


def offer(*sites, kind=OfferKind.LANGUAGE, project=None, **values):
    said = {"name": "Atelier", "places": 12, "weekly_hours": 4} | values
    one = Offer.objects.create(project=project or ProjectFactory(), kind=kind, **said)
    for site in sites:
        OfferSite.objects.create(offer=one, territory=site)
    return one


@pytest.fixture
def ground(founding):
    """A town with a quarter, two villages, one commune outside the perimeter; offers of four kinds over two years."""
    town = TerritoryFactory(code="27229", name="Évreux")
    quarter = TerritoryFactory(code="Q1", name="Navarre", kind=TerritoryKind.PRIORITY_QUARTER, parent=town)
    village, _ = TerritoryFactory(code="V1", name="Arnières"), TerritoryFactory(code="V2", name="Caugé")
    outside = TerritoryFactory(code="V3", name="Marcilly", is_in_perimeter=False)
    offer(town, quarter, name="Soir")
    offer(quarter, village, kind=OfferKind.TUTORING, places=None)
    offer(village, outside, kind=OfferKind.EARLY_CHILDHOOD, places=20, weekly_hours=None)
    offer(kind=OfferKind.OTHER, name="Nulle part", starts_on="2025-09-01", ends_on=None)
    offer(town, name="Avant", starts_on="2025-01-01", ends_on="2025-12-31")
    offer(town, name="Cachée", project=ProjectFactory(status=ProjectStatus.DRAFT))
    return town


def parts(page):
    """The table of places, the list of offers and the communes without any."""
    mesh, listed, bare = (page.index(f'id="{one}"') for one in ("maillage", "offres", "sans-offre"))
    return page[mesh:listed], page[listed:bare], page[bare:]


def cells(mesh):
    """Each number of the table that opens a list: the address, the places and the offers that it says."""
    link = re.compile(
        r'<a href="(/couverture/offres/[^"]*)#offres">([^<]+)<span class="hidden"> places?</span>'
        r' <span class="soft"> ?\((\d+)<'
    )
    return [(unescape(address), places, int(offers)) for address, places, offers in link.findall(mesh)]


def exported(client, address):
    text = client.get(FILE + "?" + address.partition("?")[2]).content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


@pytest.mark.parametrize("year", ["2025", "2026", "toutes"])
def test_every_number_of_the_table_is_its_list_and_its_file(client, ground, year):
    page = squeezed(client.get(PAGE, {"annee": year}).text)
    JustHTML(page, strict=True)
    found = cells(parts(page)[0])
    assert found
    for address, places, number in found:
        rows = exported(client, address)
        assert len(rows) == number == client.get(address).context["total"].offers, address
        told = [int(row["places"]) for row in rows if row["places"]]
        assert places == (str(sum(told)) if told else "non dit"), address


def test_an_offer_given_in_two_quarters_of_a_commune_counts_once_there(client, ground):
    mesh = parts(squeezed(client.get(PAGE).text))[0]
    row = mesh[mesh.index("/territoires/27229/") :].partition("</tr>")[0]
    assert [(places, offers) for _, places, offers in cells(row)] == [("12", 1), ("non dit", 1), ("12", 2)]


def test_all_is_the_number_of_distinct_offers_and_no_sum_of_communes(client, ground):
    mesh = parts(squeezed(client.get(PAGE).text))[0]
    everywhere = mesh[mesh.index("Toutes, chacune une fois") :].partition("</tr>")[0]
    assert [offers for *_, offers in cells(everywhere)] == [1, 1, 1, 1, 4]


def test_offers_without_a_site_or_outside_the_perimeter_have_their_row(client, ground):
    mesh = parts(squeezed(client.get(PAGE).text))[0]
    assert "Sans lieu déclaré" in mesh
    assert "Marcilly" in mesh
    assert "Caugé" not in mesh


@pytest.mark.parametrize(
    ("kind", "bare"),
    [
        ("", ["V2"]),
        (OfferKind.LANGUAGE, ["V1", "V2"]),
        (OfferKind.EARLY_CHILDHOOD, ["V2", "27229"]),
        (OfferKind.RECEPTION, ["V1", "V2", "27229"]),
    ],
)
def test_the_communes_that_have_none_are_named_kind_by_kind(client, ground, kind, bare):
    page = squeezed(client.get(PAGE, {"annee": "2026", "nature": kind}, follow=True).text)
    mesh, _, named = parts(page)
    assert re.findall(r'href="/territoires/([^"]+)/"', named) == bare
    address = f"{PAGE}{f'?nature={kind}' if kind else ''}#sans-offre"
    assert f'<a href="{address}">{len(bare)}</a>' in mesh


def test_a_kind_that_the_framework_names_has_its_column_even_when_nobody_offers_it(client, founding):
    offer(TerritoryFactory(), kind=OfferKind.RECEPTION)
    mesh = parts(squeezed(client.get(PAGE).text))[0]
    assert "Petite enfance" in mesh
    assert ">Autre<" not in mesh


def test_an_offer_without_dates_has_those_of_its_project_and_without_end_goes_on(client, ground):
    assert {row["offre"] for row in exported(client, "?annee=2025")} == {"Avant", "Nulle part"}
    assert "Nulle part" in {row["offre"] for row in exported(client, "?annee=2026")}


def test_offers_of_what_is_not_published_show_nowhere(client, ground):
    for address in (PAGE, FILE, f"{PAGE}?annee=toutes"):
        assert "Cachée" not in squeezed(client.get(address).content.decode())


@pytest.mark.parametrize("query", ["annee=abc", "nature=x", "commune=zz", "page=99", "annee=2026&commune="])
def test_what_the_address_says_wrongly_is_as_if_not_said(client, ground, query):
    assert client.get(f"{PAGE}?{query}", follow=True).context["total"].offers == 4


def test_what_is_chosen_is_among_the_choices(client, ground):
    page = squeezed(client.get(PAGE, {"commune": "V3", "nature": OfferKind.EARLY_CHILDHOOD}).text)
    assert '<option value="V3" selected>Marcilly</option>' in page
    assert '<option value="aucune" selected>' in squeezed(client.get(PAGE, {"commune": "aucune"}).text)


def test_long_lists_have_pages_and_the_file_has_all(client, founding):
    place, project = TerritoryFactory(), ProjectFactory()
    for number in range(53):
        offer(place, project=project, name=f"Atelier {number:02}")
    first, second = squeezed(client.get(PAGE).text), squeezed(client.get(f"{PAGE}?page=2").text)
    assert "Page 1 sur 2" in first
    assert ("Atelier 49" in first, "Atelier 50" in first, "Atelier 50" in second) == (True, False, True)
    assert len(exported(client, PAGE)) == 53


def test_coverage_says_the_same_of_the_offers_of_the_same_year(client, ground):
    for year in ("", "2025"):
        coverage = client.get("/couverture/", {"annee": year}, follow=True).context["mesh"]
        page = client.get(PAGE, {"annee": year}, follow=True).context["mesh"]
        assert coverage.held == page.held
        assert coverage.year == page.year


def test_pages_cost_the_same_whatever_the_number_of_offers(client, ground):
    addresses = [PAGE, FILE, f"{PAGE}?nature=language&commune=V1", "/couverture/", "/territoires/27229/"]
    client.get(PAGE)  # what is asked once a process, and once a revision
    before = [cost(address) for address in addresses]
    for site in TerritoryFactory.create_batch(4):
        offer(site, *Territory.objects.communes(), kind=OfferKind.TUTORING)
    client.get(PAGE)
    assert [cost(address) for address in addresses] == before
    assert before[:3] == [1, 5, 1]  # a file is noted


def test_without_anything_the_page_says_so(client, db):
    page = squeezed(client.get(PAGE).text)
    JustHTML(page, strict=True)
    assert "Aucun projet public ne déclare d’offre" in page
    assert exported(client, PAGE) == []


def test_the_page_is_led_to_from_coverage_the_plan_and_the_commune(client, ground):
    for address in ("/couverture/", reverse("plan"), "/territoires/27229/"):
        assert f'href="{PAGE}' in squeezed(client.get(address).text), address


def lines(client, query=""):
    text = client.get(f"{FILE}{query}").content.decode("utf-8-sig")
    return {row["offre"]: row for row in csv.DictReader(io.StringIO(text), delimiter=";")}


def test_the_file_says_the_page_the_leads_and_the_last_change_of_each_offer(client, ground, time_machine):
    kept = Offer.objects.get(name="Soir")
    CoLeadFactory(project=kept.project, organization=OrganizationFactory(name="La Boussole"))
    row = lines(client)["Soir"]
    assert row["page_du_site"] == f"http://testserver/projets/{kept.project.code}/#offres"
    assert squeezed(client.get(f"/projets/{kept.project.code}/").text).count('id="offres"') == 1
    assert (row["co_porteurs"], row["derniere_modification"]) == ("La Boussole", "2026-11-25")
    time_machine.move_to("2026-11-28 12:00+01:00")
    kept.sites.first().delete()
    found = lines(client)
    assert found["Soir"]["derniere_modification"] == "2026-11-28"
    assert found["Nulle part"]["derniere_modification"] == "2026-11-25"
    Offer.history.all().delete()
    OfferSite.history.all().delete()
    assert lines(client)["Soir"]["derniere_modification"] == "2026-11-25"  # that of its project


def test_the_offers_of_a_year_stand_beside_those_of_the_year_before(client, founding):
    town, village = TerritoryFactory(name="Ville"), TerritoryFactory(name="Village")
    both = {"starts_on": "2025-09-01", "ends_on": "2026-06-30"}
    new = {"starts_on": "2026-01-01", "ends_on": "2026-12-31"}
    over = {"starts_on": "2025-01-01", "ends_on": "2025-02-01"}
    offer(town, kind=OfferKind.LANGUAGE, places=10, weekly_hours=2, **both)
    offer(town, village, kind=OfferKind.LANGUAGE, places=5, weekly_hours="1.5", **new)
    offer(village, kind=OfferKind.OTHER, name="Café", places=8, weekly_hours=None, **over)
    page = client.get("/couverture/offres/?annee=2026")
    rows = {row.label: row for row in page.context["changed"].rows}
    language, other, every = rows[OfferKind.LANGUAGE.label], rows[OfferKind.OTHER.label], rows["Toutes"]
    assert (language.after.places, language.before.places, language.places) == (15, 10, 5)
    assert (language.after.hours, language.hours, language.communes) == (Decimal("3.5"), Decimal("1.5"), 1)
    assert (other.after.offers, other.before.offers, other.offers) == (0, 1, -1)
    assert (every.after.offers, every.before.offers, every.places) == (2, 2, -3)
    assert list(rows)[-1] == "Toutes"
    for row in rows.values():
        for counted in (row.before, row.after):
            if counted.address:
                assert client.get(counted.address).context["total"].offers == counted.offers
    assert "+\u00a01,5" in page.text
    assert "−\u00a01" in page.text
    assert client.get("/couverture/offres/?annee=toutes").context["changed"] is None


def test_needs_are_counted_by_the_year_in_which_they_were_heard():
    needs = [Need(heard_on=datetime.date(year, 5, 1)) for year in (2024, 2025, 2026, 2026)]
    assert heard_in(needs, 2026) == "2 en 2026, 1 en 2025"
    assert heard_in(needs, None) == ""
