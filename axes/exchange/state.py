"""A framework's orientations as plain values: what a plan compares, without a model or a query."""

from dataclasses import dataclass, field
from typing import Any

from axes.document import Node, read_nodes
from axes.exchange.resource import ORIENTATIONS
from axes.models import Framework

VALUES = ("code", "level", "label", "title", "corrected_title", "priority_type", "columns", "source_line")


@dataclass
class OrientationState:
    """An orientation as it is, or as it shall be. ``parent`` and ``applies_to`` are codes.

    It bears the names that the rules of the tree read on an orientation.
    """

    code: str
    parent: str = ""
    level: str | None = None
    title: str | None = ""
    corrected_title: str | None = ""
    priority_type: str | None = ""
    columns: list[str] | None = field(default_factory=list)
    label: str | None = ""
    source_line: int | None = None
    applies_to: list[str] | None = field(default_factory=list)
    framework_id: int = 0

    @property
    def pk(self) -> str:
        return self.code

    @property
    def values(self) -> dict[str, Any]:
        """The model's own values."""
        return {name: getattr(self, name) for name in VALUES}

    def shown(self, name: str) -> str:
        """A value as a file writes it."""
        return ORIENTATIONS.by_attribute[name].shown(self)


def states(framework: Framework | None) -> dict[str, OrientationState]:
    """The orientations of a framework by code, in document order. Two queries."""
    return {} if framework is None else states_of(read_nodes(framework))


def states_of(nodes: list[Node]) -> dict[str, OrientationState]:
    """The orientations of a framework that was read, by code, in document order."""
    places = {node.pk: place for place, node in enumerate(nodes)}
    by_code = {}
    for node in nodes:
        values = {name: getattr(node.orientation, name) for name in VALUES}
        targets = sorted(node.applies_to, key=lambda target: places[target.pk])
        by_code[node.orientation.code] = OrientationState(
            **values,
            parent=node.parent.orientation.code if node.parent else "",
            applies_to=[target.orientation.code for target in targets],
        )
    return by_code
