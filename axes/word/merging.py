"""What a document that came back makes of a framework: each orientation as it would be, by what was done in the file.

What the document left as it was stays as it is here, whatever happened to it meanwhile.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from axes import numbering
from axes.document import Node
from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import OrientationState
from axes.levels import CLOSED_LEVELS, COLUMN_LEVELS, ROOT_LEVELS, Level
from axes.models import Orientation
from axes.word.brought import SHOWN, column_under
from axes.word.finding import GONE, KnownOrientation
from axes.word.layout import Key, TablePlace
from axes.word.marks import canonical
from axes.word.sheet import Item
from cohesion.lib.rising import longest_rising
from cohesion.lib.spreadsheets import Problem


@dataclass
class Merging:
    """``known`` are the orientations by code; ``before`` and ``after`` where each stood when the document left, and
    where it stands in it now. ``titles`` are those of the columns.

    ``states`` are what would be, by code; ``codes`` those of the keys; ``follows`` the orientations whose merged cell
    only takes in or leaves what came or went; ``cells`` the cell of each whose own cell was merged or split.
    """

    known: dict[Key, KnownOrientation]
    before: dict[Key, TablePlace]
    after: dict[Key, TablePlace]
    titles: list[str]
    states: dict[str, OrientationState] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    codes: dict[Key, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    follows: set[str] = field(default_factory=set)
    guessed: dict[str, str] = field(default_factory=dict)  # a new one that stands beside nothing → under what
    moved: set[Key] = field(default_factory=set)

    def merge(self, items: Iterable[Item]) -> None:
        """Say what each would be. What stands to the left is settled before what stands beside it."""
        by_key = {item.key: item for item in items}
        self.states = {key: replace(known.state) for key, known in self.known.items()}
        self.codes = {key: key for key in self.known}
        self.nodes = [Node(Orientation(code=code), None) for code in self.known]
        ordered = sorted(self.after.items(), key=lambda pair: (pair[1].columns.start, pair[1].order))
        axes = [(key, place) for key, place in ordered if not place.left]
        for key, place in [*axes, *((key, place) for key, place in ordered if place.left)]:
            item = by_key[key]
            if key in self.known:
                self._keep(item, place)
            else:
                self._add(item, place)
        self._order()

    # --- one that is there ------------------------------------------------------------------------------------

    def _keep(self, item: Item, place: TablePlace) -> None:
        known, state = self.known[item.key], self.states[item.key]
        self.rows[item.key] = item.row
        if not known.is_as_it_left(item.wording):
            state.label, state.title = split_label(item, state.label or "", state.title or "")
            self._check_title(item, place, state)
            state.corrected_title = ""  # it was that of the former wording
        before = self.before.get(item.key)
        if before is None or not place.left:
            return
        self._settle_level(item, place, before, state)
        self._settle_parent(item.key, place, before, state)

    def _settle_level(self, item: Item, place: TablePlace, before: TablePlace, state: OrientationState) -> None:
        if place.columns == before.columns:
            return
        covered = [COLUMN_LEVELS[column].value for column in place.columns]
        if state.level not in covered:
            state.level = self._mates_level(item.key, place) or _level_of(covered)
            self.moved.add(item.key)
            if state.level not in CLOSED_LEVELS:
                state.priority_type = ""
        state.columns = covered if len(covered) > 1 else []

    def _settle_parent(self, key: Key, place: TablePlace, before: TablePlace, state: OrientationState) -> None:
        left, former = self._present(place.left), set(before.left)
        if set(left) == former or (not self._is_beside(place) and place.above in former):
            return
        if former.intersection(left):
            self._settle_cell(key, left, former, state)
            return
        self.moved.add(key)
        heir = self._heir(state)
        if former.isdisjoint(self.after) and (heir in left or not self._is_beside(place)):
            state.parent, state.applies_to = heir, []
            return
        self._place_by_layout(key, place, state)

    def _settle_cell(self, key: Key, left: list[Key], former: set[Key], state: OrientationState) -> None:
        """It stands beside some of those that it stood beside, with others or without some."""
        come, gone = set(left) - former, former - set(left)
        kept = [target for target in state.applies_to or [] if target in gone and target not in self.after]
        codes = self._codes(left)
        targets = [*codes, *kept]
        state.applies_to = targets if len(targets) > 1 else []
        has_come = {other for other in come if other not in self.known or other in self.moved}
        has_gone = {other for other in gone if other not in self.after or other in self.moved}
        if come == has_come and gone == has_gone:
            self.follows.add(key)
        if state.parent in gone and state.parent in self.after:
            state.parent = codes[-1]

    def _heir(self, state: OrientationState) -> str:
        """The nearest of those that an orientation stood under that the document still has."""
        parent, seen = state.parent, set()
        while parent and parent not in self.after and parent not in seen:
            seen.add(parent)
            parent = self.states[parent].parent
        return parent or ""

    # --- one that comes ---------------------------------------------------------------------------------------

    def _add(self, item: Item, place: TablePlace) -> None:
        state = OrientationState(code="", level=next(iter(ROOT_LEVELS)))
        state.title = item.wording
        if place.left:
            covered = [COLUMN_LEVELS[column].value for column in place.columns]
            state.level = self._mates_level(item.key, place) or _level_of(covered)
            state.columns = covered if len(covered) > 1 else []
            self._place_by_layout(item.key, place, state)
        else:
            labels = [known.state.label for known in self.known.values() if known.state.label]
            state.label, state.title = new_label(item, [label for label in labels if label])
        self._check_title(item, place, state)
        parent = self._node(state.parent)
        state.code = numbering.next_code(parent, Level(state.level or ""), self.nodes)
        self.nodes.append(Node(Orientation(code=state.code, level=state.level), parent))
        self.codes[item.key], self.states[state.code] = state.code, state
        self.rows[state.code] = item.row
        if place.left and place.columns.start > 0 and not self._is_beside(place):
            self.guessed[state.code] = state.parent

    def replaced(self, cut: Collection[Key]) -> dict[str, str]:
        """The code of each new one → that of the one that is gone from its place: the only two of their level there.

        ``cut`` are the keys of those that were cut from another one.
        """
        come: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        gone: defaultdict[tuple[str | None, str | None], list[str]] = defaultdict(list)
        for key, code in self.codes.items():
            if key not in self.known and key not in cut:
                come[self.states[code].parent, self.states[code].level].append(code)
        for key, known in self.known.items():
            if key not in self.after and known.stood is not None:
                gone[known.state.parent, known.state.level].append(key)
        return {codes[0]: gone[place][0] for place, codes in come.items() if len(codes) == len(gone[place]) == 1}

    def _node(self, code: str) -> Node | None:
        """One with those above it, as the numbering reads them."""
        path: list[str] = []
        while code and code not in path:
            path.append(code)
            code = self.states[code].parent
        node: Node | None = None
        for above in reversed(path):
            node = Node(Orientation(code=above, level=self.states[above].level), node)
        return node

    # --- places -----------------------------------------------------------------------------------------------

    def _is_beside(self, place: TablePlace) -> bool:
        """Whether anything stands to the left."""
        return place.left != (place.axis,)

    def _present(self, keys: Iterable[Key]) -> list[Key]:
        return [key for key in keys if not key.startswith(GONE)]

    def _codes(self, keys: Iterable[Key]) -> list[str]:
        return [self.codes[key] for key in keys if key in self.codes]

    def _mates(self, key: Key, place: TablePlace) -> Iterator[OrientationState]:
        """The others of its cell: those before it, the nearest first, then those after it."""
        own = place.mates.index(key)
        for mate in [*reversed(place.mates[:own]), *place.mates[own + 1 :]]:
            if mate in self.codes and mate not in self.moved:
                yield self.states[self.codes[mate]]

    def _mates_level(self, key: Key, place: TablePlace) -> str | None:
        return next((mate.level for mate in self._mates(key, place)), None)

    def _place_by_layout(self, key: Key, place: TablePlace, state: OrientationState) -> None:
        """Give the parent that the place in the table tells: that of the others in its cell, else what is beside it."""
        mate = next((mate for mate in self._mates(key, place) if mate.level == state.level), None)
        if mate is not None:
            state.parent, state.applies_to = mate.parent, list(mate.applies_to or [])
            return
        beside = place.left if self._is_beside(place) else (place.above or place.axis,)
        codes = self._codes(self._present(beside)) or self._codes([place.axis])
        wider = [code for code in codes if _rank(self.states[code]) < _rank(state)]
        if not wider:
            state.parent, state.applies_to = self._wider(codes[-1], state), []
            return
        shared = {self.states[code].parent for code in wider}
        state.parent = shared.pop() if len(wider) > 1 and len(shared) == 1 else wider[-1]
        state.applies_to = wider if len(wider) > 1 else []

    def _wider(self, code: str, state: OrientationState) -> str:
        """The nearest of those above one under which a state may stand."""
        seen: set[str] = set()
        while code and code not in seen and _rank(self.states[code]) >= _rank(state):
            seen.add(code)
            code = self.states[code].parent
        return code

    # --- order ------------------------------------------------------------------------------------------------

    def _order(self) -> None:
        """Put the states in their order to be: that of today, and where the document changed it, its own."""
        in_file = [self.codes[key] for key in sorted(self.after, key=lambda key: self.after[key].order)]
        absent = {key for key, known in self.known.items() if known.stood is not None and key not in self.after}
        siblings: dict[str, list[str]] = {}
        for code in in_file:
            siblings.setdefault(self.states[code].parent, []).append(code)
        present: dict[str, list[str]] = {}
        for key in self.known:
            if key not in absent:
                present.setdefault(self.states[key].parent, []).append(key)
        ordered = {
            parent: self._siblings(parent, present.get(parent, []), siblings.get(parent, []))
            for parent in [*siblings, *present]
        }
        self.states = {code: self.states[code] for code in _preorder(ordered)}

    def _siblings(self, parent: str, present: list[str], in_file: list[str]) -> list[str]:
        stay = [
            code
            for code in in_file
            if code in self.before and code in self.known and self.known[code].state.parent == parent
        ]
        kept = longest_rising(stay, lambda code: self.before[code].order)
        placed = [code for code in present if code in kept or code not in in_file]
        for place, code in enumerate(in_file):
            if code not in kept:
                previous = in_file[place - 1] if place else None
                placed.insert(placed.index(previous) + 1 if previous else 0, code)
        return placed

    # --- wordings ---------------------------------------------------------------------------------------------

    def _check_title(self, item: Item, place: TablePlace, state: OrientationState) -> None:
        values: dict[str, Any] = {"title": state.title, "label": state.label}
        for name, value in values.items():
            try:
                setattr(state, name, ORIENTATIONS.by_attribute[name].widget.read(value))
            except ValueError as error:
                axis = place.axis if place.axis in self.known else ""
                column = column_under(self.titles[place.column], axis) if place.left else axis
                self.problems.append(Problem(str(error), item.row, column, item.text[:SHOWN]))


def _level_of(covered: list[str]) -> str:
    """The level of what is written in a cell that covers these columns: the narrowest that holds others."""
    return next((level for level in reversed(covered) if level not in CLOSED_LEVELS), covered[-1])


def _rank(state: OrientationState) -> int:
    return Level(state.level or "").rank


def _preorder(siblings: dict[str, list[str]]) -> Iterator[str]:
    """All codes, parents before their children; those that stand under one another in a circle come last."""
    seen: set[str] = set()
    waiting = list(reversed(siblings.get("", [])))
    while waiting:
        code = waiting.pop()
        if code not in seen:
            seen.add(code)
            yield code
            waiting += reversed(siblings.get(code, []))
    for codes in siblings.values():
        yield from (code for code in codes if code not in seen)


def split_label(item: Item, label: str, title: str) -> tuple[str, str]:
    """The label and the wording of an orientation whose paragraph was changed, by those that it had."""
    if not label:
        return "", like(title, item.wording)
    words = item.wording.split(" ")
    for end in range(1, len(words)):
        if canonical(" ".join(words[:end])) == canonical(label):
            return label, like(title, " ".join(words[end:]))
    for start in range(1, len(words)):
        if canonical(" ".join(words[start:])) == canonical(title):
            return " ".join(words[:start]), title
    return label, like(title, item.wording)


def new_label(item: Item, labels: list[str]) -> tuple[str, str]:
    """The label and the wording of a new axis: it is labelled as the others are, but for its number."""
    if item.lead and item.wording.startswith(f"{item.lead} "):
        return item.lead, item.wording[len(item.lead) + 1 :]
    words = item.wording.split(" ")
    shapes = {_shape(label) for label in labels}
    for end in range(len(words) - 1, 0, -1):
        if _shape(" ".join(words[:end])) in shapes:
            return " ".join(words[:end]), " ".join(words[end:])
    return "", item.wording


def _shape(label: str) -> str:
    return "".join("0" if letter.isdigit() else letter for letter in canonical(label).casefold())


def like(before: str, after: str) -> str:
    """A new wording with the apostrophes and the ellipses of the former one, which word processors change."""
    for straight, curly in (("'", "’"), ("...", "…")):
        if straight in before and curly not in before:
            after = after.replace(curly, straight)
        elif curly in before and straight not in before:
            after = after.replace(straight, curly)
    return after
