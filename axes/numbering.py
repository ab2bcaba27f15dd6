"""Codes that follow from the place of an orientation: proposed, never given silently.

The founding document numbers only its axes. The rest is ours: ``5`` an axis, ``5.E1`` a challenge,
``5.2`` a strategic objective (counted through the whole axis), ``5.2.3`` an operational objective,
``5.2.3-a`` a priority. An objective that stands right under an axis or a challenge takes ``O`` (``4.O1``), so
that its code is never that of a strategic objective.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from axes.document import Node
from axes.levels import Level


@dataclass(frozen=True)
class Recoding:
    """An orientation, the code that it bears and the one that its place would give it."""

    node: Node
    old: str
    new: str

    @property
    def changes(self) -> bool:
        return self.old != self.new


def letters(number: int) -> str:
    """1 → a, 26 → z, 27 → aa: as a spreadsheet names its columns."""
    text = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def propose(nodes: Iterable[Node]) -> list[Recoding]:
    """The code that each orientation's place gives it, in document order. ``nodes`` are a whole framework."""
    counts: Counter[tuple[str, str]] = Counter()
    codes: dict[int, str] = {}
    proposals = []
    for node in nodes:
        code = _code(node, codes, counts)
        codes[node.orientation.pk] = code
        proposals.append(Recoding(node, node.orientation.code, code))
    return proposals


def _code(node: Node, codes: dict[int, str], counts: Counter[tuple[str, str]]) -> str:
    level = Level(node.orientation.level)
    if node.parent is None:
        counts["", level] += 1
        return str(counts["", level])
    axis = codes[node.axis.orientation.pk]
    if level.facts.is_counted_by_branch:
        counts[axis, level] += 1
        return f"{axis}.{level.facts.mark}{counts[axis, level]}"
    prefix = codes[node.parent.orientation.pk]
    counts[prefix, level] += 1
    if level.facts.is_closed:
        return f"{prefix}-{letters(counts[prefix, level])}"
    return f"{prefix}.{_mark(level, node.parent)}{counts[prefix, level]}"


def _mark(level: Level, parent: Node) -> str:
    """Nothing under the level just above, whose numbers are of another shape."""
    is_just_below = Level(parent.orientation.level).rank == level.rank - 1
    return "" if is_just_below else level.facts.mark


def next_code(parent: Node | None, level: Level, nodes: list[Node]) -> str:
    """A free code for a new last child of ``parent`` (None: a new axis), by the same scheme.

    Codes that officers chose are left alone: the first number that nobody bears is proposed.
    """
    taken = {node.orientation.code for node in nodes}
    if parent is None:
        pattern = "{}"
    elif level.facts.is_counted_by_branch:
        pattern = f"{parent.axis.orientation.code}.{level.facts.mark}{{}}"
    elif level.facts.is_closed:
        pattern = f"{parent.orientation.code}-{{}}"
    else:
        pattern = f"{parent.orientation.code}.{_mark(level, parent)}{{}}"
    number = 1
    while (code := pattern.format(letters(number) if level.facts.is_closed else number)) in taken:
        number += 1
    return code


def proposed_level(parent: Node | None) -> Level:
    """The level of a new child: that of the last child there is, else the next one down."""
    if parent is None:
        return next(level for level in Level if level.facts.is_root)
    if parent.children:
        return Level(parent.children[-1].orientation.level)
    below = Level(parent.orientation.level).below
    # Most branches go straight to what projects answer to.
    return next(level for level in below if level.facts.is_linkable) if parent.parent is None else below[0]
