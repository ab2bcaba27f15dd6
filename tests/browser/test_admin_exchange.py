"""The import screens in a browser: accessible, usable without JavaScript and with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.axes.exchange.files import lines
from tests.axes.exchange.jobs import create_job
from tests.factories import OfficerFactory


@pytest.fixture
def officer(founding_site):
    return OfficerFactory()


@pytest.fixture
def logged(officer, founding_site, open_page, client):
    """Open a page in the officer's session."""
    client.force_login(officer)
    session = client.cookies["sessionid"].value

    def open_one(**options):
        page = open_page(**options)
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": founding_site}])
        return page

    return open_one


def test_the_import_screens_break_no_accessibility_rule(founding_site, framework, officer, logged, axe):
    rows = ["1.1.1;2.1;objectif opérationnel;Autre titre", "9;;axe;Neuf"]
    good = create_job(lines(*rows), "essai.csv", framework, officer)
    bad = create_job(lines("A;;action;", "B;Z;enjeu;T"), "gâté.csv", framework, officer)
    page = logged(bypass_csp=True)
    start = f"{founding_site}/admin/axes/framework/{framework.pk}/importer/"
    for address in (start, f"{start}{bad.pk}/", *(f"{start}{good.pk}/?montrer={k}" for k in ("changed", "missing"))):
        axe(address, page=page)


def test_a_file_is_imported_without_javascript(founding_site, framework, logged):
    page = logged(java_script_enabled=False)
    page.goto(f"{founding_site}/admin/axes/framework/{framework.pk}/importer/")
    page.set_input_files("#id_file", {"name": "a.csv", "mimeType": "text/csv", "buffer": lines("9;;axe;Neuf")})
    page.get_by_role("button", name="Voir l’aperçu").press("Enter")
    expect(page.get_by_role("link", name="Créées : 1")).to_be_visible()
    page.get_by_role("button", name="Appliquer l’import").press("Enter")
    expect(page.get_by_text("L’import est appliqué")).to_be_visible()
    assert framework.orientations.filter(code="9").exists()
