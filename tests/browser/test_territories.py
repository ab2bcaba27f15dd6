"""The map of the communes and their pages, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.screens import fits

PAGES = [
    "/territoires/",
    "/territoires/?mesure=habitants&tri=projets",
    "/territoires/27229/",
    "/territoires/QPV-NAVARRE/",
    "/territoires/EPN/",
    "/couverture/offres/",
    "/couverture/offres/?annee=toutes&nature=language",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_territories_breaks_no_accessibility_rule(programme_site, axe, path):
    axe(programme_site + path)


def test_no_page_of_territories_scrolls_sideways(programme_site, open_page):
    page = open_page(width=320)
    for path in PAGES:
        page.goto(programme_site + path)
        fits(page, 320, path)


def test_a_commune_of_the_map_is_reached_by_keyboard_seen_and_opened_without_scripts(programme_site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(programme_site + "/territoires/")
    link = page.get_by_role("link", name=re.compile(r"^Évreux\s: "))
    border = "one => getComputedStyle(one.querySelector('path')).strokeWidth"
    resting = link.evaluate(border)
    link.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert link.evaluate(border) != resting
    page.keyboard.press("Enter")
    page.wait_for_url("**/territoires/27229/")


def test_the_colour_of_a_commune_is_that_of_its_step_in_the_legend(programme_site, open_page):
    page = open_page()
    page.goto(programme_site + "/territoires/")
    for step in ("h1", "h3"):
        fill = page.locator(f".map path.{step}").first.evaluate("one => getComputedStyle(one).fill")
        assert fill == page.locator(f".ramp .{step}").evaluate("one => getComputedStyle(one).backgroundColor")


def test_what_nobody_does_in_a_commune_unfolds_without_scripts_and_stays_accessible(programme_site, open_page, axe):
    page = open_page(java_script_enabled=False)
    page.goto(programme_site + "/territoires/27299/")
    axis = page.locator("#manque-ici").locator("xpath=../..").locator("details").first
    expect(axis.locator("li").first).not_to_be_visible()
    axis.locator("summary").press("Enter")
    expect(axis.locator("li").first).to_be_visible()

    def unfold(page):
        for one in page.locator("details.bare summary").all():
            one.click()

    axe(programme_site + "/territoires/27299/", before=unfold)


def test_a_number_of_the_offers_opens_the_offers_that_it_counts(programme_site, open_page):
    page = open_page(java_script_enabled=False, width=390)
    page.goto(programme_site + "/couverture/offres/")
    page.locator(".mesh tr", has_text="Évreux").first.locator("td a").first.click()
    page.wait_for_url("**commune=27229#offres")
    expect(page.get_by_role("heading", level=2, name="2\u00a0offres")).to_be_visible()
