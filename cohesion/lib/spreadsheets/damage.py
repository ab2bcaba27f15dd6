"""What spreadsheets and bad conversions leave in a text: recognised here, judged elsewhere.

Every function takes the text of one cell on one line. None asks a database.
"""

import re
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation

from cohesion.lib.pasted import clean
from cohesion.lib.text import fold, squeeze

ERROR_WORDS = frozenset(
    (
        *("#ref!", "#n/a", "#n/d", "#na", "#nom?", "#name?", "#div/0!", "#valeur!", "#value!", "#nul!", "#null!"),
        *("#nombre!", "#num!", "#propagation!", "#spill!", "#calc!", "#champ!", "#field!", "#bloque!", "#blocked!"),
        *("#connexion!", "#connect!", "#erreur!", "#error!", "#getting_data", "#inconnu!", "#unknown!", "#donnees?"),
    )
)
PLACEHOLDERS = frozenset(
    (
        *("n/a", "n.a.", "n/c", "n.c.", "nc", "n/d", "n.d.", "nan", "null", "none", "nil", "undefined", "vide"),
        *("neant", "aucun", "aucune", "sans objet", "ras", "inconnu", "inconnue", "non renseigne", "x", "xx", "xxx"),
        *("a definir", "a preciser", "a completer", "a venir", "a remplir", "sans titre", "sans nom", "tbd", "todo"),
    )
)
_MONTHS = (
    "janvier|janv|jan|fevrier|fevr|fev|feb|mars|avril|avr|apr|mai|may|juin|jun|juillet|juil|jul|aout|aug"
    "|septembre|sept|sep|octobre|oct|novembre|nov|decembre|dec"
)
_DAY = re.compile(r"\d{1,2}/\d{1,2}/(?:\d{2}|\d{4})|\d{1,2}-\d{1,2}-\d{4}|\d{4}-\d{2}-\d{2}(?:[T ][\d:.]+)?")
_MONTH = re.compile(rf"(?:\d{{1,2}}[-/ .])(?:{_MONTHS})\.?(?:[-/ .]\d{{2,4}})?|(?:{_MONTHS})\.?[-/ .]\d{{2,4}}")
_EXPONENT = re.compile(r"\d+(?:[.,]\d+)?[Ee][+\-]?\d{1,3}")
_WHOLE = re.compile(r"\d{1,15}[.,]0+")
_NUMBER = re.compile(r"\d{1,15}(?:[.,]\d{1,15})?")
# Every letter and sign that Windows-1252 has: what French texts are made of, and what one reading of them leaves.
_LETTERS = (
    bytes(range(0x80, 0x100)).decode("cp1252", "ignore")
    + "".join(map(chr, range(0x80, 0xA0)))
    + "\u202f\u200b\ufeff\ufb01\ufb02"
)
_LOST = re.compile(r"[^\W\d_]\?[a-zà-ÿ]|[A-ZÀ-Þ]\?[A-ZÀ-Þ]|(?<!\w)\?[a-zà-ÿ]{3,}")
_CP850 = {"‚": "é", "Š": "è", "ˆ": "ê", "‡": "ç", "ƒ": "â", "‰": "ë", "‹": "ï", "Œ": "î"}
_CP850_INSIDE = re.compile(r"(?<=[^\W\d_])[‚ŠˆƒŒ‡‰‹](?=[a-z])|(?<=[a-z])‚(?![\w‚])|(?<![\w‚])‚(?=[a-z])")


def is_error_word(text: str) -> bool:
    """Whether it is what a spreadsheet shows of a formula in error: « #REF! », « #NOM? », « Err:502 », « ##### »."""
    if text[:1] not in ("#", "E", "e"):
        return False
    word = fold(text).replace(" ", "").replace("\u00a0", "")
    return word in ERROR_WORDS or bool(re.fullmatch(r"#{2,}|err:\d{3}", word))


def is_placeholder(text: str) -> bool:
    """Whether it stands for a name that nobody knew: « - », « ? », « 0 », « n/a », « à compléter »."""
    return not any(sign.isalnum() for sign in text) or not text.strip("0 .,") or fold(text) in PLACEHOLDERS


def is_date(text: str) -> bool:
    """Whether a spreadsheet would show a date so: « 01/01/01 », « janv-26 », « 1-mai », « 2026-01-01 ».

    Capitals are nobody's date: « MAI-26 » is what its author wrote.
    """
    if _DAY.fullmatch(text):
        return True
    return not text.isupper() and bool(_MONTH.fullmatch(fold(text)))


def is_exponent(text: str) -> bool:
    """Whether a spreadsheet would read, or shows, a number with an exponent: « 7,75672E+13 », « 1E05 »."""
    return bool(_EXPONENT.fullmatch(text))


def is_whole_with_zeros(text: str) -> bool:
    """Whether a program wrote a whole number as one with decimals: « 1.0 »."""
    return bool(_WHOLE.fullmatch(text))


def number(text: str) -> Decimal | None:
    """The number that a spreadsheet would see in a code: « 3.10 » and « 3.1 » are the same, « 1.1.1 » is none."""
    if not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ".")).normalize()
    except InvalidOperation:
        return None


def by_number(codes: Iterable[str]) -> dict[Decimal, list[str]]:
    """The codes that a spreadsheet takes for numbers, by their number; several are one for it."""
    grouped: dict[Decimal, list[str]] = {}
    for code in codes:
        if (value := number(code)) is not None:
            grouped.setdefault(value, []).append(code)
    return grouped


def twins(code: str, codes: Collection[str]) -> list[str]:
    """The other codes that are the same number as this one: for « 3.1 », « 3.10 »; for « 1.0 », « 1 »."""
    value = number(code)
    return [] if value is None else [other for other in by_number(codes).get(value, ()) if other != code]


# --- letters --------------------------------------------------------------------------------------------------


def _twice_encoded() -> dict[str, str]:
    """What each letter becomes when its UTF-8 is read as Windows-1252, or as Latin-1."""
    signs: dict[str, str] = {}
    for letter in _LETTERS:
        for reader in ("latin-1", "cp1252"):
            wrong = letter.encode().decode(reader, "ignore")
            if len(wrong) == len(letter.encode()):
                signs[wrong] = letter
    return signs


_TWICE = _twice_encoded()
_TWICE_FOUND = re.compile("|".join(sorted(map(re.escape, _TWICE), key=len, reverse=True)) + r"|Ã(?: (?= \S)|(?= \S))")


def undo_twice(text: str) -> str:
    """The text that was meant, where UTF-8 was read as Windows-1252, once or more: « RÃ©ussite » → « Réussite »."""
    if text.isascii():
        return text
    for _ in range(3):
        mended = _TWICE_FOUND.sub(lambda sign: _TWICE.get(sign[0], "à"), text)
        if mended == text:
            break
        text = mended
    return text


def meant(text: str) -> str:
    """The text of one line that is read where this one is written: two that mean the same are no difference."""
    return squeeze(clean(undo_twice(text)))


def undo_cp850(text: str) -> str:
    """The text that was most likely meant, where CP850 was read as Windows-1252: « R‚ussite » → « Réussite »."""
    return text if text.isascii() else _CP850_INSIDE.sub(lambda sign: _CP850[sign[0]], text)


def has_lost_letters(text: str) -> bool:
    """Whether a « ? » stands where a letter was: « R?ussite ». An address with its question mark is none."""
    if "?" not in text:
        return False
    words = [word for word in squeeze(text).split(" ") if not re.search(r"[/=&@]|www\.", word)]
    return any(_LOST.search(word) for word in words)
