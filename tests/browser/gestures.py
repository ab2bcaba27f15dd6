"""People whose gestures are counted, and the time that these would take: an estimate, by the keystroke-level model.

A sign typed by somebody who is no typist, or Tab: 0.28 s. Pointing: 1.1 s, and pressing: 0.2 s. A hand that goes from
the mouse to the keys or back: 0.4 s. Deciding before each field or button: 1.35 s. The pages: what they took here.
Reading is no gesture: who measures adds it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser.people import ByForms, ByKeys

SIGN, POINTING, PRESSING, HAND, DECIDING = 0.28, 1.1, 0.2, 0.4, 1.35  # seconds
LOADED = """() => [performance.timeOrigin, (performance.getEntriesByType("navigation")[0] || {}).duration || 0]"""
# Whether another page comes: a row is added in place.
LEADS = """it => it.tagName === "A" ? !it.getAttribute("href").startsWith("#")
  : it.type === "submit" && !["more", "less"].includes(it.name)"""
HEIGHT = "document.documentElement.scrollHeight"


@dataclass
class Gestures:
    """What was done: ``presses`` by mouse or finger, ``keys`` that write nothing, ``signs`` typed."""

    fields: int = 0
    presses: int = 0
    keys: int = 0
    signs: int = 0
    hands: int = 0
    decisions: int = 0
    pages: int = 0
    loading: float = 0.0

    @property
    def typing(self) -> float:
        return self.signs * SIGN

    @property
    def seconds(self) -> float:
        by_hand = self.presses * (POINTING + PRESSING) + self.keys * SIGN + self.hands * HAND
        return by_hand + self.typing + self.decisions * DECIDING + self.loading

    def __sub__(self, before: "Gestures") -> "Gestures":
        return Gestures(**{name: value - getattr(before, name) for name, value in vars(self).items()})

    def copy(self) -> "Gestures":
        return Gestures(**vars(self))

    def __str__(self) -> str:
        return (
            f"{self.fields} champs, {self.presses} clics, {self.keys} touches, {self.signs} signes tapés, "
            f"{self.pages} pages ({self.loading:.1f} s de chargement) : {self.seconds / 60:.1f} min estimées, dont "
            f"{self.typing / 60:.1f} à taper"
        )


class Counting:
    """Counts the pages that come, whatever brings them."""

    page: Page

    def begin(self) -> None:
        self.gestures, self.origin = Gestures(), 0.0

    def follow_through(self, thing: Locator, gesture: Callable[[Locator], None]) -> None:
        """Press, and wait for the page that it brings."""
        if thing.evaluate(LEADS):
            with self.page.expect_navigation(wait_until="load"):
                gesture(thing)
        else:
            gesture(thing)
        self.count_page()

    def count_page(self) -> None:
        """A page that is new counts, with the time that it took."""
        origin, duration = self.page.evaluate(LOADED)
        if origin != self.origin:
            self.origin = origin
            self.gestures.pages += 1
            self.gestures.loading += duration / 1000

    @property
    def height(self) -> int:
        return int(self.page.evaluate(HEIGHT))


class ByPointing(Counting, ByForms):
    """A mouse and keys; or a finger, where the hand goes nowhere."""

    def __init__(self, page: Page, site: str, *, is_finger: bool = False) -> None:
        super().__init__(page, site)
        self.is_finger = is_finger
        self.begin()

    def _point(self, thing: Locator) -> None:
        self.gestures.presses += 1
        self.gestures.decisions += 1
        if thing.get_attribute("name") == "more":  # what the page tells may move the button under a slow browser
            thing.dispatch_event("click")
        elif self.is_finger:
            thing.tap()
        else:
            thing.click()

    def press(self, thing: Locator) -> None:
        self.follow_through(thing, self._point)

    def write(self, field: Locator, text: str) -> None:
        self.gestures.fields += 1
        if field.input_value() == text:
            return  # it is there already
        self._point(field)
        self.gestures.hands += 0 if self.is_finger else 2
        self.gestures.signs += len(text)
        field.fill(text)

    def pick(self, listed: Locator, value: str) -> None:
        """Open the list, press the choice."""
        self.gestures.fields += 1
        if listed.input_value() == value:
            return
        self.gestures.presses += 2
        self.gestures.decisions += 1
        listed.select_option(value)

    def tick(self, box: Locator) -> None:
        self.gestures.fields += 1
        if not box.is_checked():
            self._point(box)


class ByCountedKeys(Counting, ByKeys):
    """A keyboard alone, each Tab counted; the page saves by itself in its own time."""

    saves_by_itself = False

    def __init__(self, page: Page, site: str) -> None:
        ByForms.__init__(self, page, site)
        self.begin()
        self.count_keys()

    def count_keys(self) -> None:
        press = self.page.keyboard.press

        def counted(key: str, **options: object) -> None:
            self.gestures.keys += 1
            press(key, **options)

        self.page.keyboard.press = counted

    def press(self, thing: Locator) -> None:
        self.gestures.decisions += 1
        self.follow_through(thing, super().press)

    def write(self, field: Locator, text: str) -> None:
        self.gestures.fields += 1
        if field.input_value() == text:
            return
        self.gestures.decisions += 1
        self.gestures.signs += len(text)
        super().write(field, text)

    def pick(self, listed: Locator, value: str) -> None:
        self.gestures.fields += 1
        self.gestures.decisions += 1
        super().pick(listed, value)

    def tick(self, box: Locator) -> None:
        self.gestures.fields += 1
        self.gestures.decisions += 1
        super().tick(box)
