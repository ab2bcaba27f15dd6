"""When the report of a year is due: said once, for the report itself and for whoever counts reports."""

import datetime

LAST_DAY = (6, 30)  # of the year after: six months (loi 2000-321, art. 10; the same in the agreements)


def due_on(year: int, call: tuple[int, datetime.date] | None) -> datetime.date:
    """As its call says (its year, the day that it sets), where it is of that year; else within six months of the end
    of the year."""
    if call is not None and call[0] == year:
        return call[1]
    return datetime.date(year + 1, *LAST_DAY)
