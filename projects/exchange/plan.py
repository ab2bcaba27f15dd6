"""The differences that a file of projects would make, and what is told of them."""

from dataclasses import dataclass, field
from typing import Any

from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.remarks import CellRemark
from projects.exchange.base import ProjectState
from projects.exchange.leads import Question

MAX_SHOWN = 200
MOST_ROWS = 10  # named in a sentence
KINDS = ("created", "changed", "unchanged", "organizations")
HEADERS = {
    "title": "titre",
    "kind": "type",
    "organization": "porteur",
    "co_leads": "co_porteurs",
    "main": "objectifs",
    "secondary": "objectifs_secondaires",
    "places": "communes",
    "starts_on": "date_debut",
    "ends_on": "date_fin",
    "total_cost": "budget",
    "host": "pst",
    "schemes": "dispositifs",
    "summary": "resume",
    "description": "description",
    "partners": "partenaires",
    "funders": "financeurs",
    "indicators": "indicateurs",
    "status": "statut",
}
PLAIN = ("title", "starts_on", "ends_on", "total_cost", "summary", "description", "status")


@dataclass
class ProjectPlan:
    """The differences, and the projects as they shall be; or the problems that forbid it."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    remarks: list[CellRemark] = field(default_factory=list)  # about cells
    table: dict[str, Any] = field(default_factory=dict)  # what was understood of the file
    created: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    unchanged: list[dict[str, Any]] = field(default_factory=list)
    organizations: list[dict[str, Any]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    states: list[tuple[ProjectState | None, ProjectState]] = field(
        default_factory=list
    )  # those to write: before, after

    @property
    def is_good(self) -> bool:
        return not self.problems and not self.questions

    @property
    def writes(self) -> bool:
        return bool(self.states)

    @property
    def counts(self) -> dict[str, int]:
        return {kind: len(getattr(self, kind)) for kind in KINDS}

    def refusals(self) -> list[Problem]:
        """All that keeps a file from being written where nobody can be asked: each question says its answer there."""
        asked = [
            Problem(f"{question.sentence} {question.in_file}", row, question.column, question.name[:80])
            for question in self.questions
            for row in question.rows[:1]
        ]
        return [*self.problems, *asked]

    def report(self) -> dict[str, Any]:
        """The plan as plain data (JSON): all differences, and the first problems with their number."""
        return {
            "accepted": self.is_good,
            "counts": self.counts,
            "errors": [problem.as_dict() for problem in self.problems[:MAX_SHOWN]],
            "errors_total": len(self.problems),
            "warnings": self.warnings,
            "questions": [question.as_dict() for question in self.questions],
        } | {kind: getattr(self, kind) for kind in KINDS if kind != "unchanged"}
