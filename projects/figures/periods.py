"""The time that a figure is about: a calendar year (the present one, unless another is asked) or all of them.

A project counts in each year of which it runs a day; one without a beginning counts in no year, only in all. A page
that speaks of a year says which, keeps it in its address (``?annee=2025``, ``?annee=toutes``), and leads to lists of
the same year. The list of projects is such a page, and can be asked for what no year that is offered holds.
"""

import datetime
from dataclasses import dataclass

from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from cohesion.lib.dates import known_year

ALL = "toutes"
UNDATED = "sans"
BEFORE, AFTER = "avant-", "apres-"  # and a year: what ended before it, what begins after it
NEAR = (7, 2)  # how many years before the present one, and after it, are offered


@dataclass(frozen=True)
class PeriodChoice:
    """A value of the filter of the list: a year, or what is in none of those that are offered."""

    year: int | None = None
    outside: str = ""

    @property
    def words(self) -> str:
        phrases = {
            BEFORE: f"terminés avant {self.year}",
            AFTER: f"qui commencent après {self.year}",
            UNDATED: "sans date de début",
        }
        return phrases.get(self.outside, f"en {self.year}")

    @property
    def value(self) -> str:
        """What means this choice."""
        return f"{self.outside}{self.year or ''}"


def choice(raw: str) -> PeriodChoice | None:
    """What a value of the filter means, if anything: « 2026 », « avant-2019 », « apres-2028 », « sans »."""
    if raw == UNDATED:
        return PeriodChoice(outside=UNDATED)
    for outside in (BEFORE, AFTER):
        if raw.startswith(outside) and (year := known_year(raw.removeprefix(outside))):
            return PeriodChoice(year, outside)
    year = known_year(raw)
    return PeriodChoice(year) if year else None


def near(today: datetime.date) -> range:
    """The years that may be offered: an odd date (1900, 2099) adds none."""
    before, after = NEAR
    return range(today.year - before, today.year + after + 1)


@dataclass(frozen=True)
class Period:
    """What the figures of a page are about; ``year`` is None for all years. ``today`` is the day of the site."""

    year: int | None
    today: datetime.date
    ignored: str = ""  # what the address asked that is no year

    @classmethod
    def from_query(cls, query: QueryDict, today: datetime.date | None = None) -> "Period":
        """What the address asks; nothing, or what is no year, is the present one. ``today``: of a page that speaks of
        another day."""
        today, raw = today or timezone.localdate(), query.get("annee", "")
        if raw == ALL:
            return cls(None, today)
        year = known_year(raw)
        return cls(year or today.year, today, "" if year or not raw.strip() else raw[:20])

    @classmethod
    def always(cls) -> "Period":
        """All years."""
        return cls(None, timezone.localdate())

    @property
    def is_current(self) -> bool:
        return self.year == self.today.year

    @property
    def value(self) -> str:
        """How a page that speaks of the present year by default is asked for this one; nothing for the present one."""
        return "" if self.is_current else str(self.year or ALL)

    @property
    def suffix(self) -> str:
        """The same, to put after an address without parameters."""
        return f"?{urlencode({'annee': self.value})}" if self.value else ""

    @property
    def filters(self) -> dict[str, str]:
        """The same question in the words of the list of projects, whatever the day on which it is asked."""
        return {"annee": str(self.year or ALL)}

    @property
    def is_to_come(self) -> bool:
        """Whether it is a year that has not begun, for which little is decided yet."""
        return self.year is not None and self.year > self.today.year

    @property
    def title(self) -> str:
        return f"L’année {self.year}" if self.year else "Toutes les années"

    @property
    def words(self) -> str:
        return f"en {self.year}" if self.year else "toutes années ensemble"
