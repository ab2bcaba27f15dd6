"""French text in templates: dates, counts, numbers in letters, typography."""

import datetime
import re
from collections.abc import Mapping

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString

from cohesion.lib.browsers import browser
from cohesion.lib.french import decimal_fr
from cohesion.lib.heat import step
from cohesion.lib.prose import prose
from cohesion.lib.text import NBSP, capital, count_phrase, euros, number_fr, typographic

register = template.Library()
_PIECE = re.compile(r"[^/?&=]{0,12}[/?&=]*")
register.filter("typographic", typographic)
register.filter("capital", capital)
register.filter("prose", prose)
register.filter("euros", euros)
register.filter("browser", browser)
register.filter("number_fr", number_fr)
register.filter("decimal_fr", decimal_fr)


@register.filter
def clock(moment: datetime.datetime | None) -> str:
    """« 14 h 32 », « 18 h », by the clock of the site; nothing for None."""
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.hour}{NBSP}h{NBSP}{local.minute:02}" if local.minute else f"{local.hour}{NBSP}h"


LETTERS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)


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


@register.filter("french_date")
def raised_date(day: datetime.date | datetime.datetime | None) -> str:
    """:func:`french_date` in a page: « 1<sup>er</sup> mars 2026 »."""
    return _raised(french_date(day))


@register.filter("french_moment")
def raised_moment(moment: datetime.datetime | None) -> str:
    return _raised(french_moment(moment))


@register.filter
def plain_date(day: datetime.date | datetime.datetime | None) -> str:
    """:func:`french_date` where no mark-up may stand: a title, an attribute, a letter in plain text."""
    return french_date(day)


@register.filter
def plain_moment(moment: datetime.datetime | None) -> str:
    return french_moment(moment)


@register.filter
def unbroken(text: str) -> str:
    """A text whose references, like « 2026-03-12 », stay on one line."""
    return SafeString(re.sub(r"\b\w+(?:-\d+)+\b", r'<span class="ref">\g<0></span>', str(escape(text))))


@register.filter
def breakable(address: str) -> SafeString:
    """An address that a narrow screen may break: where it is cut is in no style sheet, and copied with nothing more."""
    return SafeString("<wbr>".join(escape(piece) for piece in _PIECE.findall(address)))


@register.filter
def raised(sentence: str) -> str:
    """A sentence that has dates, in a page: « le 1<sup>er</sup> juillet »."""
    return SafeString(re.sub(r"\b1er\b", "1<sup>er</sup>", str(escape(sentence))))


def _raised(date: str) -> str:
    return SafeString(date.replace("1er", "1<sup>er</sup>", 1)) if date.startswith("1er") else date


@register.filter
def count(number: int, words: str) -> str:
    """``{{ 8|count:"axe" }}`` → « 8 axes »; an irregular plural follows a comma: ``"enjeu,enjeux"``."""
    one, _, many = words.partition(",")
    return count_phrase(number, one, many or None)


@register.filter
def agree(number: int, words: str) -> str:
    """The word alone, agreeing with the number as in French, where none is singular: ``"commune,communes"``."""
    one, _, many = words.partition(",")
    return one if number < 2 else many


@register.filter
def in_letters(number: int) -> str:
    """« huit »; figures from seventeen on, as in running text."""
    return LETTERS[number] if 0 <= number < len(LETTERS) else number_fr(number)


@register.filter
def heat(number: int) -> str:
    """The style class of a number of projects, ``h0`` to ``h5``."""
    return f"h{step(number)}"


@register.filter
def at(found: Mapping[object, object] | None, key: object) -> object:
    """What stands under a key; nothing when it is not there."""
    return found.get(key) if found else None
