"""The dates of the demonstration, all told from the one day of reference on which it is made."""

import datetime
import re
from dataclasses import dataclass

DAY = datetime.timedelta(days=1)
OPENED_FOR = 40 * DAY  # how long the call has been open on the day of reference
LEFT_OPEN = 45 * DAY  # how long it stays open at least: longer than a demonstration is kept as it is
CLOSES_ON = 15  # day of the month
STARTED_WITHIN = 20 * DAY  # of the committee
TO_COMMITTEE = 12  # weeks from the close of the call to the committee
MARCH, WEDNESDAY, THURSDAY = 3, 2, 3
_YEAR = re.compile(r"\{(year|call_year)([+-]\d+)?\}")


def second_thursday_of_march(year: int) -> datetime.date:
    """The council's invented meeting of spring."""
    first = datetime.date(year, MARCH, 1)
    return first + ((THURSDAY - first.weekday()) % 7 + 7) * DAY


def wednesday_after(day: datetime.date) -> datetime.date:
    """The first Wednesday after a day."""
    return day + ((WEDNESDAY - day.weekday() - 1) % 7 + 1) * DAY


@dataclass(frozen=True)
class Calendar:
    """What the demonstration's dates are when ``today`` is its day of reference."""

    today: datetime.date

    @property
    def adopted_on(self) -> datetime.date:
        """The last spring meeting that has been held."""
        this_year = second_thursday_of_march(self.today.year)
        return this_year if this_year < self.today else second_thursday_of_march(self.today.year - 1)

    @property
    def draft_years(self) -> tuple[int, int]:
        """The six years of the framework that is being prepared."""
        return self.today.year + 1, self.today.year + 6

    @property
    def call_closes_on(self) -> datetime.date:
        """The first 15th of a month that leaves time to answer."""
        day = self.today + LEFT_OPEN
        while day.day != CLOSES_ON:
            day += DAY
        return day

    @property
    def call_year(self) -> int:
        """A call that closes in the first quarter is of its year; a later one is of the next year."""
        closes = self.call_closes_on
        return closes.year if closes.month <= MARCH else closes.year + 1

    @property
    def committee_on(self) -> datetime.date:
        """A Wednesday, three months after the close of the call."""
        return wednesday_after(self.call_closes_on + (TO_COMMITTEE * 7 - 1) * DAY)

    def decided_on(self, year: int) -> datetime.date:
        """When the committee decided of the actions of a year that has begun: a Wednesday of April; where that one is
        still to come, or has only just been, one of the December before.
        """
        spring = wednesday_after(datetime.date(year, 4, 7))
        return spring if spring + STARTED_WITHIN <= self.today else wednesday_after(datetime.date(year - 1, 12, 7))

    def decided_again_on(self, year: int) -> datetime.date:
        """When it met again, about what it had adjourned."""
        return wednesday_after(datetime.date(year, 6, 14))

    def dated(self, text: str) -> str:
        """A text with its years: ``{year}`` is that of the day of reference, ``{year-1}`` the one before it,
        ``{call_year}`` the year of the call, ``{call_year+1}`` the one after it.
        """
        years = {"year": self.today.year, "call_year": self.call_year}

        def year(place: re.Match[str]) -> str:
            return str(years[place[1]] + int(place[2] or 0))

        return _YEAR.sub(year, text)


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
