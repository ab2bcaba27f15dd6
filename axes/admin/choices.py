"""Orientations to choose from, each with the whole way that leads to it."""

from collections.abc import Iterable
from itertools import groupby

from axes.document import Node

Group = tuple[str, list[tuple[int, str]]]


def shortened(title: str, width: int) -> str:
    """The beginning of a wording, cut after a word."""
    return title if len(title) <= width else title[: width - 1].rsplit(" ", 1)[0] + "…"


def described(node: Node, *, width: int = 90) -> str:
    """A node in one line of a list of choices: its code, its level, the beginning of its wording."""
    orientation = node.orientation
    return f"{orientation.code} · {orientation.get_level_display()} · {shortened(orientation.display_title, width)}"


def with_path(node: Node, *, width: int = 90) -> str:
    """A node in one line: the codes from its axis down to it, then the beginning of its wording."""
    codes = " › ".join(above.orientation.code for above in (*node.path, node))
    return f"{codes} · {shortened(node.orientation.display_title, width)}"


def grouped(nodes: Iterable[Node]) -> list[Group]:
    """The nodes, in the order of the document, under the heading of their axis."""
    groups = []
    for axis, branch in groupby(nodes, key=lambda node: node.axis):
        groups.append((described(axis, width=60), [(node.orientation.pk, with_path(node)) for node in branch]))
    return groups
