"""The public tables in a browser: accessible, narrow, within the policy, and what a page of another origin may read."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.browser.screens import fits
from tests.factories import ProjectFactory, TerritoryFactory

PAGES = ("/donnees/", "/donnees/projets/", "/donnees/subventions/")


class _Blank(BaseHTTPRequestHandler):
    """A page of somebody else."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Ailleurs</title>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of another origin."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_of_open_data_break_no_accessibility_rule(founding_site, axe, path):
    ProjectFactory(title="Un très long titre de projet " * 8, summary="Résumé")
    axe(founding_site + path)


def test_the_pages_of_open_data_are_narrow_and_break_no_policy(founding_site, open_page):
    project = ProjectFactory(title="Un très long titre de projet " * 8)
    place = TerritoryFactory()
    page, errors = open_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    others = ("/", project.get_absolute_url(), f"/territoires/{place.code}/", f"/structures/{project.organization_id}/")
    for path in (*PAGES, *others):
        page.goto(founding_site + path)
        assert page.locator('script[type="application/ld+json"]').count() == 1, path
        for width in (320, 768, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            fits(page, width, f"{path} {width}")
    assert errors == []


def test_a_page_of_another_origin_reads_the_open_files_and_nothing_else(founding_site, open_page, elsewhere):
    ProjectFactory(title="Jardin partagé")
    page = open_page()
    page.goto(elsewhere)
    read = "address => fetch(address, {cache: 'no-store'}).then(answer => answer.text(), error => null)"
    for path in ("/donnees/projets.csv", "/donnees/projets.json", "/donnees/territoires.geojson"):
        assert page.evaluate(read, founding_site + path), path
    assert "Jardin partagé" in page.evaluate(read, f"{founding_site}/donnees/projets.csv")
    assert "dcat" in page.evaluate(read, f"{founding_site}/donnees/catalogue.jsonld")
    tag = "address => fetch(address).then(answer => answer.headers.get('ETag'))"
    assert page.evaluate(tag, f"{founding_site}/donnees/projets.csv")
    asked_before = "address => fetch(address, {headers: {'If-None-Match': '\"x\"'}}).then(answer => answer.status)"
    assert page.evaluate(asked_before, f"{founding_site}/donnees/projets.csv") == 200
    closed = ("/", "/donnees/", "/donnees/projets/", "/projets/", "/projets/export.csv", "/cadre/export.json")
    for path in (*closed, "/compte/presence/", "/sante/", "/donnees/flux/projets.atom", "/recherche/suggestions/?q=a"):
        assert page.evaluate(read, founding_site + path) is None, path
    with_cookies = read.replace("'no-store'", "'no-store', credentials: 'include'")
    assert page.evaluate(with_cookies, f"{founding_site}/donnees/projets.csv") is None


def test_a_page_is_framed_by_the_sites_that_are_named_alone(founding_site, open_page, elsewhere):
    page, errors = open_page(), []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(elsewhere)
    page.evaluate(
        """address => new Promise(done => {
          const frame = document.createElement('iframe');
          frame.onload = done; frame.src = address; document.body.append(frame);
        })""",
        f"{founding_site}/donnees/",
    )
    assert any("frame" in error.lower() for error in errors), errors
