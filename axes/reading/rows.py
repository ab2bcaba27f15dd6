"""The rows that an officer sees and changes, from the proposal to the framework: kept as JSON."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from axes.levels import Level
from axes.reading.model import DocumentProposal
from axes.reading.placing import concerned, parents
from axes.reading.priority_types import proposed_type
from axes.reading.reasons import AS_THE_FIRST, OF_A_FORM
from axes.vocabulary import PRIORITY_KINDS
from cohesion.lib.text import squeeze

JOINED, CUT = "réunie à la main", "coupée à la main"


@dataclass
class ReadRow:
    """A line of the preview. ``id`` is its own as long as the reading lives; ``applies_to`` holds such keys.

    ``is_checked``: an officer has looked at what was doubtful.
    """

    id: int
    level: str
    title: str
    label: str = ""
    line: int = 0
    reason: str = ""
    doubt: str = ""
    columns: list[str] = field(default_factory=list)
    applies_to: list[int] = field(default_factory=list)
    is_checked: bool = False
    form: str = ""
    priority_type: str = ""
    type_reason: str = ""

    @property
    def is_to_check(self) -> bool:
        """Whether somebody looks at it by itself; one that shares the doubt of its form is settled with the first."""
        return self.is_doubtful and self.doubt != AS_THE_FIRST

    @property
    def is_doubtful(self) -> bool:
        """Whether it waits for somebody to look at it."""
        return bool(self.doubt) and not self.is_checked


@dataclass
class PlacedRow:
    """What places a row: its level, its line, the places (from 0) of those that it concerns."""

    level: Level | None
    line: int
    applies_to: list[int]


def rows_of(proposal: DocumentProposal, places: Collection[str] = ()) -> list[ReadRow]:
    """The rows of a proposal; their keys count from 1. ``places``: the names that a territorial priority may bear."""
    rows = []
    for key, node in enumerate(proposal.nodes, start=1):
        level = node.level.value if node.level is not None else ""
        row = ReadRow(key, level, node.title, node.label, node.line, node.reason, node.doubt, node.columns)
        row.form = node.form
        if node.level is not None and node.level.facts.is_closed:
            _give_type(row, places)
        row.applies_to = [target + 1 for target in node.applies_to]
        rows.append(row)
    return rows


def _give_type(row: ReadRow, places: Collection[str]) -> None:
    proposed = proposed_type(row.title, places)
    row.priority_type, row.type_reason = proposed.type.value, proposed.reason
    if proposed.doubt and not row.doubt:
        row.doubt = f"{PRIORITY_KINDS[proposed.type]} ? {proposed.doubt}"


def from_json(rows: Iterable[dict[str, Any]]) -> list[ReadRow]:
    return [ReadRow(**row) for row in rows]


def as_json(rows: Iterable[ReadRow]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]


def vouched(rows: list[ReadRow], key: int) -> list[ReadRow]:
    """What is verified of the first line of a form is of all those that share its doubt."""
    first = next((row for row in rows if row.id == key), None)
    if first is None or not first.doubt.startswith(OF_A_FORM):
        return rows
    return [
        replace(row, is_checked=first.is_checked) if row.form == first.form and row.doubt == AS_THE_FIRST else row
        for row in rows
    ]


def placed(rows: list[ReadRow]) -> list[PlacedRow]:
    """The rows as :mod:`axes.reading.placing` takes them."""
    places = {row.id: place for place, row in enumerate(rows)}
    out = []
    for row in rows:
        targets = [places[key] for key in row.applies_to if key in places]
        out.append(PlacedRow(Level(row.level) if row.level else None, row.line, targets))
    return out


def parents_of(rows: list[ReadRow]) -> list[int | None]:
    """The place of the parent of each row."""
    return parents(placed(rows))


def merged_of(rows: list[ReadRow]) -> list[list[int]]:
    """The places of those that each row concerns beside its parent, where they may be."""
    nodes = placed(rows)
    return [concerned(nodes, place) for place in range(len(nodes))]


# --- what an officer does of them ------------------------------------------------------------------------------


def joined(rows: list[ReadRow], key: int) -> list[ReadRow]:
    """The rows with one added to the end of the row above it, whose level and label stay."""
    place = _place(rows, key)
    if place < 1:
        return rows
    above, row = rows[place - 1], rows[place]
    text = squeeze(f"{above.title} {row.label} {row.title}")
    whole = replace(above, title=text, reason=f"{above.reason} ; {JOINED}", is_checked=True)
    renamed = {key: above.id}
    return [_renamed(other, renamed) for other in (*rows[: place - 1], whole, *rows[place + 1 :])]


def cut(rows: list[ReadRow], key: int, pieces: list[str]) -> list[ReadRow]:
    """The rows with one parted in several, of its level; the first keeps its key and its label."""
    place = _place(rows, key)
    pieces = [squeeze(piece) for piece in pieces if squeeze(piece)]
    if place < 0 or len(pieces) < 2:
        return rows
    row, free = rows[place], max(other.id for other in rows) + 1
    first = replace(row, title=pieces[0], is_checked=True)
    others = [
        replace(row, id=free + number, title=piece, label="", reason=f"{row.reason} ; {CUT}", is_checked=True)
        for number, piece in enumerate(pieces[1:])
    ]
    return [*rows[:place], first, *others, *rows[place + 1 :]]


def moved(rows: list[ReadRow], key: int, step: int) -> list[ReadRow]:
    """The rows with one a place up (``step`` -1) or down (+1); at the end of the list it stays."""
    place = _place(rows, key)
    target = place + step
    if place < 0 or not 0 <= target < len(rows):
        return rows
    out = list(rows)
    out[place], out[target] = out[target], out[place]
    return out


def alike(rows: list[ReadRow], key: int) -> list[ReadRow]:
    """The rows of the framework with the form of one, itself among them; those that nothing marks are alike to none."""
    row = next((row for row in rows if row.id == key), None)
    return [other for other in rows if row is not None and row.form and other.form == row.form and other.level]


def levelled(rows: list[ReadRow], key: int) -> list[ReadRow]:
    """The rows, with the level of one given to all those of its form, which are then checked."""
    others = {other.id for other in alike(rows, key)}
    level = next((row.level for row in rows if row.id == key), "")
    return [_levelled(row, level) if row.id in others else row for row in rows]


@dataclass(frozen=True)
class RowForm:
    """The rows of one form: the first, how many they are, and the level of most of them (empty: outside)."""

    first: ReadRow
    number: int
    level: str
    is_doubtful: bool

    @property
    def others(self) -> int:
        return self.number - 1


def forms_of(rows: list[ReadRow]) -> list[RowForm]:
    """The forms of the document in the order in which they come; those that nothing marks have none."""
    by_form: dict[str, list[ReadRow]] = {}
    for row in rows:
        if row.form:
            by_form.setdefault(row.form, []).append(row)
    forms = []
    for own in by_form.values():
        level, _ = Counter(row.level for row in own).most_common(1)[0]
        forms.append(RowForm(own[0], len(own), level, any(row.is_doubtful for row in own)))
    return forms


def mapped(rows: list[ReadRow], levels: Mapping[int, str]) -> list[ReadRow]:
    """The rows, with its level given to each form whose first row is named: all of them at once. What is doubtful of a
    whole form is then settled."""
    forms = {form.first.form: form for form in forms_of(rows)}
    chosen = {name: levels[form.first.id] for name, form in forms.items() if form.first.id in levels}
    return [
        _of_form(row, forms[row.form], chosen[row.form]) if chosen.get(row.form) in ("", *Level.values) else row
        for row in rows
    ]


def _of_form(row: ReadRow, form: RowForm, level: str) -> ReadRow:
    """A row with the level of its form, unless it stays that of most."""
    is_settled = row.is_checked or row.doubt.startswith((*OF_A_FORM, AS_THE_FIRST))
    return replace(row if level == form.level else _levelled(row, level), is_checked=is_settled or level != form.level)


def _levelled(row: ReadRow, level: str) -> ReadRow:
    is_changed = row.level != level
    columns = row.columns if level in row.columns else []
    is_closed = bool(level) and Level(level).facts.is_closed
    priority_type = row.priority_type if not is_changed or is_closed else ""
    is_checked = row.is_checked or is_changed
    return replace(row, level=level, columns=columns, is_checked=is_checked, priority_type=priority_type)


def _place(rows: list[ReadRow], key: int) -> int:
    return next((place for place, row in enumerate(rows) if row.id == key), -1)


def _renamed(row: ReadRow, renamed: dict[int, int]) -> ReadRow:
    targets = list(dict.fromkeys(renamed.get(key, key) for key in row.applies_to))
    return row if targets == row.applies_to else replace(row, applies_to=targets)
