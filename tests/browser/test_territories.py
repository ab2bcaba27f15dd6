"""The map of the communes and their pages, in a browser."""

import re

import pytest

from axes.models import Framework
from projects.demo import load_demo_projects

PAGES = ["/territoires/", "/territoires/?mesure=habitants&tri=projets", "/territoires/27229/", "/territoires/EPN/"]


@pytest.fixture
def programme_site(founding_site):
    """The founding text with the invented programme."""
    load_demo_projects(Framework.objects.get())
    return founding_site


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_territories_breaks_no_accessibility_rule(programme_site, axe, path):
    axe(programme_site + path)


def test_no_page_of_territories_scrolls_sideways(programme_site, open_page):
    page = open_page(width=320)
    for path in PAGES:
        page.goto(programme_site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_a_commune_of_the_map_is_reached_by_keyboard_seen_and_opened_without_scripts(programme_site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(programme_site + "/territoires/")
    link = page.get_by_role("link", name=re.compile("^Évreux : "))
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
