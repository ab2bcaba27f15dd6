"""Which orientation each paragraph of a document is: by its bookmark, else by its wording; what is left is new."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from uuid import UUID

from axes.exchange.state import OrientationState
from axes.levels import ROOT_LEVELS
from axes.models.orientation import TITLE_LENGTH
from axes.word.layout import Key
from axes.word.marks import Stood, canonical, digest
from axes.word.sheet import Item, TableSheet

CLOSE = 0.6  # from which two wordings are one that was retyped
SAME_CUT = 0.85  # from which two paragraphs together are one that was cut in two
MOST_COMPARED = 40_000  # pairs of wordings
LONGEST = 6 * TITLE_LENGTH  # characters of a text that may be the wording of an orientation, or of a few
NEW, GONE = "+", "-"  # before the keys of what is no orientation yet, and of what is none any more


@dataclass
class KnownOrientation:
    """An orientation as it is here, and how it stood when the document left (None: it was not there)."""

    state: OrientationState
    stood: Stood | None

    @property
    def printed(self) -> str:
        return f"{self.state.label} {self.state.title}" if self.state.label else self.state.title or ""

    def is_as_it_left(self, wording: str) -> bool:
        """Whether nobody changed its wording in the document, or as it was changed here."""
        left = self.stood is not None and self.stood.digest == digest(wording)
        return left or canonical(self.printed) == canonical(wording)

    def without_code(self, text: str) -> str:
        """A paragraph without the code that is printed before its wording."""
        first, _, rest = text.partition(" ")
        return rest if rest and first in self.codes else text

    def without_its_code(self, text: str) -> str:
        """A paragraph in which it was joined to another one, without the code that is printed amid it."""
        for code in self.codes:
            text = f" {text} ".replace(f" {code} ", " ", 1).strip()
        return text

    @property
    def codes(self) -> set[str]:
        """Those that may be printed before its wording: an axis has its label there."""
        if self.state.level in ROOT_LEVELS:
            return set()
        return {self.state.code, self.stood.code} if self.stood else {self.state.code}


@dataclass
class Finder:
    """Names the items of a sheet. ``known`` are the orientations by code, ``codes`` the codes by identity."""

    sheet: TableSheet
    known: dict[Key, KnownOrientation]
    codes: dict[UUID, Key]
    cut: dict[Key, Key] = field(default_factory=dict)  # a new paragraph → the orientation that it was cut from
    joined: dict[Key, Key] = field(default_factory=dict)  # an orientation → that with which it was joined
    retyped: set[Key] = field(default_factory=set)
    coded: set[Key] = field(default_factory=set)  # found by the code before a wording that is another

    def name(self) -> None:
        """Give each item its key and its wording."""
        placed = self._by_marks()
        missing = {key: known for key, known in self.known.items() if key not in placed and known.stood is not None}
        missing = {key: known for key, known in missing.items() if key not in self.joined}
        self._by_same_wording(missing)
        self._cut_in_two()
        self._by_close_wording(missing)
        self._by_code(missing)
        for number, item in enumerate(self._nameless(), start=1):
            item.key = f"{NEW}{number}"
            item.wording = self._uncoded(item)

    def _nameless(self) -> Iterator[Item]:
        return (item for item in self.sheet.items if not item.key)

    def _by_marks(self) -> set[Key]:
        placed: set[Key] = set()
        for item in self.sheet.items:
            marked = dict.fromkeys(self.codes[uid] for uid in item.uids if uid in self.codes)
            keys = [key for key in marked if key not in placed]
            if not keys:
                if item.uids and not any(uid in self.codes for uid in item.uids):
                    item.key, item.wording = f"{GONE}{item.uids[0].hex}", item.text
                continue
            best = keys[0]
            if len(keys) > 1:
                best = max(keys, key=lambda key: _likeness(self.known[key].printed, item.text))
                for key in keys:
                    if key != best and _is_within(self.known[key].printed, item.text):
                        self.joined[key] = best
            for key in self.joined.keys() & set(keys):
                item.text = self.known[key].without_its_code(item.text)
            self._is(item, best)
            placed.add(best)
        return placed

    def _is(self, item: Item, key: Key) -> None:
        item.key, item.wording = key, self.known[key].without_code(item.text)

    def _uncoded(self, item: Item) -> str:
        """The wording of a paragraph that bears no bookmark, without a code that was printed or copied before it."""
        first, _, rest = item.text.partition(" ")
        is_code = first == item.lead or first in self._codes
        return rest if rest and is_code else item.text

    @cached_property
    def _codes(self) -> set[str]:
        """All those that may be printed before a wording."""
        return set().union(*(known.codes for known in self.known.values()))

    def _by_same_wording(self, missing: dict[Key, KnownOrientation]) -> None:
        by_wording: dict[str, list[Key]] = {}
        for key, known in missing.items():
            for name in {digest(known.printed), known.stood.digest if known.stood else ""}:
                by_wording.setdefault(name, []).append(key)
        for item in self._nameless():
            same = [key for key in by_wording.get(digest(self._uncoded(item)), ()) if key in missing]
            same = [key for key in same if item.text.startswith(f"{key} ")] or same
            if same:
                self._recover(item, same[0], missing)

    def _cut_in_two(self) -> None:
        """Paragraphs without a bookmark that follow, in their cell, the beginning of the wording that they end."""
        before: Item | None = None
        so_far: dict[Key, str] = {}  # of each orientation, the pieces that follow one another
        for item in self.sheet.items:
            source = self.cut.get(before.key, before.key) if before and before.cell == item.cell else ""
            if not item.key and source in self.known:
                beginning = so_far.get(source, before.wording if before else "")
                if _is_cut(self.known[source], beginning, f"{beginning} {item.text}"):
                    so_far[source] = f"{beginning} {item.text}"
                    item.key, item.wording = f"{NEW}{item.cell}.{len(self.cut)}", item.text
                    self.cut[item.key] = source
            before = item

    def _by_close_wording(self, missing: dict[Key, KnownOrientation]) -> None:
        items = list(self._nameless())
        if len(items) * len(missing) > MOST_COMPARED:
            return
        pairs = [
            (_likeness(known.printed, self._uncoded(item)), number, key)
            for number, item in enumerate(items)
            for key, known in missing.items()
        ]
        for likeness, number, key in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
            if likeness < CLOSE:
                break
            if not items[number].key and key in missing:
                self._recover(items[number], key, missing)

    def _by_code(self, missing: dict[Key, KnownOrientation]) -> None:
        """What was written anew behind the code of an orientation that stands nowhere else."""
        for item in self._nameless():
            first, _, rest = item.text.partition(" ")
            key = next((key for key, known in missing.items() if first in known.codes), None)
            if key is not None and rest:
                self._recover(item, key, missing)
                self.coded.add(key)

    def _recover(self, item: Item, key: Key, missing: dict[Key, KnownOrientation]) -> None:
        self._is(item, key)
        item.wording = self._uncoded(item) if item.wording == item.text else item.wording
        self.retyped.add(key)
        del missing[key]


def _is_cut(whole: KnownOrientation, beginning: str, together: str) -> bool:
    """Whether two pieces are what an orientation said, which the first alone is not."""
    if whole.is_as_it_left(beginning):
        return False
    if whole.is_as_it_left(together):
        return True
    alike = _likeness(whole.printed, together)
    return alike >= SAME_CUT and alike > _likeness(whole.printed, beginning)


def _likeness(left: str, right: str) -> float:
    """From 0 to 1, how much two wordings share, by their words; 0 where that is little."""
    if max(len(left), len(right)) > LONGEST:
        return 0
    matcher = SequenceMatcher(None, _words(left), _words(right), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= CLOSE else 0


def _words(text: str) -> list[str]:
    return canonical(text).casefold().split()


def _is_within(part: str, whole: str) -> bool:
    """Whether most words of a wording stand in a text, in their order."""
    if len(whole) > LONGEST:
        return False
    words = _words(part)
    blocks = SequenceMatcher(None, words, _words(whole), autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= SAME_CUT * len(words)
