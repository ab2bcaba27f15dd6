"""Days and periods as people write them: a date, a month, a quarter, a year, from one to another.

A period has a first and a last day; which of the two is meant depends on the column.
"""

import calendar
import datetime
import re

from cohesion.lib.spreadsheets.cells import line_of
from cohesion.lib.spreadsheets.model import Cell, Oddity
from cohesion.lib.text import fold, squeeze

Period = tuple[datetime.date, datetime.date]
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
FIRST_YEAR, LAST_YEAR = 1990, 2100
EPOCH = datetime.date(1899, 12, 30)  # the day 0 of spreadsheets; 1904 for workbooks that old Macs began
NO_DAY = "Ce n’est pas une date : écrivez par exemple 01/09/2026, 1ᵉʳ septembre 2026 ou 2026-09-01."
NO_PERIOD = (
    "Ce n’est pas une date : écrivez par exemple 01/09/2026, septembre 2026, T1 2026, 2026, ou 2026-2028 pour un début "
    "et une fin."
)
SERIAL = (
    "Ce nombre est sans doute une date que le tableur montre comme un nombre : mettez la colonne au format « Date », "
    "puis enregistrez de nouveau."
)
_MIDNIGHT = r"(?:[T ]00:00(?::00)?)?"
_NUMERIC_DAY = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}|\d{{2}}){_MIDNIGHT}")
_ISO_DAY = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_MIDNIGHT}")
_WRITTEN_DAY = re.compile(
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(\d{1,2})(?:er)? ([a-z]{3,})\.? (\d{4})"
)
_WRITTEN_MONTH = re.compile(r"([a-z]{3,})\.?[ /-](\d{4}|\d{2})")
_NUMERIC_MONTH = re.compile(r"(\d{1,2})[/.-](\d{4})")
_ISO_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_QUARTER = re.compile(
    r"(?:t|trim(?:estre)?\.? ?|q)([1-4])[ /-]?(\d{4})|([1-4])(?: ?er|e|eme)? ?(?:trim(?:estre)?\.?) (\d{4})"
)
_QUARTER_AFTER = re.compile(r"(\d{4})[ /-]?[tq]([1-4])")
_SEMESTER = re.compile(r"s([12])[ /-]?(\d{4})|([12])(?:er|e|eme|nd|d)? ?(?:sem(?:estre)?\.?) (\d{4})")
_YEAR = re.compile(r"(?:annee )?(\d{4})")
_YEARS = re.compile(r"(\d{4}) ?[-/–—] ?(\d{4}|\d{2})")
_SPAN = re.compile(
    r"(?:(?:de|du|d'|entre|depuis) ?)?(.+?)(?: (?:a|au|jusqu'a|jusqu'au|jusqu'en|et) | ?[→–—] ?| - )(.+)"
)
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")


def first_day(cell: Cell | None) -> str | None:
    """The first day (ISO) of the date or the period in a cell; None when empty.

    Raises:
        ValueError: it is neither, or its year is unlikely.
    """
    return _end_of(cell, 0)


def last_day(cell: Cell | None) -> str | None:
    """The last day (ISO) of the date or the period in a cell; None when empty.

    Raises:
        ValueError: it is neither, or its year is unlikely.
    """
    return _end_of(cell, 1)


def start_of_span(cell: Cell | None) -> str | None:
    """The first day where the cell says a start and an end (« 2022-2026 »), else None: it may fill another column."""
    span = _span(_text(cell))
    return span[0].isoformat() if span else None


def end_of_span(cell: Cell | None) -> str | None:
    """The last day where the cell says a start and an end (« 2022-2026 »), else None: it may fill another column."""
    span = _span(_text(cell))
    return span[1].isoformat() if span else None


def day(cell: Cell | None) -> str | None:
    """A day (ISO), and nothing wider; None when empty.

    Raises:
        ValueError: it is no day that exists, or its year is unlikely.
    """
    text = _text(cell)
    if not text:
        return None
    exact = _day(text)
    if exact is None:
        raise ValueError(NO_DAY)
    return _likely(exact).isoformat()


def period(text: str) -> Period | None:
    """The first and the last day of a day, a month, a quarter, a half-year, a year or a span; None for the rest."""
    text = squeeze(text)
    if exact := _day(text):
        return exact, exact
    return _months(fold(text)) or _span(text)


def is_period(cell: Cell | None) -> bool:
    """Whether the cell says more than one day."""
    text = "" if isinstance(cell, Oddity) else _text(cell)
    return bool(text) and _day(text) is None and period(text) is not None


