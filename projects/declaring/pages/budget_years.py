"""The part of each calendar year in the budget of an action that runs over several: which years, and their fields."""

from decimal import Decimal
from typing import NamedTuple

from cohesion.together.merging import Answer, Typed
from projects.declaring.answers import is_blank
from projects.declaring.models import Declaration
from projects.declaring.pages.calendar import dates

COST, REQUESTED = "cost_in", "requested_in"  # the fields of a year, before its number
LONGEST = 10  # years: beyond, a date is surely mistyped


class YearPart(NamedTuple):
    """What a year takes of the cost, and of what is asked of the agglomération; None: not said."""

    year: int
    cost: Decimal | None
    requested: Decimal | None


def years_of(declaration: Declaration) -> list[int]:
    """The calendar years of an action that runs over several: those of the call, of the grants and of the figures.
    Nothing where it keeps within one, or where its dates cannot be read.
    """
    start, end = dates(declaration)
    if start is None or end is None or not 0 < end.year - start.year < LONGEST:
        return []
    return list(range(start.year, end.year + 1))


def typed_years(typed: Typed) -> list[int]:
    """The years of which something is typed, whatever the dates are now."""
    years = set()
    for name, value in typed.items():
        bare, _, year = name.rpartition("-")
        if bare in (COST, REQUESTED) and len(year) == 4 and year.isdecimal() and not is_blank(value):
            years.add(int(year))
    return sorted(years)[:LONGEST]


def without_years(typed: Typed) -> dict[str, Answer]:
    """The answers of a budget taken up again for other dates."""
    return {name: value for name, value in typed.items() if name.rpartition("-")[0] not in (COST, REQUESTED)}
