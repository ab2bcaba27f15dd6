"""What is looked at on a screen, and waited for: a gesture may still be bringing the next page."""

from collections.abc import Iterable

from django.test import Client
from playwright.sync_api import Page, expect

from cohesion.lib.people import Person
from tests.browser.conftest import violations

IN_TURN = ((1280, "light"), (390, "dark"))


def fits(page: Page, width: int, where: str = "") -> None:
    """The page is as wide as its window: nothing scrolls sideways."""
    expect(page.locator("html"), where).to_have_js_property("scrollWidth", width)


def log_in(page: Page, site: str, user: Person) -> Page:
    """The page, on which somebody is logged in without having typed anything."""
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return page


def look_at(page: Page, site: str, addresses: Iterable[str]) -> list[str]:
    """What is wrong on these screens, each loaded once: a wide light one and a narrow dark one in turn for the rules
    of accessibility; each fits a phone and a tablet."""
    wrong = []
    for number, address in enumerate(addresses):
        width, scheme = IN_TURN[number % len(IN_TURN)]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        answer = page.goto(site + address)
        assert answer is not None
        assert answer.status == 200, f"{address} {answer.status}"
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        wrong += [f"{address} {width} {scheme} {violation}" for violation in violations(page, {})]
        for narrow in (320, 640, 768):  # 640: what a screen of 1280 shows at 200 %
            page.set_viewport_size({"width": narrow, "height": 900})
            fits(page, narrow, address)
    return wrong
