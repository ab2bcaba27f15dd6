"""A real browser before the real pages: Debian's Chromium, driven by Playwright.

Every test of this folder is marked ``browser``; those of one file run in one worker, one after the other.
"""

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from axes.models import Framework
from cohesion.models import User
from cohesion.roles import make_groups
from projects.demo import load_demo_projects
from tests.factories import OfficerFactory
from tests.founding import founding_framework
from tests.migrated import copy_database

# The shell draws the same pages without the windows around them, which cost as much as the tests.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), None)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Axe().axe_script
# Measuring contrasts takes most of the time: the light is looked at on the wide screen, the dark on the narrow one.
# ``--every-screen`` looks at all four.
COLOURS = ["color-contrast", "link-in-text-block"]
Options = dict[str, object]
EVERYTHING: Options = {"resultTypes": ["violations"]}
COLOURS_ONLY = EVERYTHING | {"runOnly": COLOURS}
NO_COLOUR = EVERYTHING | {"rules": {name: {"enabled": False} for name in COLOURS}}
Screens = list[tuple[int, dict[str, Options]]]
SCREENS: Screens = [(1280, {"light": EVERYTHING}), (390, {"dark": EVERYTHING})]
LIGHT_SCREENS: Screens = [(1280, {"light": EVERYTHING}), (390, {"light": NO_COLOUR})]
EVERY_SCREEN = [(width, {"light": EVERYTHING, "dark": COLOURS_ONLY}) for width in (1280, 390)]
# A machine that runs two browsers at once takes its time.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; without one the tests are skipped, except where they must run (``CI=true``)."""
    if CHROMIUM is None:
        message = "Chromium est introuvable : les essais dans un navigateur n’ont pas eu lieu."
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open a new page; ``width``, and what Playwright's ``new_context`` takes, may be given."""
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = 1280, **options: object) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, locale="fr-FR", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def site(transactional_db: None, live_server) -> str:
    """The address of a running site without any framework. A flush took the groups away: they are made again."""
    make_groups()
    return live_server.url


@pytest.fixture
def founding_site(site: str) -> str:
    """The address of a running site that shows the founding text, unlocked."""
    founding_framework()
    Framework.objects.update(is_locked=False)
    return site


@pytest.fixture
def framework(founding_site: str) -> Framework:
    return Framework.objects.get()


@pytest.fixture
def agent_page(open_page: Callable[..., Page], founding_site: str) -> Callable[..., Page]:
    """Open a page on which an officer is logged in."""
    client = Client()
    client.force_login(OfficerFactory())

    def open_one(**options: object) -> Page:
        page = open_page(**options)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": founding_site}])
        return page

    return open_one


@pytest.fixture
def axe(open_page: Callable[..., Page], pytestconfig: pytest.Config) -> Callable[..., None]:
    """Check that an address breaks no accessibility rule, on a wide and a narrow screen, light and dark.

    ``before`` receives the page before it is checked, for what only shows after a gesture. The page gives up its
    Content-Security-Policy, which refuses the checking script too. ``dark=False`` is for a page made of what another
    one has shown in the dark; ``--every-screen`` looks there too.
    """
    every_screen = pytestconfig.getoption("every_screen")

    def check(
        address: str,
        *,
        before: Callable[[Page], None] = lambda page: None,
        page: Page | None = None,
        dark: bool = True,
        screens: Screens = SCREENS,
    ) -> None:
        page = page or open_page(bypass_csp=True)
        usual = screens if dark else LIGHT_SCREENS
        for width, schemes in EVERY_SCREEN if every_screen else usual:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(address)
            before(page)
            page.wait_for_load_state()
            for scheme, options in schemes.items():
                page.emulate_media(color_scheme=scheme)
                # Colours that pass from one to the other are no colours of the page.
                page.evaluate("document.getAnimations().forEach(one => one.finish())")
                assert violations(page, options) == [], f"{address} {width} {scheme}"

    return check


@pytest.fixture(scope="session")
def programme_rows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of a programme is kept once it is loaded (SQLite)."""
    return tmp_path_factory.mktemp("programme") / "programme.sqlite3"


@pytest.fixture
def programme_site(founding_site: str, programme_rows: Path) -> str:
    """The founding text with the invented programme: loaded once a worker, then put back with the whole database."""
    is_alone = connection.vendor == "sqlite" and not User.objects.exists()
    if is_alone and programme_rows.exists():
        copy_database(programme_rows, connection.settings_dict["NAME"])
        return founding_site
    load_demo_projects(Framework.objects.get())
    if is_alone:
        copy_database(connection.settings_dict["NAME"], programme_rows)
    return founding_site


@pytest.fixture
def axe_in_turn(axe: Callable[..., None], site: str) -> Callable[..., None]:
    """Check pages made of the same components: one on the wide light screen, the next on the narrow dark one."""

    def check(addresses: Iterable[str], page: Page) -> None:
        for number, address in enumerate(addresses):
            axe(site + address, page=page, screens=[SCREENS[number % len(SCREENS)]])

    return check


def violations(page: Page, options: Options) -> list[str]:
    """What axe finds wrong in the page as it stands, one sentence a rule."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE)
    # The style sheets are not read again for a rule that axe leaves off by itself: it would ask the site for them anew.
    options = EVERYTHING | {"preload": False} | options
    # What is right stays in the browser: it takes longer to bring here than to find.
    found = page.evaluate("options => axe.run(options).then(found => found.violations)", options)
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']][:3]} {rule['help']}" for rule in found]
