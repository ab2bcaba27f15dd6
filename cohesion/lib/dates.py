"""Days and moments as the French write them."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format

from cohesion.lib.text import NBSP

KNOWN_YEARS = range(1900, 2201)  # those that can be asked


def known_year(raw: str) -> int | None:
    """The year that an address names, if it is one that can be asked."""
    is_year = len(raw) == 4 and raw.isascii() and raw.isdecimal()
    return int(raw) if is_year and int(raw) in KNOWN_YEARS else None


def clock(moment: datetime.datetime | None) -> str:
    """« 14 h 32 », « 18 h », by the clock of the site; nothing for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}" if local.minute else f"{local.hour}{NBSP}h"


RAISED, FLAT = "1ᵉʳ", "1er"  # the first of a month


def french_date(day: datetime.date | datetime.datetime | None) -> str:
    """« 12 mars 2026 », « 1ᵉʳ mars 2026 », for a sentence of a page; nothing for None.

    A moment is told by the clock of the site. A file or a letter in plain text has :func:`plain_date`.
    """
    if day is None:
        return ""
    if isinstance(day, datetime.datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    first = RAISED if day.day == 1 else str(day.day)
    return f"{first}{NBSP}{date_format(day, 'F Y')}"


def french_moment(moment: datetime.datetime | None) -> str:
    """« 12 mars 2026 à 14 h 32 », by the clock of the site; nothing for None."""
    return "" if moment is None else f"{french_date(moment)} à {clock(moment)}"


def plain_date(day: datetime.date | datetime.datetime | None) -> str:
    """:func:`french_date` in a title, an attribute, a file, a letter in plain text: « 1er mars 2026 »."""
    return french_date(day).replace(RAISED, FLAT)


def plain_moment(moment: datetime.datetime | None) -> str:
    return french_moment(moment).replace(RAISED, FLAT)


def calendar_years(first: datetime.date | None, last: datetime.date | None) -> str:
    """The years between two days: « 2026 », « 2025–2027 », « depuis 2025 »; nothing where nobody knows the first."""
    if first is None:
        return ""
    if last is None:
        return f"depuis {first.year}"
    return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
