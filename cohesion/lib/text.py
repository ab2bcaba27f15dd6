"""Text as people type it, and as the French print it."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError

from cohesion.lib.pasted import clean

NARROW_NBSP = "\u202f"
NBSP = "\u00a0"
# Characters that print nothing, or that reorder what is printed: controls, surrogates, bidi marks and isolates,
# zero-width ones, the byte order mark, line and paragraph separators, private ones (a bullet pasted from a word
# processor), the mark of a character that was lost, and what is no character at all.
_HIDDEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
    r"\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffd-\uffff]"
)
_SPACES = re.compile(r"\s+")
_DOUBLE_QUOTED = re.compile(r'"\s*([^"]*?)\s*"')
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def hidden_character(text: str) -> str | None:
    """Name the first character that must not stand in a text (control, bidi, surrogate), or None."""
    match = _HIDDEN.search(text)
    return f"U+{ord(match[0]):04X}" if match else None


def validate_text(text: str) -> None:
    """Refuse characters that nobody sees and that break pages, exports and databases.

    Raises:
        ValidationError: with the code point found.
    """
    if character := hidden_character(text):
        raise ValidationError(
            "Ce texte contient un caractère invisible (%(code)s) : retapez-le, ou collez-le sans mise en forme.",
            code="hidden_character",
            params={"code": character},
        )


def validate_line(text: str) -> None:
    """Like :func:`validate_text`, for a text that stands on one line."""
    validate_text(text)
    if any(character in text for character in "\n\r\t"):
        raise ValidationError("Ce texte doit tenir sur une seule ligne.", code="line_break")


def squeeze(text: str) -> str:
    """The text on one line, without the spaces (ordinary, non-breaking, repeated) that a paste leaves."""
    return _SPACES.sub(" ", text).strip()


def fold(text: str) -> str:
    """Lower case, without accents, ligatures or what nobody sees: what two people would call the same word."""
    text = clean(text).casefold().replace("œ", "oe").replace("æ", "ae").replace("’", "'")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=10_000)
def typographic(text: str) -> str:
    """The text as the French print it: apostrophes, guillemets, spaces that do not break, ellipses.

    For display only: the adopted wording is kept to the letter in the database.
    """
    text = text.replace("'", "’").replace("...", "…")
    text = _DOUBLE_QUOTED.sub(r"« \1 »", text)
    text = re.sub(r"\s*«\s*", f" «{NBSP}", text)
    text = re.sub(r"\s*»", f"{NBSP}»", text)
    text = re.sub(r"(?<=\S)\s+:(?=\s|$)", f"{NBSP}:", text)
    text = re.sub(r"(?<=\S)\s+([;!?])", rf"{NARROW_NBSP}\1", text)
    text = re.sub(r"(\d)\s+(?=(?:€|%|ans?\b|km\b))", rf"\1{NBSP}", text)
    return text.strip()


def capital(text: str) -> str:
    """The text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def small_initial(text: str) -> str:
    """A sentence that goes on after a colon: « la fin précède… »; what begins with an acronym keeps it."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def count_phrase(number: int, singular: str, plural: str | None = None) -> str:
    """« 1 axe », « 8 axes »: the French plural begins at two. ``many`` defaults to ``one`` with an s."""
    return f"{number_fr(number)}{NBSP}{singular if number < 2 else plural or singular + 's'}"


def number_fr(number: int) -> str:
    """An integer with narrow spaces between thousands: « 12 500 »."""
    return f"{number:,}".replace(",", NARROW_NBSP)


def euros(amount: Decimal) -> str:
    """« 12 500 € », « 12 500,50 € »: cents are written where there are some."""
    whole, cents = divmod(amount, 1)
    decimals = f",{round(cents * 100):02}" if cents else ""
    return f"{number_fr(int(whole))}{decimals}{NBSP}€"


def whole_number(text: str) -> int | None:
    """A number that came in an address or a form, or None where it is no reasonable key."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else None


def xml_text(text: str) -> str:
    """Without what no XML may hold (XML 1.0, 2.2), which an old base or another program may have left in a text."""
    return _NOT_IN_XML.sub("", text)
