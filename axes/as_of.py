"""A framework as it stood on the evening of a day, rebuilt from its history and from the order that was kept.

What an orientation said, and under what it stood, is in its history. The order of siblings and what merged cells
concern are in :class:`axes.models.Outline`: before its first row they are not known, and are told as they were first
noted, as far as that goes. Positions of the past are never read.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from axes import document, wording
from axes.choices import FrameworkStatus
from axes.comparing import NodeState, TreeState
from axes.document import Node
from axes.models import Framework, Orientation, Outline
from cohesion.lib.evenings import last_rows, midnight_after
from cohesion.lib.kept import Kept

# What an orientation says; its place is in the order.
READ = [
    *("id", "parent_id", "level", "code", "label", "title", "corrected_title", "context", "description", "columns"),
    *("priority_type", "source_line", "uid"),
]
IDENTITY = {"id", "slug"}  # of a framework: what an address names, whatever it was called before


@dataclass(frozen=True)
class PastTree:
    """A framework and its orientations as they stood; ``has_order``: whether their order is that of the evening, and
    not the first that was noted."""

    framework: Framework
    nodes: list[Node]
    has_order: bool


def past_tree(framework: Framework, evening: datetime.date) -> PastTree | None:
    """The framework as it stood on that evening, in four queries kept while it does not change; None before its
    history begins."""
    return _past.get((framework.state, evening), lambda: _read_past(framework, evening))


_past: Kept[PastTree | None] = Kept(8)


def _read_past(framework: Framework, evening: datetime.date) -> PastTree | None:
    past = framework_at(framework, evening)
    if past is None:
        return None
    rows = {row[0]: row for row in last_rows(Orientation, evening, *READ, framework=framework.pk)}
    outline, has_order = _outline(framework, evening)
    order = outline.order if outline else []
    orientations = [Orientation.from_db("default", READ, rows[key]) for key in _in_order(rows, order)]
    known = rows.keys()
    pairs = [(source, target) for source, target in outline.merged if {source, target} <= known] if outline else []
    return PastTree(past, document.linked(past, orientations, pairs), has_order)


def framework_at(framework: Framework, evening: datetime.date) -> Framework | None:
    """What the history of a framework says of that evening: its name, its state, its dates; None before it begins."""
    states = framework.history.filter(history_date__lt=midnight_after(evening))
    return _as_recorded(framework, states.order_by("-history_date", "-history_id").first(), evening)


def in_force_on(evening: datetime.date, versions: Iterable[Framework]) -> PastTree | None:
    """Which of these versions of the reference programme was in force on that evening, as it stood."""
    by_key = {version.pk: version for version in versions if not version.is_beside}
    states = last_rows(Framework, evening, "id", "status", id__in=by_key.keys())
    keys = [pk for pk, status in states if status == FrameworkStatus.IN_FORCE]
    return past_tree(by_key[keys[0]], evening) if keys else None


def _as_recorded(framework: Framework, state: Any, evening: datetime.date) -> Framework | None:
    if state is None or state.history_type == "-":
        return None
    past = copy(framework)
    past._state = copy(framework._state)
    known = framework._state.fields_cache
    past._state.fields_cache = {name: row for name, row in known.items() if name != "predecessor"}
    for field in state.tracked_fields:
        if field.attname not in IDENTITY:
            setattr(past, field.attname, getattr(state, field.attname))
    past.evening = evening
    return past


def first_evening(framework: Framework) -> datetime.date | None:
    """The first day of which something is known."""
    first = framework.history.order_by("history_date").values_list("history_date", flat=True).first()
    return timezone.localdate(first) if first else None


def public_evening(framework: Framework) -> datetime.date | None:
    """The first evening on which anybody could read it."""
    since = wording.public_since(framework)
    return timezone.localdate(since) if since else None


def _outline(framework: Framework, evening: datetime.date) -> tuple[Outline | None, bool]:
    """The order of that evening; else the first that was noted after it, and False."""
    outlines = Outline.objects.filter(framework=framework)
    outline = outlines.filter(day__lte=evening).order_by("-day").first()
    return (outline, True) if outline else (outlines.order_by("day").first(), False)


def _in_order(rows: dict[int, tuple[Any, ...]], order: list[int]) -> Iterator[int]:
    """The keys in document order; siblings that the order does not name come last, the oldest first."""
    rank = {key: place for place, key in enumerate(order)}
    children: dict[int | None, list[int]] = defaultdict(list)
    for key in sorted(rows, key=lambda key: (rank.get(key, len(rank)), key)):
        children[rows[key][READ.index("parent_id")]].append(key)
    waiting = list(reversed(children[None]))
    while waiting:
        key = waiting.pop()
        yield key
        waiting += reversed(children[key])


# --- what changed, day by day -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DayOfChange:
    """A day on which a framework was written: how many of its orientations, whether their order, whether itself."""

    day: datetime.date
    orientations: int = 0
    is_reordered: bool = False
    is_itself: bool = False


def days_of_change(framework: Framework) -> list[DayOfChange]:
    """The days on which a framework changed since it is public, the newest first, in four queries."""
    since = wording.public_since(framework)
    if since is None:
        return []
    nodes = _by_day(Orientation.history.filter(framework_id=framework.pk, history_date__gte=since))
    itself = _by_day(framework.history.filter(history_date__gte=since))
    noted = set(framework.outlines.values_list("day", flat=True).order_by("day")[1:])
    reordered = {day for day in noted if day > timezone.localdate(since)}
    days = sorted({*nodes, *itself, *reordered}, reverse=True)
    return [DayOfChange(day, nodes.get(day, 0), day in reordered, day in itself) for day in days]


def _by_day(history: Any) -> dict[datetime.date, int]:
    """How many rows of each day a history has, each counted once a day."""
    by_day = history.order_by().annotate(day=TruncDate("history_date")).values("day")
    return dict(by_day.annotate(number=Count("id", distinct=True)).values_list("day", "number"))


# --- plain states, to compare -----------------------------------------------------------------------------------


def tree_state(nodes: Iterable[Node]) -> TreeState:
    """The plain state of these orientations, a whole framework read with its ``uid`` (:func:`document.read_nodes`)."""
    return TreeState(tuple(map(_node_state, nodes)))


def _node_state(node: Node) -> NodeState:
    orientation = node.orientation
    return NodeState(
        key=node.pk,
        uid=orientation.uid,
        code=orientation.code,
        level=orientation.level,
        parent=orientation.parent_id,
        title=orientation.title,
        label=orientation.label,
        corrected_title=orientation.corrected_title,
        context=orientation.context,
        description=orientation.description,
        columns=tuple(orientation.columns),
        priority_type=orientation.priority_type,
        applies_to=frozenset(target.pk for target in node.applies_to),
    )
