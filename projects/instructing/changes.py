"""What a lead changed between two times that they handed in."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from projects.declaring.models import Submission

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
