"""No dead end: an empty search, an address that is not there or says nothing, a crawler, all are led on."""

import re
from html import unescape

import pytest
from django.urls import reverse

from projects.choices import ProjectStatus
from tests.costs import cost
from tests.factories import ProjectFactory, TerritoryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_search_that_finds_nothing_leads_on_by_links_that_exist(client, founding, settings):
    settings.CONTACT_EMAIL = "cohesion@example.org"
    page = client.get("/recherche/?q=zygomatique").text
    ways = re.findall(r'<a class="more" href="([^"]+)"', page)
    assert ways[-1] == "mailto:cohesion@example.org"
    assert [client.get(address).status_code for address in ways[:-1]] == [200, 200, 200]
    assert "Rien ne répond" in page


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/projets/?q=&axe=5&nature=&pst=", "/projets/?axe=5"),
        ("/projets/?q=+&axe=", "/projets/"),
        ("/couverture/?nature=&lignes=axes&compter=branche", "/couverture/?lignes=axes&compter=branche"),
        ("/territoires/?nature=&pst=&mesure=projets", "/territoires/?mesure=projets"),
        ("/orientations/5/?nature=&commune=&compter=", "/orientations/5/"),
        ("/recherche/?q=", "/recherche/"),
        ("/recherche/?q=a&axe=5&axe=2&niveau=", "/recherche/?q=a&axe=5&axe=2"),
    ],
)  # fmt: skip
def test_an_address_names_no_empty_parameter(client, founding, asked, kept):
    answer = client.get(asked)
    assert (answer.status_code, answer.url) == (301, kept)
    assert client.get(kept).status_code == 200


def test_a_clean_address_is_not_redirected_and_a_dirty_one_costs_nothing(client, founding, django_assert_num_queries):
    assert client.get("/projets/?axe=5").status_code == 200
    with django_assert_num_queries(0):
        assert client.get("/projets/?axe=").status_code == 301


def test_the_officers_queue_names_no_empty_parameter_either(officer_client):
    assert officer_client.get("/instruction/?q=&axe=&tri=attente").url == "/instruction/?tri=attente"


@pytest.mark.parametrize(
    ("address", "sentence", "ways"),
    [
        ("/orientations/5.2.1-z/", "« 5.2.1-z »", ["/orientations/5.2.1/", "/orientations/5.2/", "/orientations/5/"]),
        ("/orientations/99/", "« 99 »", []),
        ("/projets/2026-7/", "le code « 2026-7 »", ["2026-777"]),
        ("/projets/999999/", "le numéro « 999999 »", []),
        ("/territoires/gravigny/", "« gravigny »", ["/territoires/27299/"]),
        ("/territoires/nulle-part/", "« nulle-part »", []),
        ("/cadre/inconnu/", "« inconnu »", ["/cadre/"]),
    ],
)
def test_what_is_not_there_is_named_and_what_is_near_is_offered(client, founding, address, sentence, ways):
    TerritoryFactory(code="27299", name="Gravigny")
    ProjectFactory(code="2026-777", title="Atelier")
    ProjectFactory(code="2026-7-secret", title="Brouillon", status=ProjectStatus.DRAFT)
    answer = client.get(address)
    assert answer.status_code == 404
    page = unescape(answer.text)
    assert sentence in page
    for way in ways:
        assert way in page
    assert "Brouillon" not in page
    assert 'href="/projets/"' in page


def test_an_address_that_names_nothing_offers_to_search(client, founding):
    page = client.get("/nulle/part/").text
    assert "Cherchez-la" in page
    assert "<script>alert" not in client.get("/orientations/<script>alert(1)/").text


def test_the_sitemap_and_the_plan_have_projects_and_territories(client, founding):
    shown, hidden = ProjectFactory(kind="pst", title="PST du plateau"), ProjectFactory(status=ProjectStatus.DRAFT)
    TerritoryFactory(code="27299", name="Gravigny")
    sitemap = client.get("/sitemap.xml").text
    assert f"/projets/{shown.code}/</loc>" in sitemap
    assert f"/projets/{hidden.code}/</loc>" not in sitemap
    assert "/territoires/27299/</loc>" in sitemap
    assert "/projets/</loc>" in sitemap
    plan = client.get(reverse("plan")).text
    for address in ("/projets/", f"/projets/{shown.code}/", "/territoires/", "/territoires/27299/"):
        assert f'href="{address}"' in plan
    links = re.findall(r'href="([^"]+)"', plan.partition("<main")[2].partition("</main>")[0])
    assert len(links) == len(set(links)), "the plan names each page once"
    assert "/donnees/#flux" in links


def test_the_plan_costs_the_same_whatever_there_is(client, founding):
    client.get("/plan-du-site/")  # what is asked once a process
    before = cost("/plan-du-site/")
    ProjectFactory(kind="pst")
    TerritoryFactory()
    assert cost("/plan-du-site/") == before
