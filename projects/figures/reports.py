"""The reports of a year: each project that runs in it owes one (:mod:`projects.catalogue.due` says when)."""

import datetime
from collections.abc import Iterable, Set
from dataclasses import dataclass

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare
from projects.catalogue.due import with_report_of
from projects.catalogue.models import Project
from projects.figures.figures import unchanged

Keys = frozenset[int]


@dataclass(frozen=True)
class YearReports:
    """The keys of the projects that owe the report of a year: all, those that handed it in, those that did not though
    the day is over. What is neither is awaited."""

    year: int
    due: Keys
    received: Keys
    late: Keys

    @property
    def missing(self) -> Keys:
        """Not handed in, late or not."""
        return self.due - self.received

    @property
    def awaited(self) -> Keys:
        """Not handed in, and not late."""
        return self.missing - self.late

    def within(self, projects: Set[int]) -> "YearReports":
        return YearReports(self.year, self.due & projects, self.received & projects, self.late & projects)


Row = tuple[int, datetime.date | str, object]  # a project, the day, and the moment at which it was handed in


def tell(year: int, rows: Iterable[Row], today: datetime.date) -> YearReports:
    """Of the projects of these rows; days as the database writes them: SQLite as ``2026-11-25``."""
    due, received, late = set(), set(), set()
    for key, day, handed_at in rows:
        due.add(key)
        if handed_at is not None:
            received.add(key)
        elif str(day) < today.isoformat():
            late.add(key)
    return YearReports(year, frozenset(due), frozenset(received), frozenset(late))


_reports: Kept[YearReports] = Kept(12)


def of_year(in_force: Framework | None, year: int, today: datetime.date) -> YearReports:
    """Of the published projects, in one query."""

    def read_reports() -> YearReports:
        running = with_report_of(Project.objects.published().in_year(year).order_by(), year)
        return tell(year, bare(running.values_list("pk", "report_due", "report_at")), today)

    return unchanged(_reports, in_force, read_reports, year, today)
