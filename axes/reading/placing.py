"""Where each node stands, by its level and the order of the document."""

from collections.abc import Sequence
from typing import Protocol

from axes.levels import Level


class PlacedNode(Protocol):
    """What is known of a node: its level (None: set aside), its line, the places of those that it concerns besides."""

    level: Level | None
    line: int
    applies_to: list[int]


def parents(nodes: Sequence[PlacedNode]) -> list[int | None]:
    """The place of the parent of each node: the last one before it that is of a wider level.

    A cell that is merged beside several others stands under what these stand under; beside the sentences of one cell,
    it stands under the last of them, as any other.
    """
    path: list[int] = []
    out: list[int | None] = []
    for place, node in enumerate(nodes):
        if node.level is None:
            out.append(None)
            continue
        while path and _rank(nodes[path[-1]]) >= node.level.rank:
            path.pop()
        out.append(path[-1] if path else None)
        path.append(place)
        above = {out[target] for target in concerned(nodes, place)}
        lines = {nodes[target].line for target in node.applies_to}
        if len(above) == 1 and len(lines) > 1:
            out[place] = above.pop()
    return out


def concerned(nodes: Sequence[PlacedNode], place: int) -> list[int]:
    """Those that a merged cell may concern: before it in its branch, of a wider level; fewer than two are none."""
    node = nodes[place]
    if node.level is None:
        return []
    targets = []
    for target in node.applies_to:
        level = nodes[target].level if target < place else None
        if level is None or level.rank >= node.level.rank:
            return []
        if any(_is_root(nodes[other]) for other in range(target + 1, place)):
            return []
        targets.append(target)
    return targets if len(targets) > 1 else []


def _is_root(node: PlacedNode) -> bool:
    return node.level is not None and node.level.facts.is_root


def _rank(node: PlacedNode) -> int:
    return node.level.rank if node.level is not None else len(Level)
