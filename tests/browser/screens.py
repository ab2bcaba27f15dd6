"""What is looked at on a screen, and waited for: a gesture may still be bringing the next page."""

from playwright.sync_api import Page, expect


def fits(page: Page, width: int, where: str = "") -> None:
    """The page is as wide as its window: nothing scrolls sideways."""
    expect(page.locator("html"), where).to_have_js_property("scrollWidth", width)
