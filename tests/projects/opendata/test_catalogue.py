"""What portals harvest: the catalogue as a graph, and what pages say of themselves to search engines."""

import json
import re

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF

from projects.choices import OrganizationKind
from projects.opendata.datasets import DATASETS
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory

# Pages and files, walked and read: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once]
SITE = "http://testserver"
EUROPE = Namespace("http://publications.europa.eu/resource/authority/")


def graph(client):
    response = client.get("/donnees/catalogue.jsonld")
    assert response["Content-Type"].startswith("application/ld+json")
    return Graph().parse(data=response.content, format="json-ld")


def linked(page):
    """What a page says of itself."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    return [json.loads(text) for text in found]


@pytest.fixture
def programme(founding):
    return ProjectFactory(title='Un titre </script><b>"fort"</b>', summary="Résumé")


def test_every_table_is_a_dataset_with_what_the_profile_asks(client, programme, settings):
    settings.CONTACT_EMAIL = "donnees@exemple.test"
    read = graph(client)
    (catalogue,) = read.subjects(RDF.type, DCAT.Catalog)
    datasets = list(read.objects(catalogue, DCAT.dataset))
    assert len(datasets) == len(DATASETS)
    for dataset in datasets:
        for wanted in (DCTERMS.title, DCTERMS.description, DCTERMS.publisher, DCAT.contactPoint, DCAT.theme):
            assert (dataset, wanted, None) in read, (dataset, wanted)
        for wanted in (DCTERMS.spatial, DCTERMS.temporal, DCTERMS.identifier, DCAT.keyword, DCAT.landingPage):
            assert (dataset, wanted, None) in read, (dataset, wanted)
        themes = set(read.objects(dataset, DCAT.theme))
        assert all(str(theme).startswith(EUROPE["data-theme/"]) for theme in themes)
    assert URIRef("mailto:donnees@exemple.test") in set(read.objects())


def test_every_file_is_a_distribution_of_the_size_that_is_sent(client, programme):
    read = graph(client)
    distributions = set(read.subjects(RDF.type, DCAT.Distribution))
    assert len(distributions) == sum(len(dataset.formats) for dataset in DATASETS)
    for distribution in distributions:
        sent = client.get(str(read.value(distribution, DCAT.downloadURL)).removeprefix(SITE))
        assert sent.status_code == 200
        assert int(read.value(distribution, DCAT.byteSize)) == len(sent.content)
        assert str(read.value(distribution, DCAT.mediaType)).endswith(sent["Content-Type"].partition(";")[0])
        assert str(read.value(distribution, DCTERMS.license)).startswith("https://")


def test_the_pages_of_open_data_name_their_catalogue(client, programme):
    for address in ("/donnees/", "/donnees/projets/"):
        page = client.get(address).content.decode()
        assert 'rel="alternate" type="application/ld+json"' in re.sub(r"\s+", " ", page)


def test_the_page_of_a_table_describes_it(client, programme):
    (described,) = linked(client.get("/donnees/projets/").content.decode())
    assert described["@type"] == "Dataset"
    assert described["distribution"][0]["contentUrl"] == f"{SITE}/donnees/projets.csv"
    (catalogue,) = linked(client.get("/donnees/").content.decode())
    assert len(catalogue["dataset"]) == len(DATASETS)


def test_the_page_of_a_project_says_what_it_is_and_breaks_out_of_nothing(client, programme):
    page = client.get(f"/projets/{programme.pk}/", follow=True).content.decode()
    (described,) = linked(page)
    whole, crumbs = described["@graph"]
    assert (whole["@type"], whole["name"]) == ("Project", programme.title)
    assert crumbs["@type"] == "BreadcrumbList"
    assert whole["parentOrganization"]["name"] == programme.organization.name
    assert "</script><b>" not in page


def test_who_may_be_somebody_is_named_to_no_search_engine(client, founding):
    lead = OrganizationFactory(name="Camille", kind=OrganizationKind.OTHER)
    project = ProjectFactory(organization=lead)
    (described,) = linked(client.get(f"/projets/{project.pk}/", follow=True).content.decode())
    assert "Camille" not in json.dumps(described)
    assert linked(client.get(f"/structures/{lead.pk}/").content.decode()) == []


def test_places_structures_and_the_site_describe_themselves(client, programme):
    place = TerritoryFactory(name="Évreux", code="27229")
    (described,) = linked(client.get(f"/territoires/{place.code}/").content.decode())
    assert described["@graph"][0]["@type"] == "City"
    (described,) = linked(client.get(f"/structures/{programme.organization_id}/").content.decode())
    assert described["@graph"][0]["name"] == programme.organization.name
    (described,) = linked(client.get("/").content.decode())
    assert described["@type"] == "WebSite"
