"""The framework as its document prints it: axis bands across four columns, with merged cells.

One generator of rows serves the page, the PDF and the icicle (the same table without its wording).
"""

import json
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import TextField
from django.db.models.functions import Cast

from axes.levels import CLOSED_LEVELS, COLUMN_LEVELS
from axes.models import Framework, Orientation
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare

COLUMNS = len(COLUMN_LEVELS)
PLACE = {level.value: place for place, level in enumerate(COLUMN_LEVELS)}
LARGE = 300  # orientations from which a page says the wording of each only where it is read
LAST_COLUMN = COLUMNS - 1


class Node:
    """An orientation in its read framework: parents, children and merged cells linked without a query."""

    __slots__ = ("applies_to", "children", "merged", "orientation", "parent", "pk")

    def __init__(self, orientation: Orientation, parent: "Node | None") -> None:
        self.pk = orientation.pk  # asked thousands of times a page: a model's own costs more
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
class DocumentCell:
    """A cell of the table: the orientations that it holds (none: an empty cell), where and how wide it is."""

    nodes: tuple[Node, ...]
    column: int
    colspan: int
    rowspan: int


@dataclass(frozen=True)
class Band:
    """An axis and the rows under it; a row holds only the cells that begin in it."""

    axis: Node
    rows: list[list[DocumentCell]]


def read_nodes(framework: Framework) -> list[Node]:
    """All nodes of a framework, in document order, in two queries whatever their number."""
    orientations = list(Orientation.objects.filter(framework=framework).in_order())
    return linked(framework, orientations, _merged_pairs(framework, {orientation.pk for orientation in orientations}))


def kept(framework: Framework | None) -> list[Node]:
    """The nodes as :func:`read_nodes` has them, kept while the framework does not change: for pages, which only read.
    Without a framework there are none.

    A framework also changes with what is done for it, and one wording at a time. So its bare rows are read at each
    change, and an axis of which none has changed keeps its nodes: they are the key of what is written about them.
    """
    return [] if framework is None else _read.get(framework.state, lambda: _reread(framework))


_read: Kept[list[Node]] = Kept(4)
_axes: Kept[list[Node]] = Kept(64)
Row = tuple[Any, ...]
Pair = tuple[int, int]
# What pages say of an orientation, in the order of the model; what is left out is read when somebody asks for it.
SHOWN = [
    field.attname
    for field in Orientation._meta.concrete_fields
    if field.name not in ("framework", "uid", "version", "updated_at")
]
KEY, TREE, SPAN = (SHOWN.index(name) for name in ("id", "tree_id", "columns"))


def _reread(framework: Framework) -> list[Node]:
    orientations = Orientation.objects.filter(framework=framework).in_order()
    wanted = [Cast(name, TextField()) if name == "columns" else name for name in SHOWN]
    rows = bare(orientations.values_list(*wanted))
    axes = _by_axis(rows, _merged_pairs(framework, {row[KEY] for row in rows}))
    return [node for some, their in axes for node in _axis(framework, some, their)]


def _axis(framework: Framework, rows: tuple[Row, ...], pairs: tuple[Pair, ...]) -> list[Node]:
    key = (framework.pk, framework.slug, framework.status, rows, pairs)
    # A copy: who gave the framework may change it, and the nodes stand for what it was.
    return _axes.get(key, lambda: linked(copy(framework), map(_shown, rows), pairs))


def _by_axis(rows: list[Row], pairs: list[Pair]) -> Iterator[tuple[tuple[Row, ...], tuple[Pair, ...]]]:
    """The rows of each axis with its merged cells; all of them at once if a cell reaches into another axis."""
    axis = {row[KEY]: row[TREE] for row in rows}
    if any(axis[source] != axis[target] for source, target in pairs):
        yield tuple(rows), tuple(pairs)
        return
    for tree, some in groupby(rows, key=itemgetter(TREE)):
        yield tuple(some), tuple(pair for pair in pairs if axis[pair[0]] == tree)


