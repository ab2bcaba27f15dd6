"""Coverage, and the framework with what is done for it, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from axes.models import Framework
from projects.models import Need
from tests.browser.screens import fits
from tests.factories import ProjectFactory, TerritoryFactory

PAGES = ["/", "/cadre/", "/couverture/", "/couverture/?lignes=objectifs&colonnes=toutes", "/orientations/2/"]


@pytest.fixture
def served_site(founding_site):
    """The founding text with two projects in fifteen communes, and a need."""
    orientations = Framework.objects.get().orientations
    communes = TerritoryFactory.create_batch(30)
    ProjectFactory(serves=[orientations.get(code="2.1.2-a"), orientations.get(code="7.1")], located_in=communes[:10])
    ProjectFactory(serves=[orientations.get(code="2.1")], located_in=communes[5:15])
    said = {"heard_on": "2026-02-03", "territory": communes[0], "is_published": True}
    Need.objects.create(wording="Un four à pain", orientation=orientations.get(code="2.1.2"), **said)
    Need.objects.create(wording="Un médecin", **said)
    return founding_site


@pytest.mark.parametrize("path", PAGES)
def test_a_page_with_figures_breaks_no_accessibility_rule(served_site, axe, path):
    axe(served_site + path)


def test_coverage_without_any_project_breaks_no_accessibility_rule(founding_site, axe):
    axe(founding_site + "/couverture/")


def test_no_page_with_figures_scrolls_sideways(served_site, open_page):
    page = open_page(width=320)
    for path in PAGES:
        page.goto(served_site + path)
        fits(page, 320, path)


def test_the_table_scrolls_by_keyboard_under_its_heads(served_site, open_page):
    page = open_page(width=800, java_script_enabled=False)  # on a phone, it is read line by line
    page.goto(served_site + "/couverture/?lignes=priorites&colonnes=toutes")
    region = page.get_by_role("region", name="Tableau de couverture")
    head, first = page.locator(".matrix thead th").nth(1), page.locator(".matrix tbody th").nth(3)
    left = first.bounding_box()["x"]
    region.focus()
    for key in ("ArrowRight", "ArrowDown"):
        for _ in range(6):
            page.keyboard.press(key)
    page.wait_for_timeout(400)
    place = region.evaluate("one => [one.scrollLeft, one.scrollTop]")
    assert min(place) > 0
    assert abs(first.bounding_box()["x"] - left) < 1
    assert abs(head.bounding_box()["y"] - region.bounding_box()["y"]) < 2


def test_a_branch_unfolds_without_javascript_and_a_number_opens_its_rows(served_site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(served_site + "/couverture/")
    page.get_by_role("link", name="Déplier Axe 2").click()
    page.wait_for_url("**/couverture/?deplier=2#o-2")
    expect(page.locator("tr[id='o-2.1']")).to_be_visible()
    page.locator("tr[id='o-2.1'] td.total a").click()
    page.wait_for_url(re.compile(r"/projets/\?orientation=2\.1&annee=\d{4}$"))
    expect(page.get_by_text("2\u00a0projets", exact=True).first).to_be_visible()
