"""The import of projects in a browser: accessible at each step, without JavaScript, by keyboard, on a small screen."""

import pytest
from playwright.sync_api import expect

from projects.models import Project, ProjectImport
from tests.axes.exchange.files import lines
from tests.browser.screens import fits
from tests.factories import OrganizationFactory, ProjectFactory

HEADERS = "code;titre;type;porteur;objectifs;communes;date_debut;date_fin;budget"
GOOD = (
    "N-1;Une action neuve;hors PST;Les Deux Rives;2.1.2|5.2.1;;01/03/2026;31/12/2026;12 500,00",
    "N-2;Une autre;hors PST;Une structure inconnue;5.2.1;;2026-01-01;2026-12-31;8000",
    "A-1;Un autre titre;hors PST;Les Deux Rives;2.1.2;;;31/12/2027;",
)
BAD = ("N-1;;fête;Les Deux Rives;9.9;Nulle-part-en-Normandie;01/03/2026;31/12/2025;douze",)


@pytest.fixture
def screen(founding_site):
    """The address of the deposit; one project is there, which the good file changes."""
    ProjectFactory(code="A-1", title="Un titre", organization=OrganizationFactory(name="Les Deux Rives"))
    return f"{founding_site}/admin/projects/projectimport/add/"


def deposit(page, screen, rows):
    page.goto(screen)
    content = lines(*rows, headers=HEADERS)
    page.set_input_files("#id_file", {"name": "projets.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Voir l’aperçu").press("Enter")
    expect(page.locator("#id_file")).to_have_count(0)


def test_a_file_is_previewed_and_applied_without_scripts_by_keyboard(screen, agent_page):
    page = agent_page(java_script_enabled=False)
    deposit(page, screen, GOOD)
    expect(page.get_by_role("link", name="Créés : 2")).to_be_visible()
    page.get_by_role("link", name="Modifiés : 1").press("Enter")
    expect(page.locator("ins").get_by_text("Un autre titre")).to_be_visible()
    page.get_by_label("Motif").fill("Reprise de 2026")
    page.get_by_role("button", name="Appliquer l’import").press("Enter")
    expect(page.get_by_text("L’import est appliqué : 3\u00a0projets écrits.")).to_be_visible()
    expect(page.get_by_role("heading", name="Ce que le fichier a changé")).to_be_visible()
    expect(page.get_by_role("button", name="Appliquer l’import")).to_have_count(0)
    assert Project.objects.filter(code__in=["N-1", "N-2"]).count() == 2


def test_a_refused_file_leads_from_each_column_to_its_first_error(screen, agent_page):
    page = agent_page(java_script_enabled=False)
    deposit(page, screen, BAD)
    page.get_by_role("link", name="budget (I)").press("Enter")
    assert page.locator("tr:target").inner_text().split("\t")[1] == "budget (I)"
    expect(page.get_by_role("button", name="Appliquer l’import")).to_have_count(0)
    page.get_by_role("link", name="Déposer un autre fichier").press("Enter")
    expect(page).to_have_url(screen)


def test_each_step_of_an_import_breaks_no_accessibility_rule(screen, agent_page, axe):
    page = agent_page(bypass_csp=True)
    axe(screen, page=page)
    axe(screen, page=page, before=lambda page: deposit(page, screen, BAD))
    axe(screen, page=page, before=lambda page: deposit(page, screen, GOOD))
    job = ProjectImport.objects.filter(state="ready").first()
    shown = f"{screen.removesuffix('add/')}{job.pk}/change/"
    for kind in ("changed", "organizations"):
        axe(f"{shown}?montrer={kind}", page=page)
    page.goto(shown)
    page.get_by_role("button", name="Appliquer l’import").click()
    expect(page.get_by_text("L’import est appliqué")).to_be_visible()
    axe(shown, page=page)
    axe(screen.removesuffix("add/"), page=page)


def test_no_step_of_an_import_scrolls_sideways_and_no_word_of_an_error_is_cut(screen, agent_page):
    page = agent_page(width=320)
    for rows in (BAD, GOOD):
        deposit(page, screen, rows)
        fits(page, 320)
    page.goto(screen)
    fits(page, 320)
    deposit(page, screen, BAD)
    column = page.locator(".exchange-errors td").get_by_text("communes (F)")
    words = "one => { const r = document.createRange(); r.setStart(one.firstChild, 0); r.setEnd(one.firstChild, 8);"
    assert column.evaluate(f"{words} return r.getClientRects().length }}") == 1
