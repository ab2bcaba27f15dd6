"""Days and moments as the French write them."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format

from cohesion.lib.text import NBSP


def clock(moment: datetime.datetime | None) -> str:
    """« 14 h 32 », « 18 h », by the clock of the site; nothing for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}" if local.minute else f"{local.hour}{NBSP}h"


def french_date(day: datetime.date | datetime.datetime | None) -> str:
    """« 12 mars 2026 », « 1er mars 2026 »; a moment is told by the clock of the site; nothing for None."""
    if day is None:
        return ""
    if isinstance(day, datetime.datetime) and timezone.is_aware(day):
        day = timezone.localtime(day)
    first = "1er" if day.day == 1 else str(day.day)
    return f"{first}{NBSP}{date_format(day, 'F Y')}"


def french_moment(moment: datetime.datetime | None) -> str:
    """« 12 mars 2026 à 14 h 32 », by the clock of the site; nothing for None."""
    return "" if moment is None else f"{french_date(moment)} à {clock(moment)}"
