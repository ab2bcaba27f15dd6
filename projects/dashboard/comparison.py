"""What a page of changes compares: a year with another one (``?annee=2026&comparer=2024``)."""

from dataclasses import dataclass, replace

from django.http import QueryDict

from projects.figures.periods import Period, known_year

COMPARE = "comparer"


@dataclass(frozen=True)
class Comparison:
    """The year that the page is about and the one that it is compared with, the year before unless another is asked.

    ``is_of_all``: all years were asked, which compare with nothing. ``ignored``: what ``comparer`` said that means
    nothing.
    """

    period: Period
    other: int
    is_of_all: bool = False
    ignored: str = ""

    @classmethod
    def from_query(cls, query: QueryDict) -> "Comparison":
        asked = Period.from_query(query)
        period = replace(asked, year=asked.year or asked.today.year)
        year, raw = period.year or asked.today.year, query.get(COMPARE, "").strip()
        other = known_year(raw)
        is_known = other is not None and other != year
        return cls(
            period,
            other if other is not None and is_known else year - 1,
            is_of_all=asked.year is None,
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

    @property
    def value(self) -> str:
        """What ``comparer`` must say to ask for the same; nothing for the year before."""
        return "" if self.period.year is not None and self.other == self.period.year - 1 else str(self.other)
