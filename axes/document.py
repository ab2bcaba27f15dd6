"""The framework as its document prints it: axis bands across four columns, with merged cells.

One generator of rows serves the page, the PDF and the icicle (the same table without its wording).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from axes.choices import Level
from axes.models import Framework, Orientation
from axes.models.framework import COLUMN_LEVELS
from cohesion.lib.kept import Kept

COLUMNS = len(COLUMN_LEVELS)
PLACE = {level.value: place for place, level in enumerate(COLUMN_LEVELS)}
PRIORITY_COLUMN = PLACE[Level.PRIORITY.value]


class Node:
    """An orientation in its read framework: parents, children and merged cells linked without a query."""

    __slots__ = ("applies_to", "children", "merged", "orientation", "parent")

    def __init__(self, orientation: Orientation, parent: "Node | None") -> None:
        self.orientation = orientation
        self.parent = parent
        self.children: list[Node] = []
        self.applies_to: list[Node] = []
        self.merged: list[Node] = []  # the priorities whose cell covers this objective too

    @property
    def axis(self) -> "Node":
        return self if self.parent is None else self.parent.axis

    @property
    def path(self) -> "list[Node]":
        """The ancestors, from the axis down, without the node itself."""
        return [] if self.parent is None else [*self.parent.path, self.parent]

    @property
    def descendants(self) -> "Iterator[Node]":
        """All that stands under the node, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants


@dataclass(frozen=True)
class Cell:
    """A cell of the table: the orientations that it holds (none: an empty cell), where and how wide it is."""

    nodes: tuple[Node, ...]
    column: int
    colspan: int
    rowspan: int


@dataclass(frozen=True)
class Band:
    """An axis and the rows under it; a row holds only the cells that begin in it."""

    axis: Node
    rows: list[list[Cell]]


def read(framework: Framework) -> list[Node]:
    """All nodes of a framework, in document order, in two queries whatever their number."""
    nodes: dict[int, Node] = {}
    for orientation in Orientation.objects.filter(framework=framework).in_order():
        orientation.framework = framework
        parent = nodes[orientation.parent_id] if orientation.parent_id else None
        if parent is not None:
            orientation.parent = parent.orientation
        node = nodes[orientation.pk] = Node(orientation, parent)
        if parent is not None:
            parent.children.append(node)
    links = Orientation.applies_to.through._base_manager.filter(from_orientation__framework=framework)
    places = {pk: place for place, pk in enumerate(nodes)}
    pairs = links.values_list("from_orientation_id", "to_orientation_id")
    for source, target in sorted(pairs, key=lambda pair: (places[pair[0]], places[pair[1]])):
        nodes[source].applies_to.append(nodes[target])
        nodes[target].merged.append(nodes[source])
    return list(nodes.values())


_read: Kept[list[Node]] = Kept(4)


def kept(framework: Framework) -> list[Node]:
    """The nodes as :func:`read` has them, kept while the framework does not change: for pages, which only read."""
    return _read.get(framework.state, lambda: read(framework))


def bands(nodes: list[Node], *, split: bool = False) -> Iterator[Band]:
    """The table, axis by axis.

    Priorities of one objective stand in one cell, as do objectives that share a merged cell; with ``split``
    each orientation has a cell of its own (the icicle).
    """
    for node in nodes:
        if node.parent is None:
            yield Band(node, _body(node, 0, split))


def _span(node: Node, first: int) -> tuple[int, int]:
    """The first column of a node's cell and its width; it never covers the column of a child."""
    places = [PLACE[level] for level in node.orientation.span]
    start = max(places[0], first)
    end = max(places[-1] + 1, start + 1)
    below = [PLACE[child.orientation.level] for child in node.children]
    return start, max(1, min([end, *below]) - start)


def _empty(column: int, end: int, rows: int) -> list[Cell]:
    return [Cell((), column, end - column, rows)] if column < end else []


def _branch(node: Node, first: int, split: bool) -> list[list[Cell]]:
    """The rows of a node and of all under it, from the column ``first`` on."""
    start, width = _span(node, first)
    rows = _body(node, start + width, split)
    rows[0] = [*_empty(first, start, len(rows)), Cell((node,), start, width, len(rows)), *rows[0]]
    return rows


def _body(node: Node, first: int, split: bool) -> list[list[Cell]]:
    """The rows of a node's children, from the column ``first`` on: one empty row where there is none."""
    if first >= COLUMNS:
        return [[]]
    rows: list[list[Cell]] = []
    shown: set[int] = set()
    for is_priority, run in groupby(node.children, key=lambda child: child.orientation.level == Level.PRIORITY):
        children = [child for child in run if child.orientation.pk not in shown]
        if is_priority:
            for group in [[child] for child in children] if split else [children] if children else []:
                cell = Cell(tuple(group), PRIORITY_COLUMN, 1, 1)
                rows.append([*_empty(first, PRIORITY_COLUMN, 1), cell])
            continue
        for priorities, sharing in groupby(children, key=_merged_priorities):
            group = list(sharing)
            if priorities and {n.orientation.pk for p in priorities for n in p.applies_to} == {
                n.orientation.pk for n in group
            }:
                rows.extend(_merged(group, priorities, first, split))
                shown |= {priority.orientation.pk for priority in priorities}
            else:
                for child in group:
                    rows.extend(_branch(child, first, split))
    return rows or [_empty(first, COLUMNS, 1)]


def _merged_priorities(node: Node) -> tuple[Node, ...]:
    """The priorities that cover this objective together with others, when it has no other children."""
    own = {child.orientation.pk for child in node.children}
    return tuple(node.merged) if own <= {priority.orientation.pk for priority in node.merged} else ()


def _merged(objectives: list[Node], priorities: tuple[Node, ...], first: int, split: bool) -> list[list[Cell]]:
    """Objectives side by side with the priorities that concern them all."""
    start, width = _span(objectives[0], first)
    width = PRIORITY_COLUMN - start
    if not split:
        lead = _empty(first, start, 1)
        return [[*lead, Cell(tuple(objectives), start, width, 1), Cell(priorities, PRIORITY_COLUMN, 1, 1)]]
    height = max(len(objectives), len(priorities))
    rows: list[list[Cell]] = [[] for _ in range(height)]
    rows[0].extend(_empty(first, start, height))
    for group, column, colspan in ((objectives, start, width), (priorities, PRIORITY_COLUMN, 1)):
        for number, node in enumerate(group):
            top, bottom = number * height // len(group), (number + 1) * height // len(group)
            rows[top].append(Cell((node,), column, colspan, bottom - top))
    return rows