def _shown(row: Row) -> Orientation:
    return Orientation.from_db("default", SHOWN, [*row[:SPAN], json.loads(row[SPAN]), *row[SPAN + 1 :]])


def _merged_pairs(framework: Framework, known: set[int]) -> list[Pair]:
    """Which orientations (``known`` by their keys) a merged cell concerns; what came since they were read waits."""
    links = Orientation.applies_to.through._base_manager.filter(from_orientation__framework=framework)
    return [pair for pair in links.values_list("from_orientation_id", "to_orientation_id") if known.issuperset(pair)]


def linked(framework: Framework, orientations: Iterable[Orientation], pairs: Iterable[Pair]) -> list[Node]:
    """The nodes of these orientations of a framework, which come in document order; ``pairs`` tell merged cells."""
    nodes: dict[int, Node] = {}
    for orientation in orientations:
        orientation.framework = framework
        parent = nodes[orientation.parent_id] if orientation.parent_id else None
        if parent is not None:
            orientation.parent = parent.orientation
        node = nodes[orientation.pk] = Node(orientation, parent)
        if parent is not None:
            parent.children.append(node)
    places = {pk: place for place, pk in enumerate(nodes)}
    for source, target in sorted(pairs, key=lambda pair: (places[pair[0]], places[pair[1]])):
        nodes[source].applies_to.append(nodes[target])
        nodes[target].merged.append(nodes[source])
    return list(nodes.values())


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


def _empty(column: int, end: int, rows: int) -> list[DocumentCell]:
    return [DocumentCell((), column, end - column, rows)] if column < end else []


def _branch(node: Node, first: int, split: bool) -> list[list[DocumentCell]]:
    """The rows of a node and of all under it, from the column ``first`` on."""
    start, width = _span(node, first)
    rows = _body(node, start + width, split)
    rows[0] = [*_empty(first, start, len(rows)), DocumentCell((node,), start, width, len(rows)), *rows[0]]
    return rows


def _body(node: Node, first: int, split: bool) -> list[list[DocumentCell]]:
    """The rows of a node's children, from the column ``first`` on: one empty row where there is none."""
    if first >= COLUMNS:
        return [[]]
    rows: list[list[DocumentCell]] = []
    shown: set[int] = set()
    for is_priority, run in groupby(node.children, key=lambda child: child.orientation.level in CLOSED_LEVELS):
        children = [child for child in run if child.orientation.pk not in shown]
        if is_priority:
            for group in _priority_groups(children, split):
                cell = DocumentCell(tuple(group), LAST_COLUMN, 1, 1)
                rows.append([*_empty(first, LAST_COLUMN, 1), cell])
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


def _priority_groups(priorities: list[Node], split: bool) -> list[list[Node]]:
    """The priorities that share a cell: each alone (``split``), or all that follow one another."""
    if split:
        return [[priority] for priority in priorities]
    return [priorities] if priorities else []


def _merged_priorities(node: Node) -> tuple[Node, ...]:
    """The priorities that cover this objective together with others, when it has no other children."""
    own = {child.orientation.pk for child in node.children}
    return tuple(node.merged) if own <= {priority.orientation.pk for priority in node.merged} else ()


def _merged(objectives: list[Node], priorities: tuple[Node, ...], first: int, split: bool) -> list[list[DocumentCell]]:
    """Objectives side by side with the priorities that concern them all."""
    start, width = _span(objectives[0], first)
    width = LAST_COLUMN - start
    if not split:
        lead = _empty(first, start, 1)
        return [[*lead, DocumentCell(tuple(objectives), start, width, 1), DocumentCell(priorities, LAST_COLUMN, 1, 1)]]
    height = max(len(objectives), len(priorities))
    rows: list[list[DocumentCell]] = [[] for _ in range(height)]
    rows[0].extend(_empty(first, start, height))
    for group, column, colspan in ((objectives, start, width), (priorities, LAST_COLUMN, 1)):
        for number, node in enumerate(group):
            top, bottom = number * height // len(group), (number + 1) * height // len(group)
            rows[top].append(DocumentCell((node,), column, colspan, bottom - top))
    return rows
