"""The public pages in a browser: accessible, readable without JavaScript, on a small screen and on paper."""

import pytest
from playwright.sync_api import expect

from axes.models import Framework
from tests.browser.screens import fits
from tests.factories import FrameworkFactory

PAGES = [
    "/",
    "/cadre/",
    "/cadre/?ouvert=rien&texte=corrige",
    "/cadre/?niveau=objectif-operationnel",
    "/orientations/5/",
    "/orientations/2.1.2/",
    "/orientations/8.1.1/",
    "/orientations/5.2.3-a/",
]


@pytest.mark.parametrize("path", PAGES)
def test_a_public_page_breaks_no_accessibility_rule(founding_site, axe, path):
    axe(founding_site + path)


@pytest.mark.parametrize("path", ["/", "/cadre/"])
def test_a_site_without_framework_breaks_no_accessibility_rule(site, axe, path):
    axe(site + path)


def test_an_archived_version_breaks_no_accessibility_rule(founding_site, axe):
    FrameworkFactory(slug="ancien", status="archived")
    axe(founding_site + "/cadre/ancien/", dark=False)
    axe(founding_site + "/cadre/", dark=False)


def test_no_page_scrolls_sideways_on_any_screen(founding_site, open_page):
    page = open_page()
    for path in PAGES:
        page.goto(founding_site + path)
        for width in (320, 480, 768, 960, 1024, 1088, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            fits(page, width, f"{path} {width}")


def test_no_page_breaks_the_content_security_policy(founding_site, open_page):
    page = open_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in PAGES:
        page.goto(founding_site + path)
    assert said == []


def test_the_first_tab_offers_to_skip_to_the_content(founding_site, open_page):
    page = open_page()
    page.goto(founding_site + "/cadre/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Aller au contenu")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_id("contenu")


def test_a_branch_closes_with_the_keyboard_and_the_address_follows(founding_site, open_page):
    page = open_page()
    page.goto(founding_site + "/cadre/")
    branch = page.locator("details[data-code='5.2']")
    branch.locator("> summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cadre/?ferme=5.2")
    page.reload()
    assert branch.get_attribute("open") is None
    branch.locator("> summary").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cadre/")


def test_a_single_open_branch_is_named_in_the_address(founding_site, open_page):
    page = open_page()
    page.goto(founding_site + "/cadre/?texte=corrige&ouvert=rien")
    page.locator("details[data-code='3'] > summary").click()
    page.wait_for_url("**/cadre/?texte=corrige&ouvert=3")


def test_everything_can_be_read_without_javascript(founding_site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(founding_site + "/cadre/")
    shown = page.locator(".outline .wording")
    assert shown.count() == Framework.objects.get().orientations.count()
    assert all(one.is_visible() for one in shown.all())
    page.goto(founding_site + "/orientations/2.1.2/")
    expect(page.locator("[data-copy]")).to_be_hidden()
    page.locator("details.adopted > summary").click()
    expect(page.locator("details.adopted blockquote")).to_be_visible()


def test_paper_shows_the_branches_that_the_screen_closes(founding_site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(founding_site + "/cadre/?ouvert=rien")
    last = page.locator(".outline .is-priority .wording").last
    expect(last).not_to_be_visible()
    words = last.text_content().strip()
    page.emulate_media(media="print")
    expect(page.locator("main").get_by_text(words).locator("visible=true")).to_be_visible()
    expect(page.locator(".mainnav")).to_be_hidden()


def test_the_citation_is_copied(founding_site, open_page):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(founding_site + "/orientations/2.1.2/")
    page.get_by_role("button", name="Copier la citation").click()
    page.get_by_text("Copiée.").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "objectif opérationnel 2.1.2" in copied
    assert copied.endswith("/orientations/2.1.2/")


def test_a_reader_receives_no_cookie(founding_site, open_page):
    page = open_page()
    for path in PAGES:
        page.goto(founding_site + path)
    assert page.context.cookies() == []
