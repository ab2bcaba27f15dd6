"""The control that every page with figures has: the year that they are about, and how to ask for another."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from axes.models import Framework
from cohesion.lib.http import changed_address
from projects.figures import figures
from projects.figures.periods import ALL, Period

PLACES = ("page", "vides", "sans_orientation", "sans_projet")  # of lists, which another year makes anew


def year_control(
    request: HttpRequest,
    framework: Framework | None,
    period: Period,
    *,
    offered: Iterable[int] = (),
    without: str = "",
    others: Iterable[tuple[str, str]] = (),
    outside: str = "",
) -> dict[str, Any]:
    """``year_choices``: the years offered, each with its address and whether it is the one; all of them after, then
    the others; ``counted_in``: the framework of which the orientations of the page are.

    ``offered``: the years, when they are not those of the projects; ``without``: a parameter that does not go with one;
    ``others``: values of what no year holds, with their words, of which ``outside`` is asked.
    """
    known = figures.years(framework, period.today).columns
    offered = list(offered) or [int(str(key)) for key in known if str(key).isdecimal()]
    changes = {without: None} if without else {}
    chosen = {period.year} if period.year else set()
    choices = [
        (str(year), _address(request, "" if year == period.today.year else str(year), **changes), year == period.year)
        for year in sorted({*offered, *chosen})
    ]
    span = f"Toutes ({offered[0]}–{offered[-1]})" if len(offered) > 1 else "Toutes"
    every = (span, _address(request, ALL, **changes), period.year is None and not outside)
    more = [(words, _address(request, value, **changes), value == outside) for value, words in others]
    return {"period": period, "year_choices": [*choices, every, *more], "counted_in": framework}


def _address(request: HttpRequest, value: str, **changes: None) -> str:
    return changed_address(request, annee=value, **dict.fromkeys(PLACES), **changes)
