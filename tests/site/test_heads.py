"""What the head of each public page says of it: its own address, a title of its own, what is shared of it."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.contrib.sitemaps import Sitemap
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse

from cohesion.site.sitemaps import KINDS
from tests.factories import OrganizationFactory, ProjectFactory, TerritoryFactory
from tests.founding import founding_framework

# Pages and files, walked and read: the same on both databases.
pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("heads")]
BASE = "https://cst.example"
GENERIC = "Le cadre de cohésion sociale et territoriale : ce que l’agglomération a voulu, orientation par orientation."
DASHBOARD = ("money", "people", "results", "changes", "calendar")
OG = ("title", "description", "type", "url", "site_name", "locale", "image")


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """What stands at every address that the sitemap lists, and at those beside it; read once, its rows taken back."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(BASE_URL=BASE):
        framework = founding_framework()
        organization = OrganizationFactory(name="Les Deux Rives")
        summary = "Un « jardin » & co."
        ProjectFactory(kind="pst", title="Atelier", code="2026-1", organization=organization, summary=summary)
        ProjectFactory(title="Atelier", code="2027-1", organization=organization)
        TerritoryFactory(code="27299", name="Gravigny")
        pages = {path: Client().get(path).text for path in addresses(framework, organization)}
        transaction.set_rollback(True)
    return pages


def addresses(framework, organization):
    listed = re.findall(r"<loc>([^<]*)</loc>", Client().get("/sitemap.xml").text)
    paths = [urlsplit(address).path for address in listed]
    paths += [reverse("axes:evenings", args=[framework.slug]), reverse("projects:organization", args=[organization.pk])]
    paths += [reverse("projects:compare"), reverse("axes:search")]
    return paths + [reverse(f"projects:dashboard_{name}") for name in DASHBOARD]


def metas(page):
    return dict(re.findall(r'<meta property="og:([a-z_:]+)" content="([^"]*)">', page))


def one(pattern, page):
    """What one place of a page says, which is there once."""
    (said,) = re.findall(pattern, page, re.DOTALL)
    return unescape(said)


def test_each_public_page_says_its_own_address_once_and_in_full(pages):
    assert len(pages) > 50
    canonical = {path: one(r'<link rel="canonical" href="([^"]*)">', page) for path, page in pages.items()}
    assert canonical == {path: f"{BASE}{path}" for path in pages}
    assert canonical == {path: metas(page)["url"] for path, page in pages.items()}


def test_each_public_page_has_a_title_of_its_own(pages):
    titles = [one(r"<title>(.*?)</title>", page) for page in pages.values()]
    assert [title for title in titles if titles.count(title) > 1] == []
    assert all(title.strip() == " ".join(title.split()) for title in titles)


def test_each_public_page_describes_itself(pages):
    said = {path: one(r'<meta name="description" content="([^"]*)">', page) for path, page in pages.items()}
    assert [path for path, words in said.items() if words == GENERIC or len(words) < 15] == []


def test_what_is_shared_of_each_public_page_is_whole(pages):
    for path, page in pages.items():
        shared = metas(page)
        assert [name for name in OG if not shared.get(name)] == [], path
        assert shared["description"] == re.findall(r'<meta name="description" content="([^"]*)">', page)[0]
        assert shared["image"].startswith(f"{BASE}/static/card.")
    assert "« jardin » &amp; co." in metas(pages["/projets/2026-1/"])["description"]
    assert finders.find("card.png")


def test_a_list_that_is_filtered_is_the_list(client, founding, settings):
    settings.BASE_URL = BASE
    for address in ("/projets/?axe=5&tri=-date", "/couverture/?compter=tous", "/territoires/?tri=nom"):
        page = client.get(address).text
        assert f'<link rel="canonical" href="{BASE}{urlsplit(address).path}">' in page


def test_without_a_setting_the_address_is_that_of_the_request(client, founding, settings):
    settings.BASE_URL = ""
    assert '<link rel="canonical" href="http://testserver/projets/">' in client.get("/projets/").text


def test_the_sitemap_dates_what_has_a_date(client, founding):
    ProjectFactory(code="A1")
    TerritoryFactory(code="27299")
    sitemap = client.get("/sitemap.xml").text
    entries = dict(re.findall(r"<loc>[^<]*(/[a-z]+/[^/<]*/)</loc>(?:<lastmod>([^<]*)</lastmod>)?", sitemap))
    assert entries["/projets/A1/"]
    assert entries["/orientations/5/"]


def test_beyond_what_one_sitemap_may_hold_there_is_an_index(client, founding, monkeypatch):
    ProjectFactory.create_batch(3)
    monkeypatch.setattr(Sitemap, "limit", 50)
    monkeypatch.setattr(KINDS["projets"], "limit", 2)
    index = client.get("/sitemap.xml").text
    assert "<sitemapindex" in index
    files = re.findall(r"<loc>([^<]*)</loc>", index.replace("&amp;", "&"))
    parts = [client.get(address.removeprefix("http://testserver")) for address in files]
    assert {part.status_code for part in parts} == {200}
    assert sum(part.text.count("testserver/projets/") for part in parts) == 1 + 3
