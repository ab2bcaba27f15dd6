"""The steps of a file of the past, each on its day."""

import datetime
from dataclasses import dataclass

from projects.demo.calendar import DAY


@dataclass(frozen=True)
class PastStep:
    """A step of the past, on its day; ``report`` is the year of the report that it is about."""

    name: str
    day: datetime.date
    comment: str = ""
    report: int = 0


def in_order(steps: list[PastStep], today: datetime.date) -> list[PastStep]:
    """The same steps, none before the one that it follows, all before today: what would come later came sooner."""
    kept: list[PastStep] = []
    latest = today
    for step in reversed(steps):
        latest = min(step.day, latest - DAY)
        kept.append(PastStep(step.name, latest, step.comment, step.report))
    return kept[::-1]
