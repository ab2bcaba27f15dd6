"""A framework's orientations as plain values: what a plan compares, without a model or a query."""

from dataclasses import dataclass, field
from typing import Any

from axes.choices import PriorityType
from axes.document import read_nodes
from axes.exchange.columns import SEPARATOR
from axes.levels import Level
from axes.models import Framework
from axes.vocabulary import PRIORITY_TYPE_WORDS

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
        value = getattr(self, name)
        if name == "level":
            return Level(value).word
        if name == "priority_type":
            return PRIORITY_TYPE_WORDS[PriorityType(value)] if value else ""
        if name == "columns":
            return SEPARATOR.join(Level(level).word for level in value)
        if name == "applies_to":
            return SEPARATOR.join(value)
        return "" if value is None else str(value)


def states(framework: Framework | None) -> dict[str, OrientationState]:
    """The orientations of a framework by code, in document order. Two queries."""
    if framework is None:
        return {}
    found = {}
    for node in read_nodes(framework):
        values = {name: getattr(node.orientation, name) for name in VALUES}
        found[node.orientation.code] = OrientationState(
            **values,
            parent=node.parent.orientation.code if node.parent else "",
            applies_to=[target.orientation.code for target in node.applies_to],
        )
    return found
