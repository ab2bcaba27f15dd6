"""The differences that a file of projects would make, and what is asked before they are made."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from cohesion.imports.plan import UNCHANGED, Entry, Plan
from cohesion.lib.spreadsheets import Problem
from projects.exchange.base import ProjectState
from projects.exchange.leads import Question

Change = tuple[ProjectState | None, ProjectState]  # a project before, and after


@dataclass
class ProjectPlan(Plan):
    """The differences, the organisations to create, what must be answered first, and the projects as they shall be."""

    kinds: ClassVar[tuple[str, ...]] = ("created", "changed", UNCHANGED, "organizations")

    organizations: list[Entry] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    states: list[Change] = field(default_factory=list)  # those to write

    @property
    def is_good(self) -> bool:
        return super().is_good and not self.questions

    @property
    def writes(self) -> bool:
        return bool(self.states)

    def refusals(self) -> list[Problem]:
        """All that keeps a file from being written where nobody can be asked: each question says its answer there."""
        questions = [
            Problem(f"{question.sentence} {question.in_file}", row, question.column, question.name[:80])
            for question in self.questions
            for row in question.rows[:1]
        ]
        return [*self.problems, *questions]

    def differences(self) -> dict[str, Any]:
        return super().differences() | {"questions": [question.as_dict() for question in self.questions]}