def of_serial(cell: Cell | None, epoch: datetime.date = EPOCH) -> str | None:
    """The day (ISO) of a number that a spreadsheet keeps for a date (47727 → 2030-09-01); None for anything else."""
    if isinstance(cell, str):
        cell = float(cell) if _SERIAL.fullmatch(cell.strip()) else None
    if not isinstance(cell, float) or not 1 <= cell <= 100_000:
        return None
    date = epoch + datetime.timedelta(days=int(cell))
    return date.isoformat() if FIRST_YEAR <= date.year <= LAST_YEAR else None


# --- how they are written -------------------------------------------------------------------------------------


def _text(cell: Cell | None) -> str:
    if isinstance(cell, Oddity) and cell.kind == "date":
        return squeeze(cell.iso or cell.shown)
    text = line_of(cell)
    # A number has lost its leading zero: 01092027.
    return f"0{text}" if isinstance(cell, float) and re.fullmatch(r"\d{7}", text) else text


def _end_of(cell: Cell | None, end: int) -> str | None:
    text = _text(cell)
    if not text:
        return None
    bounds = period(text)
    if bounds is None:
        raise ValueError(NO_PERIOD)
    return _likely(bounds[end]).isoformat()


def _likely(day: datetime.date) -> datetime.date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"L’année {day.year} n’est pas vraisemblable : vérifiez la date.")
    return day


def _day(text: str) -> datetime.date | None:
    if iso := _ISO_DAY.fullmatch(text):
        return _date(iso[1], iso[2], iso[3])
    if numeric := _NUMERIC_DAY.fullmatch(text):
        return _date(_year(numeric[3]), numeric[2], numeric[1])
    if text.isascii() and text.isdigit() and len(text) == 8:
        return _compact_day(text)
    written = _WRITTEN_DAY.fullmatch(fold(text))
    return _date(written[3], _month(written[2]), written[1]) if written else None


def _compact_day(text: str) -> datetime.date | None:
    """« 01092027 » or « 20270901 », where only one of the two is a likely day."""
    french, iso = _date(text[4:], text[2:4], text[:2]), _date(text[:4], text[4:6], text[6:])
    likely = [date for date in (french, iso) if date and FIRST_YEAR <= date.year <= LAST_YEAR]
    return likely[0] if len(likely) == 1 else None


def _date(year: int | str, month: int | str, day: int | str) -> datetime.date | None:
    try:
        return datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None


def _year(text: str) -> int:
    """A year; of two figures, one from 1990 to 2089."""
    year = int(text)
    if len(text) == 4:
        return year
    return year + (1900 if year >= FIRST_YEAR % 100 else 2000)


def _month(text: str) -> int:
    """The number of a month from its name or the beginning of it (« sept »), 0 where it is none, or two."""
    numbers = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(text)]
    return numbers[0] if len(numbers) == 1 else 0


def _months(text: str) -> Period | None:
    """The months of what is wider than a day and is no span, from a folded text."""
    if year := _YEAR.fullmatch(text):
        return _from(int(year[1]), 1, 12)
    if iso := _ISO_MONTH.fullmatch(text):
        return _from(int(iso[1]), int(iso[2]), 1)
    if numeric := _NUMERIC_MONTH.fullmatch(text):
        return _from(int(numeric[2]), int(numeric[1]), 1)
    if (written := _WRITTEN_MONTH.fullmatch(text)) and (month := _month(written[1])):
        return _from(_year(written[2]), month, 1)
    return _part_of_a_year(text)


def _part_of_a_year(text: str) -> Period | None:
    """A quarter or a half-year."""
    if after := _QUARTER_AFTER.fullmatch(text):
        return _from(int(after[1]), 3 * int(after[2]) - 2, 3)
    if quarter := _QUARTER.fullmatch(text):
        return _from(int(quarter[2] or quarter[4]), 3 * int(quarter[1] or quarter[3]) - 2, 3)
    if semester := _SEMESTER.fullmatch(text):
        return _from(int(semester[2] or semester[4]), 6 * int(semester[1] or semester[3]) - 5, 6)
    return None


def _from(year: int, month: int, count: int) -> Period | None:
    """The period of so many months of a year from this one."""
    if not (1 <= year <= 9998 and 1 <= month <= 12):
        return None
    last = month + count - 1
    return datetime.date(year, month, 1), datetime.date(year, last, calendar.monthrange(year, last)[1])


def _span(text: str) -> Period | None:
    """What has a start and an end, the one not after the other."""
    folded = fold(text)
    if years := _YEARS.fullmatch(folded):
        start, end = _months(years[1]), _months(f"{years[1][:2]}{years[2]}"[-4:] if len(years[2]) == 2 else years[2])
    elif (bounds := _SPAN.fullmatch(folded)) and not _day(text):
        start, end = _bound(bounds[1]), _bound(bounds[2])
    else:
        return None
    return (start[0], end[1]) if start and end and start[0] <= end[1] else None


def _bound(text: str) -> Period | None:
    exact = _day(text)
    return (exact, exact) if exact else _months(text)
