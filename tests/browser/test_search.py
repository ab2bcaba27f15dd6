"""Search and the pages about the site, in a browser: accessible, on small screens, with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import violations
from tests.browser.screens import fits

PAGES = [
    "/recherche/",
    "/recherche/?q=habitants+santé",
    "/recherche/?q=social&axe=5&niveau=priorite",
    "/recherche/?q=de+la&page=2",
    "/recherche/?q=tranquilite",
    "/recherche/?q=snaté",
    "/mentions-legales/",
    "/accessibilite/",
    "/donnees-personnelles/",
    "/plan-du-site/",
    "/page-inconnue/",
]


@pytest.mark.parametrize("path", PAGES)
def test_search_and_the_pages_about_the_site_break_no_accessibility_rule(founding_site, axe, path):
    axe(founding_site + path)


def test_none_of_them_scrolls_sideways_on_the_narrowest_screen(founding_site, open_page):
    page = open_page(width=320)
    for path in PAGES:
        page.goto(founding_site + path)
        fits(page, 320, path)


def test_none_of_them_breaks_the_content_security_policy(founding_site, open_page):
    page = open_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    for path in PAGES[:-1]:  # the browser itself says that a page is missing
        page.goto(founding_site + path)
    assert said == []


def test_the_framework_is_searched_and_the_hit_opened_with_the_keyboard_alone(founding_site, open_page):
    page = open_page()
    page.goto(founding_site + "/recherche/")
    press_until(page, "name", "q")
    page.keyboard.type("parentale")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche/?q=parentale")
    press_until(page, "href", "/orientations/5.2.4/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orientations/5.2.4/")


def test_what_is_typed_is_proposed_and_opened_with_the_keyboard_alone(founding_site, open_page):
    page = open_page()
    page.goto(founding_site + "/cadre/")
    field = page.locator("#recherche")
    field.focus()
    page.keyboard.type("parentale")
    options = page.locator("#recherche-propositions [role=option]")
    expect(options.first).to_be_visible()
    expect(page.locator("form:has(#recherche) [role=status]")).to_contain_text("proposition")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    expect(field).to_have_attribute("aria-expanded", "true")
    assert violations(page, {}) == []
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("parentale")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orientations/5.2.4/")


def press_until(page, attribute, value):
    """Press Tab until the focus is on the element that has this attribute."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute(attribute) == value:
            return
    pytest.fail(f"Le clavier n’atteint pas {attribute}={value}.")
