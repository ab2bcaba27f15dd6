"""People before the real pages: what somebody does there, by keyboard alone or, without scripts, by forms."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

PASSWORD = "mot-de-passe-de-test"
FURTHEST = 400  # how often Tab is pressed before giving up
HAS_FOCUS = """it => {
  const at = document.activeElement;
  return at === it || (it.type === "radio" && at.name === it.name);
}"""
PAUSE = 3_000  # ms, longer than what a page waits for before it saves by itself


def stop_the_clock(page: Page) -> None:
    """No page of this browser saves by itself before :meth:`ByForms.wait_until_saved`."""
    page.clock.install(time=0)
    page.clock.pause_at(1)


class ByForms:
    """Somebody who fills in forms and follows links; the browser may run no script."""

    saves_by_itself = False

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site

    # --- one gesture ----------------------------------------------------------------------------------------

    def press(self, thing: Locator) -> None:
        """A link, a button, a summary."""
        thing.click()

    def write(self, field: Locator, text: str) -> None:
        field.fill(text)

    def pick(self, listed: Locator, value: str) -> None:
        listed.select_option(value)

    def tick(self, box: Locator) -> None:
        box.check()

    # --- what is made of them -------------------------------------------------------------------------------

    def go(self, path: str) -> None:
        self.page.goto(f"{self.site}{path}")

    def follow(self, name: str | re.Pattern[str], within: str = "main") -> None:
        self.press(self.page.locator(within).get_by_role("link", name=name, exact=isinstance(name, str)).first)

    def click(self, name: str) -> None:
        self.press(self.page.get_by_role("button", name=name, exact=True).first)

    def log_in(self, user: object) -> None:
        self.go("/compte/connexion/")
        self.write(self.page.get_by_label("Adresse électronique"), user.email)
        self.write(self.page.get_by_label("Mot de passe"), PASSWORD)
        self.click("Se connecter")
        self.page.wait_for_url(lambda url: "/compte/connexion/" not in url)

    def open_branches(self, field: Locator) -> None:
        """Open what hides a field, the outermost first."""
        closed = field.locator("xpath=ancestor::details[not(@open)]")
        while closed.count():
            self.press(closed.first.locator("> summary"))

    def answer(self, name: str, given: str | list[str]) -> None:
        """One answer of the page that is open, whatever its field is."""
        for value in given if isinstance(given, list) else [given]:
            field = self.page.locator(f'#page-form [name="{name}"]')
            if not field.count():
                self.press(self.page.locator("#page-form [name=more]"))
            kind = field.first.evaluate("it => it.type")
            if kind in ("radio", "checkbox"):
                field = field.and_(self.page.locator(f'[value="{value}"]')) if value != "on" else field
                self.open_branches(field)
                self.tick(field)
            elif kind == "select-one":
                self.pick(field, value)
            else:
                self.open_branches(field)
                self.write(field, value)

    def fill_in(self, answers: dict[str, str | list[str]]) -> None:
        """Fill in the page; where scripts run, see that it saved itself."""
        for name, given in answers.items():
            self.answer(name, given)
        if self.saves_by_itself:
            self.wait_until_saved()

    def wait_until_saved(self) -> None:
        """Let the pause of the page go by, and read what it says."""
        with self.page.expect_response(lambda answer: answer.request.method == "POST"):
            self.page.clock.run_for(PAUSE)
        expect(self.page.locator("[data-saved]")).to_have_text(re.compile(r"^Enregistré à \d+\sh(\s\d\d)?\.$"))

    def reads(self, words: str | re.Pattern[str], within: str = "main") -> None:
        expect(self.page.locator(within)).to_contain_text(words)

    def reads_state(self, words: str) -> None:
        expect(self.page.locator(".page-head .state")).to_have_text(words)


class ByKeys(ByForms):
    """Somebody who has only a keyboard: every gesture is Tab until the thing has the focus, then keys."""

    saves_by_itself = True

    def __init__(self, page: Page, site: str) -> None:
        super().__init__(page, site)
        stop_the_clock(page)

    def reach(self, thing: Locator) -> None:
        """Tab to it; a radio button is reached through its group, of which Tab knows one."""
        expect(thing).to_be_visible()
        wanted = thing.element_handle()
        for _ in range(FURTHEST):
            if wanted.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"le clavier n’atteint pas {thing}")

    def press(self, thing: Locator) -> None:
        self.reach(thing)
        self.page.keyboard.press("Enter")

    def write(self, field: Locator, text: str) -> None:
        self.reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def pick(self, listed: Locator, value: str) -> None:
        self.reach(listed)
        self.page.keyboard.press("Home")
        self._arrow_down(listed, "(it, value) => it.value === value", value)

    def tick(self, box: Locator) -> None:
        self.reach(box)
        if box.evaluate("it => it === document.activeElement"):
            if not box.is_checked():
                self.page.keyboard.press("Space")
        else:
            self._arrow_down(box, "it => it.checked")

    def _arrow_down(self, thing: Locator, is_there: str, value: str = "") -> None:
        for _ in range(FURTHEST):
            if thing.evaluate(is_there, value):
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"les flèches n’atteignent pas {thing}")
