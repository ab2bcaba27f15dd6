"""Since when something is served, each year without a gap, or when it was or shall be: « depuis 2024 », « jusqu’en
2024 », « à partir de 2027 », « jamais »."""

from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from projects.figures.breakdowns import Span, runs_in


@dataclass(frozen=True)
class Otherwise:
    """The last year before the one that is asked in which a project runs, the first after it; ``is_undated``: a
    project says no date; ``was_served``: a project did, in a framework before the one that is read."""

    last: int | None = None
    following: int | None = None
    is_undated: bool = False
    was_served: bool = False

    @property
    def is_over(self) -> bool:
        """It had a project, and has none any more."""
        return self.last is not None or self.was_served

    @property
    def is_listed(self) -> bool:
        """Whether the list of projects of all years has some."""
        return self.last is not None or self.following is not None or self.is_undated

    @property
    def is_awaited(self) -> bool:
        """It never had one yet; somebody plans one, or does not say when."""
        return not self.is_over and (self.following is not None or self.is_undated)

    @property
    def has_no_date(self) -> bool:
        """Whether all that is known is a project without a date."""
        return self.is_undated and not self.is_over and self.following is None

    @property
    def words(self) -> str:
        if self.is_over:
            until = "dans un cadre d’avant" if self.last is None else f"jusqu’en {self.last}"
            return f"{until}, de nouveau en {self.following}" if self.following else until
        if self.following is not None:
            return f"à partir de {self.following}"
        return "projet sans date" if self.is_undated else "jamais"


def otherwise(projects: Iterable[int], spans: Mapping[int, Span], year: int | None) -> Otherwise:
    """What these projects, none of which runs in the year (None: none at all), say of other years."""
    project_spans = [spans[pk] for pk in projects if pk in spans]
    ended = [end for _, end in project_spans if year is not None and end is not None and end < year]
    begins = [start for start, _ in project_spans if year is not None and start is not None and start > year]
    undated = any(start is None for start, _ in project_spans)
    return Otherwise(max(ended, default=None), min(begins, default=None), undated)


def first_year(projects: Iterable[int], spans: Mapping[int, Span], year: int) -> int | None:
    """The year since which, up to this one, one at least of these projects has run each year; None where none runs."""
    distinct = {spans[pk] for pk in projects if pk in spans}
    first = None
    while covering := [start for start, end in distinct if start and runs_in((start, end), (first or year + 1) - 1)]:
        first = min(covering)
    return first


@dataclass(frozen=True)
class Ever:
    """The projects of each orientation or place whatever the year, by its key, and the years in which each runs;
    ``year`` is the one that is asked (None: all)."""

    projects: Mapping[Any, Set[int]]
    spans: Mapping[int, Span]
    year: int | None
    formerly: Set[Any] = frozenset()

    def of(self, key: Hashable) -> Otherwise:
        """Of one that has no project in the year that is asked."""
        known = otherwise(self.projects.get(key, ()), self.spans, self.year)
        return replace(known, was_served=key in self.formerly)

    def words(self, key: Hashable, today: date) -> str:
        """« depuis 2024 », « jusqu’en 2024 », « à partir de 2027 », « jamais »; of the present year where all are
        asked."""
        projects, year = self.projects.get(key, ()), self.year or today.year
        first = first_year(projects, self.spans, year)
        if first:
            return f"depuis {first}"
        return replace(otherwise(projects, self.spans, year), was_served=key in self.formerly).words
