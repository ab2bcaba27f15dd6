"""What a page of changes compares: a year with another one (``?annee=2026&comparer=2024``), or with what was known of
it on an evening (``comparer=2026-03-31``)."""

from dataclasses import dataclass, replace
from datetime import date

from django.http import QueryDict

from cohesion.lib.dates import known_year
from cohesion.lib.evenings import past_day
from projects.figures.periods import Period

COMPARE = "comparer"


@dataclass(frozen=True)
class Comparison:
    """The year that the page is about and the one that it is compared with, the year before unless another is wanted.

    ``evening``: the day that is asked instead, before the present one. ``is_of_all``: all years were asked, which
    compare with nothing. ``ignored``: what ``comparer`` said that means nothing.
    """

    period: Period
    other: int
    evening: date | None = None
    is_of_all: bool = False
    ignored: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Comparison":
        wanted = Period.from_query(query)
        period = replace(wanted, year=wanted.year or wanted.today.year)
        year, raw = period.year or wanted.today.year, query.get(COMPARE, "").strip()
        evening, other = past_day(raw, wanted.today), known_year(raw)
        is_known = evening is not None or (other is not None and other != year)
        return cls(
            period,
            other if other is not None and is_known else year - 1,
            evening,
            is_of_all=wanted.year is None,
            ignored="" if is_known or not raw else raw[:20],
        )

    @property
    def years(self) -> tuple[int, int]:
        """The earlier one, and the later one."""
        first, last = sorted((self.period.year or self.other, self.other))
        return first, last

    @property
    def is_forward(self) -> bool:
        """Whether the year is compared with a later one."""
        return self.other != self.since

    @property
    def since(self) -> int:
        return self.years[0]

    @property
    def later(self) -> Period:
        return Period(self.years[1], self.period.today)
