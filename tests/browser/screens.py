"""What is looked at on a screen, and waited for: a gesture may still be bringing the next page."""

import re
from collections.abc import Iterable

from django.test import Client
from playwright.sync_api import Page, expect

from cohesion.lib.people import Person
from tests.browser.conftest import violations

IN_TURN = ((1280, "light"), (390, "dark"))
NARROW = (320, 640, 768)  # 640: what a screen of 1280 shows at 200 %
# What reaches furthest beyond the window, so that who reads the failure knows where to look.
WIDEST = """width => [...document.querySelectorAll("body *")]
    .map(element => [element.getBoundingClientRect().right, element])
    .filter(([right]) => right > width + 1)
    .map(([right, element]) => `${element.tagName.toLowerCase()}.${element.className} ${Math.round(right)}`)
    .slice(0, 4).join(", ")"""


# What opens something says whether it is open; what is a box by its role says whether it is ticked.
STATES = {"combobox": "expanded", "checkbox": "checked", "switch": "checked", "tab": "selected"}
STATELESS = ", ".join(f"[role={role}]:not([aria-{state}])" for role, state in STATES.items())
# What a screen reader says: a role, then the name in quotation marks, then the states.
WIDGET = re.compile(r"- (textbox|searchbox|combobox|listbox|option|checkbox|radio|button|spinbutton|switch|tab)\b")
NAMED = re.compile(r'- \w+ (?:"|/)')


def unheard(page: Page) -> list[str]:
    """The widgets of a page that a screen reader cannot name, and the ticks and folds whose state it cannot say."""
    said = page.locator("body").aria_snapshot().splitlines()
    nameless = [line.strip() for line in said if WIDGET.search(line) and not NAMED.search(line)]
    stateless = [widget.inner_html() for widget in page.locator(STATELESS).all()]
    return [*nameless, *stateless]


def fits(page: Page, width: int, where: str = "") -> None:
    """The page is as wide as its window: nothing scrolls sideways."""
    expect(page.locator("html"), where).to_have_js_property("scrollWidth", width)


def too_wide(page: Page, address: str) -> list[str]:
    """On which narrow screens the page scrolls sideways."""
    wrong = []
    for width in NARROW:
        page.set_viewport_size({"width": width, "height": 900})
        try:
            fits(page, width, address)
        except AssertionError:
            wrong.append(f"{address} {width} scrolls sideways: {page.evaluate(WIDEST, width)}")
    return wrong


def log_in(page: Page, site: str, user: Person) -> Page:
    """The page, on which somebody is logged in without having typed anything."""
    client = Client()
    client.force_login(user)
    page.context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": site}])
    return page


def look_at(page: Page, site: str, addresses: Iterable[str]) -> list[str]:
    """What is wrong on these screens, each loaded once: a wide light one and a narrow dark one in turn for the rules
    of accessibility; each fits a phone and a tablet, and a screen reader names each widget and says its state."""
    wrong = []
    for number, address in enumerate(addresses):
        width, scheme = IN_TURN[number % len(IN_TURN)]
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        answer = page.goto(site + address)
        assert answer is not None
        if answer.status != 200:
            wrong.append(f"{address} {answer.status}")
            continue
        page.evaluate("document.getAnimations().forEach(one => one.finish())")
        wrong += [f"{address} {width} {scheme} {violation}" for violation in violations(page, {})]
        wrong += [f"{address} is not heard: {widget}" for widget in unheard(page)]
        wrong += too_wide(page, address)
    return wrong
