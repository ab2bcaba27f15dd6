"""The public pages in a browser: accessible, readable without JavaScript, on a small screen and on paper."""

import pytest

from axes.models import Framework
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
    axe(founding_site + "/cadre/ancien/")
    axe(founding_site + "/cadre/")


def test_no_page_scrolls_sideways_on_any_screen(founding_site, open_page):
    page = open_page()
    for path in PAGES:
        page.goto(founding_site + path)
        for width in (320, 480, 768, 960, 1024, 1088, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} {width}"


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
    assert page.locator(":focus").inner_text() == "Aller au contenu"
    page.keyboard.press("Enter")
    assert page.locator(":focus").get_attribute("id") == "contenu"


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
    assert page.locator("[data-copy]").is_hidden()
    page.locator("details.adopted > summary").click()
    assert page.locator("details.adopted blockquote").is_visible()


def test_paper_shows_the_branches_that_the_screen_closes(founding_site, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(founding_site + "/cadre/?ouvert=rien")
    last = page.locator(".outline .is-priority .wording").last
    assert not last.is_visible()
    page.emulate_media(media="print")
    assert last.bounding_box()["height"] > 0
    assert page.locator(".mainnav").is_hidden()


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
