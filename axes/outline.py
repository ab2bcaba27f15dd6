"""The framework as an outline whose branches open and close, its state in the address.

``?ouvert=`` names the open branches (each opens all those above it), or says ``tout`` or ``rien``;
``?ferme=`` names the closed ones, all others being open. Without either, everything is open: nothing is
hidden from somebody who prints the page, searches in it or has no JavaScript. Of a framework of more than
``MOST_OPEN`` orientations, nobody reads all at once: its second level is shown, closed.
"""

from collections.abc import Iterable

from django.http import QueryDict

from axes.document import Node

ALL, NONE = "tout", "rien"
MOST_OPEN = 150


def closed_branches(nodes: list[Node], query: QueryDict) -> set[int]:
    """The keys of the branches that the address asks closed; codes that nothing bears are ignored."""
    branches = [node for node in nodes if node.children]
    if "ouvert" not in query and "ferme" not in query:
        return {node.pk for node in branches if node.parent is not None} if is_folded(nodes) else set()
    if "ouvert" in query:
        return _all_but(branches, query.get("ouvert", ""))
    named = _codes(query.get("ferme", ""))
    return {node.orientation.pk for node in branches if node.orientation.code.lower() in named}


def is_folded(nodes: list[Node]) -> bool:
    """Whether the outline of these comes folded when the address says nothing."""
    return len(nodes) > MOST_OPEN


def _all_but(branches: list[Node], opened: str) -> set[int]:
    if opened == ALL:
        return set()
    named = _codes("" if opened == NONE else opened)
    shown: set[int] = set()
    for node in branches:
        if node.orientation.code.lower() in named:
            shown |= {above.orientation.pk for above in [*node.path, node]}
    return {node.orientation.pk for node in branches} - shown


def _codes(words: str) -> set[str]:
    return {word.strip().lower() for word in words.split(",")}


def at_level(nodes: Iterable[Node], level: str) -> list[Node]:
    return [node for node in nodes if node.orientation.level == level]
