"""The tree list as an officer sees it: by axis, one line an orientation, with the way down to what is searched."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.http import QueryDict

from axes.models import Framework, Orientation

MOST_UNFOLDED = 200  # lines: of more, an axis is unfolded when it is asked for
LONG = 30  # lines: fewer are read in one column
UNFOLDED = "ouvrir"  # in the address: the codes of the axes that are unfolded, between commas


@dataclass(frozen=True)
class Line:
    """An orientation of the list: one that is asked for, or one that leads to it."""

    orientation: Orientation
    is_a_hit: bool

    @property
    def depth(self) -> int:
        """For the indentation, which has an end."""
        return min(self.orientation.depth, 6)


@dataclass
class ShownAxis:
    """An axis, and what stands beneath it; ``lines`` is empty while it is folded.

    ``fold`` is the query of the address that folds it or unfolds it; empty where the browser does it by itself.
    """

    axis: Line
    lines: list[Line] = field(default_factory=list)
    number: int = 0
    is_folded: bool = False
    fold: str = ""


def outline(hits: Iterable[Orientation], framework: Framework | None, query: QueryDict) -> list[ShownAxis]:
    """The orientations that are asked for, in document order, each with all that leads to it, by axis."""
    branches: list[ShownAxis] = []
    for line in _with_path(list(hits), framework):
        if line.orientation.parent_id is None:
            branches.append(ShownAxis(line))
        elif branches:
            branches[-1].lines.append(line)
    for branch in branches:
        branch.number = len(branch.lines)
    if sum(branch.number for branch in branches) > MOST_UNFOLDED:
        _fold(branches, query)
    return branches


def is_long(branches: Iterable[ShownAxis]) -> bool:
    return sum(1 + len(branch.lines) for branch in branches) > LONG


def _with_path(hits: list[Orientation], framework: Framework | None) -> Iterator[Line]:
    keys = {orientation.pk for orientation in hits}
    if {orientation.parent_id for orientation in hits} <= {*keys, None}:
        return (Line(orientation, is_a_hit=True) for orientation in hits)
    nodes = Orientation.objects.filter(framework=framework)
    leading = _leading_to(keys, dict(nodes.values_list("pk", "parent_id"))) - keys
    every = [*hits, *nodes.filter(pk__in=leading)]
    every.sort(key=lambda orientation: (orientation.tree_id, orientation.lft))
    return (Line(orientation, orientation.pk in keys) for orientation in every)


def _leading_to(keys: Collection[int], parents: dict[int, int | None]) -> set[int]:
    """These nodes, and all that stand above them."""
    kept: set[int] = set()
    for key in keys:
        above: int | None = key
        while above is not None and above not in kept:
            kept.add(above)
            above = parents.get(above)
    return kept


def _fold(branches: list[ShownAxis], query: QueryDict) -> None:
    """Keep the lines of the axes that the address unfolds, and no other."""
    requested = query.get(UNFOLDED, "").split(",")
    unfolded = [branch.axis.orientation.code for branch in branches if branch.axis.orientation.code in requested]
    for branch in branches:
        code = branch.axis.orientation.code
        branch.is_folded = code not in unfolded
        codes = [*unfolded, code] if branch.is_folded else [other for other in unfolded if other != code]
        address = query.copy()
        address.pop(UNFOLDED, None)
        if codes:
            address[UNFOLDED] = ",".join(codes)
        branch.fold = f"?{address.urlencode(safe=',')}"
        if branch.is_folded:
            branch.lines = []
