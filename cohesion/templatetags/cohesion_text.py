"""French text in templates: dates, counts, numbers in letters, typography."""

import datetime
import re
from collections.abc import Iterable, Mapping

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from cohesion.lib.browsers import browser
from cohesion.lib.dates import FLAT, RAISED, clock, french_date, french_moment, plain_date, plain_moment
from cohesion.lib.french import decimal_fr, letters
from cohesion.lib.prose import prose
from cohesion.lib.text import capital, count_phrase, euros, number_fr, typographic
from cohesion.lib.word_diff import WordChange, WordPiece, word_diff

register = template.Library()
_PIECE = re.compile(r"[^/?&=]{0,12}[/?&=]*")
register.filter("typographic", typographic)
register.filter("capital", capital)
register.filter("prose", prose)
register.filter("euros", euros)
register.filter("browser", browser)
register.filter("number_fr", number_fr)
register.filter("decimal_fr", decimal_fr)
register.filter("clock", clock)
register.filter("plain_date", plain_date)
register.filter("plain_moment", plain_moment)


@register.filter("french_date")
def raised_date(day: datetime.date | datetime.datetime | None) -> str:
    """:func:`french_date` in a page: « 1<sup>er</sup> mars 2026 »."""
    return _raised(french_date(day))


@register.filter("french_moment")
def raised_moment(moment: datetime.datetime | None) -> str:
    return _raised(french_moment(moment))


@register.filter
def unbroken(text: str) -> str:
    """A text whose references, like « 2026-03-12 », stay on one line."""
    return SafeString(re.sub(r"\b\w+(?:-\d+)+\b", r'<span class="ref">\g<0></span>', str(escape(text))))


@register.filter
def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """The pieces of a text, one after the other: those that were asked for (true) are marked."""
    shown = (format_html("<mark>{}</mark>", text) if is_asked else text for text, is_asked in pieces)
    return format_html_join("", "{}", ((piece,) for piece in shown))


_CHANGED = {WordChange.REMOVED: ("del", "retiré"), WordChange.ADDED: ("ins", "ajouté")}
_REDLINE = '<{0}><span class="visually-hidden">[{1}\u00a0: </span>{2}<span class="visually-hidden">]</span></{0}>'


@register.simple_tag
def redline(before: str, after: str) -> SafeString:
    """Two wordings in one, word by word: what was removed struck through, what was added underlined."""
    return format_html_join("", "{}", ((_redlined(piece),) for piece in word_diff(before, after)))


def _redlined(piece: WordPiece) -> str:
    return format_html(_REDLINE, *_CHANGED[piece.change], piece.text) if piece.change in _CHANGED else piece.text


@register.filter
def breakable(address: str) -> SafeString:
    """An address that a narrow screen may break: where it is cut is in no style sheet, and copied with nothing more."""
    return SafeString("<wbr>".join(escape(piece) for piece in _PIECE.findall(address)))


@register.filter
def raised(sentence: str) -> str:
    """A sentence that has dates, in a page: « le 1<sup>er</sup> juillet »."""
    return SafeString(re.sub(rf"\b(?:{FLAT}|{RAISED})\b", "1<sup>er</sup>", str(escape(sentence))))


def _raised(date: str) -> str:
    return SafeString(date.replace(RAISED, "1<sup>er</sup>", 1)) if date.startswith(RAISED) else date


@register.filter
def count(number: int, words: str) -> str:
    """``{{ 8|count:"axe" }}`` → « 8 axes »; an irregular plural follows a comma: ``"enjeu,enjeux"``."""
    singular, _, plural = words.partition(",")
    return count_phrase(number, singular, plural or None)


@register.filter
def agree(number: int, words: str) -> str:
    """The word alone, agreeing with the number as in French, where none is singular: ``"commune,communes"``."""
    singular, _, plural = words.partition(",")
    return singular if number < 2 else plural


@register.filter
def in_letters(number: int, gender: str = "") -> str:
    """« huit », « vingt et un »; ``"f"``: « une », « vingt et une ». Figures from a hundred on, as in running text."""
    return letters(number, is_feminine=gender == "f") if 0 <= number < 100 else number_fr(number)


@register.filter
def at(mapping: Mapping[object, object] | None, key: object) -> object:
    """What stands under a key; nothing when it is not there."""
    return mapping.get(key) if mapping else None
