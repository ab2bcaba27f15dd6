"""What a file would change, whatever it holds. Nothing is written here."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from cohesion.lib.spreadsheets import Problem, Refused
from cohesion.lib.spreadsheets.remarks import CellRemark

MAX_SHOWN = 200  # problems
UNCHANGED = "unchanged"  # counted, and not listed

Entry = dict[str, Any]


@dataclass
class Plan:
    """The differences by kind, an entry each; or the problems that forbid them."""

    kinds: ClassVar[tuple[str, ...]] = ("created", "changed", UNCHANGED)

    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    remarks: list[CellRemark] = field(default_factory=list)  # about cells
    table: dict[str, Any] = field(default_factory=dict)  # what was understood of the file
    created: list[Entry] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    unchanged: list[Entry] = field(default_factory=list)

    @classmethod
    def refused(cls, refused: Refused) -> Self:
        """The plan of a file in which nothing can be read."""
        return cls(problems=refused.problems, table=refused.table or {})

    @property
    def is_good(self) -> bool:
        """Whether it may be written."""
        return not self.problems

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.created or self.changed)

    @property
    def counts(self) -> dict[str, int]:
        """How many entries each kind has."""
        return {kind: len(getattr(self, kind)) for kind in self.kinds}

    def differences(self) -> dict[str, Any]:
        """All differences, and the first problems with their number, as plain data (JSON)."""
        return {
            "accepted": self.is_good,
            "counts": self.counts,
            "errors": [problem.as_dict() for problem in self.problems[:MAX_SHOWN]],
            "errors_total": len(self.problems),
            "warnings": self.warnings,
        } | {kind: getattr(self, kind) for kind in self.kinds if kind != UNCHANGED}

    def report(self) -> dict[str, Any]:
        """The differences, and what is told of the file itself."""
        remarks = [remark.as_dict() for remark in self.remarks]
        return self.differences() | {"remarks": remarks, "table": self.table}
