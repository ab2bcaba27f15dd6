"""Whatever a title holds, each file that says it is read by a strict reader of its kind, which finds it there."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from icalendar import Calendar
from openpyxl import load_workbook
from rdflib import Graph, URIRef

from axes.addresses import orientation_address
from projects.choices import ProjectStatus
from projects.models import Contribution, Need, Offer, TransitionLog
from projects.opendata.datasets import DATASETS
from tests.factories import CampaignFactory, OrganizationFactory, ProjectFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]
VOCABULARY = {"@vocab": "https://schema.org/"}  # what the address of its context says, without asking for it
WICKED = {
    "quotes": "Un « titre » d’\"essai\", l'un ; l'autre",
    "markup": "]]> <b>gras</b> &amp; </script><!-- {{ x }}",
    "control": "Avant\x0b\x1f\x7f\x85après",
    "direction": "\u202eà l’envers\u202c \u200f\u2067fin\u2069 \u0645",
    "formula": '=HYPERLINK("https://ailleurs.test";"ici")',
    "lines": "Deux\nlignes\r\net\tune \u2028autre",
    "astral": "🌱 Jardin e\u0301te\u0301 \ufffe",
}
SQUARE = {"type": "Polygon", "coordinates": [[[1.1, 49.0], [1.2, 49.0], [1.2, 49.1], [1.1, 49.1], [1.1, 49.0]]]}
FEEDS = ("/donnees/flux/projets.atom", "/tableau-de-bord/decisions.atom", "/donnees/flux/cadre.atom")


@pytest.fixture(params=WICKED.values(), ids=WICKED)
def words(request, founding):
    """The same words wherever somebody may write some, past the forms that would refuse a part of them."""
    words = request.param
    place = TerritoryFactory(code="27229", name=words, outline=SQUARE)
    lead = OrganizationFactory(name=words, acronym=words[:20])
    project = ProjectFactory(
        code="W-1", title=words, summary=words, organization=lead, status=ProjectStatus.RETAINED, located_in=[place]
    )
    orientation = founding.orientations.get(code="5.2")
    Contribution.objects.create(project=project, orientation=orientation, is_main=True, rationale=words)
    Offer.objects.create(project=project, kind="other", name=words, opening=words).sites.create(territory=place)
    Need.objects.create(wording=words, heard_on="2026-01-01", territory=place, is_published=True)
    TransitionLog.objects.create(
        project=project, transition="x", source=ProjectStatus.PROPOSED, target=ProjectStatus.RETAINED
    )
    CampaignFactory(name=words)
    return words


def body(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue()


def bare(text):
    """The letters that a reader of any kind must find: neither spaces nor what no file may hold."""
    return re.sub(r"[^\w]", "", text)


def test_a_csv_has_as_many_cells_in_each_row_as_in_its_head(client, words):
    for dataset in DATASETS:
        for name, delimiter in ((f"{dataset.name}.csv", ","), (f"{dataset.name}.excel.csv", ";")):
            text = body(client, f"/donnees/{name}").decode("utf-8-sig")
            head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
            assert {len(row) for row in rows} <= {len(head)}, name
            if delimiter == ";":
                wrong = [cell for row in rows for cell in row if re.match(r"[=+@\t\r]|-(?![\d.,]+$)", cell)]
                assert not wrong, name
    for name in ("/projets/export.csv?annee=toutes", "/couverture/offres.csv?annee=toutes"):
        text = body(client, name).decode("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
        assert {len(row) for row in rows} == {len(head)}, name


def test_json_and_geojson_say_it_to_the_letter(client, words):
    for dataset in DATASETS:
        json.loads(body(client, f"/donnees/{dataset.name}.json"))
    (project,) = json.loads(body(client, "/donnees/projets.json"))
    assert bare(project["titre"]) == bare(words)
    places = json.loads(body(client, "/donnees/territoires.geojson"))["features"]
    names = [bare(str(place["properties"].get("nom"))) for place in places]
    assert bare(words) in names
    assert bare(json.loads(body(client, "/api/v1/projets/"))["resultats"][0]["titre"]) == bare(words)


def test_a_sheet_opens_and_runs_nothing(client, words):
    for dataset in DATASETS:
        sheet = load_workbook(io.BytesIO(body(client, f"/donnees/{dataset.name}.xlsx"))).active
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], dataset.name


def test_feeds_and_sitemaps_are_xml(client, words):
    for address in FEEDS:
        ElementTree.fromstring(body(client, address))  # noqa: S314 — our own
    feed = ElementTree.fromstring(body(client, FEEDS[0]))  # noqa: S314
    titles = [bare(title.text) for title in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert bare(words) in titles
    ElementTree.fromstring(body(client, "/sitemap.xml"))  # noqa: S314


def test_the_calendar_has_its_event_in_one_piece(client, words):
    calendar = Calendar.from_ical(body(client, "/calendrier/calendrier.ics"))
    summaries = [bare(str(event["summary"])) for event in calendar.walk("VEVENT")]
    assert any(bare(words) in summary for summary in summaries)


def test_what_pages_say_to_programs_is_linked_data_and_leads_to_pages(client, words):
    lead = OrganizationFactory._meta.model.objects.get(projects__code="W-1")
    orientation = orientation_address(Contribution.objects.get().orientation)
    addresses = (
        "/projets/W-1/",
        "/territoires/27229/",
        lead_page(client, lead),
        orientation,
        "/donnees/",
        "/donnees/projets/",
        "/",
    )
    for address in addresses:
        page = body(client, address).decode()
        found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert found, address
        for text in found:
            described = json.loads(text)
            assert described["@context"] == "https://schema.org"
            read = Graph().parse(data=json.dumps({**described, "@context": VOCABULARY}), format="json-ld")
            assert len(read) > 3, address
            for step in read.objects(predicate=URIRef("https://schema.org/item")):
                assert client.get(str(step).removeprefix("http://testserver")).status_code == 200
    Graph().parse(data=body(client, "/donnees/catalogue.jsonld"), format="json-ld")


def lead_page(client, lead):
    return client.get(f"/structures/{lead.pk}/", follow=True).request["PATH_INFO"]
