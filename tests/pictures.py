"""The pictures of the README: ``python -m tests.pictures http://127.0.0.1:8000`` while ``manage.py demo`` serves.

They show the demonstration as it is, light, on a laptop; the system's Chromium writes them in ``docs/pictures/``.
"""

import argparse
import base64
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SCREEN = {"width": 1280, "height": 800}
QUALITY = 82
LEAD, PASSWORD = "escale@demo.example", "essayer-sans-rien-craindre"


def home(page: Page) -> None:
    page.goto("/")


def coverage(page: Page) -> None:
    page.goto("/couverture/")
    page.locator("main h2").first.evaluate("title => title.scrollIntoView()")


def declaration(page: Page) -> None:
    """The page where a draft is linked to the framework, with the orientations that its words recall."""
    page.goto("/compte/connexion/")
    page.locator("[name=login]").fill(LEAD)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url("**/espace/")
    page.get_by_role("link", name="Continuer").first.click()
    page.get_by_role("link", name="Rattachement au cadre").first.click()
    page.wait_for_url("**/rattachement/")
    page.locator("h1").evaluate("title => title.scrollIntoView()")


def take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    options = {"format": "webp", "quality": QUALITY}
    picture = page.context.new_cdp_session(page).send("Page.captureScreenshot", options)
    (PICTURES / f"{name}.webp").write_bytes(base64.b64decode(picture["data"]))


def main(address: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(base_url=address, viewport=SCREEN, locale="fr-FR", color_scheme="light")
        for name, show in {"accueil": home, "couverture": coverage, "declaration": declaration}.items():
            show(page)
            take(page, name)
        browser.close()


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("address", help="l’adresse de la démonstration")
    main(options.parse_args().address)
