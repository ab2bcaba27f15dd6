"""What an officer reads of a file: its pages as they were handed in, what is joined, and what it answers to."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.workflow import BY_NAME
from projects.declaring.budget_sheet import PAGE as BUDGET
from projects.declaring.budget_sheet import BudgetSheet, sheet_of
from projects.declaring.models import Remark, Submission
from projects.declaring.pieces import Piece, of_request, with_reasons

Shown = list[Any]  # [[page, title, [[label, words], …]], …]


@dataclass(frozen=True)
class AnswerChange:
    """One answer that differs: what it was, what it is; nothing stands for an answer that is not there."""

    label: str
    old: str
    new: str


def between(former: Submission | None, latest: Submission | None) -> dict[str, list[AnswerChange]]:
    """The answers that changed, by page, in the order of the form; pages where none changed are not there."""
    if former is None or latest is None:
        return {}
    old, new = _answers(former.shown), _answers(latest.shown)
    changed = {page: _changes(old.get(page, {}), new.get(page, {})) for page in [*new, *(old.keys() - new.keys())]}
    return {page: changes for page, changes in changed.items() if changes}


def _changes(old: dict[tuple[str, int], str], new: dict[tuple[str, int], str]) -> list[AnswerChange]:
    keys = [*new, *(key for key in old if key not in new)]
    return [
        AnswerChange(key[0], old.get(key, ""), new.get(key, "")) for key in keys if old.get(key, "") != new.get(key, "")
    ]


def _answers(shown: Shown) -> dict[str, dict[tuple[str, int], str]]:
    """The answers of each page; a label that comes several times (a line of a list) counts by its place."""
    pages: dict[str, dict[tuple[str, int], str]] = {}
    for page, _, lines in shown:
        times: Counter[str] = Counter()
        answers = pages[page] = {}
        for label, words in lines:
            answers[label, times[label]] = words
            times[label] += 1
    return pages


SHORT = 40  # characters: an answer that stands beside others


@dataclass(frozen=True)
class FileAnswer:
    """One answer as it was handed in."""

    label: str
    words: str

    @property
    def is_long(self) -> bool:
        """Whether it takes a line of its own."""
        return len(self.words) > SHORT or "\n" in self.words or len(self.label) > 2 * SHORT


@dataclass(frozen=True)
class FilePage:
    """A page of the form, as it was handed in; that of the budget has its ``sheet`` too."""

    slug: str
    title: str
    answers: list[FileAnswer]
    changes: list[AnswerChange]
    remarks: list[Remark]
    sheet: BudgetSheet | None = None


def file_pages(project: Project, submission: Submission | None, former: Submission | None) -> list[FilePage]:
    """The pages of the last time that it was handed in, each with what changed and what was asked of it."""
    if submission is None:
        return []
    changed = between(former, submission)
    sheet = sheet_of(submission, getattr(project, "declaration", None))
    remarks: dict[str, list[Remark]] = {}
    for remark in project.remarks.select_related("by"):
        remarks.setdefault(remark.page, []).append(remark)
    pages = []
    for slug, title, lines in submission.shown:
        answers = [FileAnswer(label, words) for label, words in lines]
        of_budget = sheet if slug == BUDGET else None
        pages.append(FilePage(slug, title, answers, changed.get(slug, []), remarks.get(slug, []), of_budget))
    return pages


def expected_of(project: Project, submission: Submission | None, present: Collection[str]) -> list[tuple[Piece, str]]:
    """What the call expects with the request, there or not, and why not, as its lead said when handing it in."""
    declaration = getattr(project, "declaration", None)
    answers = submission.answers.get("pieces", {}) if submission else {}
    return with_reasons(of_request(declaration.campaign if declaration else None, present), answers)


def step_name(step: TransitionLog) -> str:
    """What a step is called, one that is no longer taken by the state to which it led."""
    known = BY_NAME.get(step.transition)
    return known.done if known else step.get_target_display()
