"""A cell before its column reads it: damage is refused, mended and told, or left as a doubt for who knows more.

What is refused is certain. What is mended is shown before anything is written. A doubt depends on what else exists
(« 3.1 » as a number, where there is « 3.10 » too): see :func:`questions`.
"""

import datetime
import enum
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from cohesion.lib.pasted import clean, unseen
from cohesion.lib.spreadsheets import damage, days
from cohesion.lib.spreadsheets.cells import ODDITIES, items
from cohesion.lib.spreadsheets.expected import Expected, Holds
from cohesion.lib.spreadsheets.model import EPOCH, Cell, Oddity, Problem, cell_text
from cohesion.lib.text import squeeze

ERROR = (
    "C’est ce qu’un tableur montre d’une formule en erreur : remplacez-le par la valeur voulue, ou videz la cellule."
)
NO_NAME = "Ce n’est pas un nom : écrivez-le en toutes lettres."
EXPONENT = (
    "Un tableur a changé ce texte en nombre avec un exposant, et en a perdu la fin : mettez la colonne au format "
    "« Texte », puis retapez la valeur."
)
NUMBER = (
    "Le tableur a gardé ce code comme un nombre : vérifiez-le, car 3.10 y devient 3.1. Mettez plutôt la colonne au "
    "format « Texte »."
)
KEEP_TEXT = (
    "Un tableur lirait ce code comme un nombre avec un exposant : gardez la colonne au format « Texte », ou choisissez "
    "un autre code."
)
TWICE = "Ce texte a été encodé deux fois : il est lu comme le montre la flèche."
CP850 = "Des accents semblent lus de travers (« ‚ » pour « é ») : enregistrez de nouveau le fichier en « CSV UTF-8 »."
UNSEEN = "Des signes invisibles ou propres à un traitement de texte ({}) sont retirés ou remplacés."
LOST_LETTERS = "Un « ? » semble tenir la place d’une lettre accentuée : retapez ce mot, s’il est abîmé."
AS_DATE = "Ce nombre est lu comme une date, puisque la colonne en a d’autres."
AS_PERIOD = "Une année, un mois, un trimestre ou un intervalle est lu comme son premier ou son dernier jour."


class Why(enum.Enum):
    """Why a code is doubtful."""

    NUMBER = enum.auto()  # the cell holds a number
    ZERO = enum.auto()  # « 1.0 »: a program took « 1 » for a number
    DATE = enum.auto()  # « janv-26 »
    EXPONENT = enum.auto()  # « 1E05 »


ALL = frozenset(Why)
REMARKED = {Why.NUMBER: NUMBER, Why.EXPONENT: KEEP_TEXT}


@dataclass(frozen=True)
class Doubt:
    """A code of which what else exists tells whether it is what was meant."""

    row: int
    field: str
    code: str
    why: Why


@dataclass(frozen=True)
class Context:
    """What the column of a cell tells about it."""

    epoch: datetime.date = EPOCH
    has_dates: bool = False


@dataclass(frozen=True)
class Mended:
    """A cell as its column should read it, the remarks about it (what is shown, the sentence), and doubtful codes."""

    cell: Cell | None
    remarks: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, Why], ...] = ()


def mend(cell: Cell | None, expected: Expected, context: Context) -> Mended:
    """What a cell of a column most likely says.

    Raises:
        ValueError: it holds what no column can mean, with the sentence that says how to mend it.
    """
    if cell is None:
        return Mended(None)
    remarks: list[tuple[str, str]] = []
    if isinstance(cell, str):
        cell, remarks = _text(cell)
    if expected.holds is Holds.DAYS:
        cell, more = _date(cell, context)
        remarks += more
    elif expected.holds is Holds.NAME and not isinstance(cell, Oddity) and damage.is_placeholder(_line(cell)):
        raise ValueError(NO_NAME)
    doubts: tuple[tuple[str, Why], ...] = ()
    if expected.holds is Holds.CODES and not isinstance(cell, Oddity):
        doubts = tuple(_doubts(cell))
        remarks += [(code, REMARKED[why]) for code, why in doubts if why in REMARKED]
    return Mended(cell, tuple(remarks), doubts)


def context_of(cells: Iterable[Cell], epoch: datetime.date) -> Context:
    """What the cells of a column of days tell about each of them."""
    return Context(epoch, any(_is_plain_date(cell) for cell in cells))


def _line(cell: Cell) -> str:
    return squeeze(cell_text(cell))


# --- texts ----------------------------------------------------------------------------------------------------


def _text(text: str) -> tuple[str, list[tuple[str, str]]]:
    if text.isascii() and text.isprintable() and text[0] not in "#Ee" and "?" not in text:
        return text, []  # nearly all of them
    if damage.is_error_word(squeeze(text)):
        raise ValueError(ERROR)
    remarks = []
    mended = damage.undo_twice(text)
    if mended != text:
        remarks.append((f"{squeeze(text)} → {squeeze(clean(mended))}", TWICE))
    if signs := unseen(mended):
        remarks.append((squeeze(clean(mended)), UNSEEN.format(", ".join(signs))))
    mended = clean(mended)
    if damage.undo_cp850(mended) != mended:
        remarks.append((squeeze(mended), CP850))
    if damage.has_lost_letters(mended):
        remarks.append((squeeze(mended), LOST_LETTERS))
    return mended, remarks


# --- days -----------------------------------------------------------------------------------------------------


def _date(cell: Cell, context: Context) -> tuple[Cell, list[tuple[str, str]]]:
    iso = days.of_serial(cell, context.epoch)
    if iso is not None:
        if not context.has_dates:
            raise ValueError(days.SERIAL)
        shown = f"{datetime.date.fromisoformat(iso):%d/%m/%Y}"
        return Oddity("date", shown, iso), [(f"{cell_text(cell)} → {shown}", AS_DATE)]
    return cell, [(_line(cell), AS_PERIOD)] if days.is_period(cell) else []


def _is_plain_date(cell: Cell) -> bool:
    if isinstance(cell, Oddity):
        return cell.kind == "date"
    try:
        return isinstance(cell, str) and days.day(cell) is not None
    except ValueError:
        return False


# --- codes ----------------------------------------------------------------------------------------------------


def _doubts(cell: Cell) -> Iterable[tuple[str, Why]]:
    if isinstance(cell, float):
        yield cell_text(cell), Why.NUMBER
        return
    for code in items(cell_text(cell)):
        if damage.is_date(code):
            if "/" in code:
                raise ValueError(ODDITIES["date"])
            yield code, Why.DATE
        elif damage.is_exponent(code):
            if "+" in code:
                raise ValueError(EXPONENT)
            yield code, Why.EXPONENT
        elif damage.is_whole_with_zeros(code):
            yield code, Why.ZERO


def questions(
    doubts: Iterable[Doubt], field: str, place: str, known: Collection[str], asks: Collection[Why] = ALL
) -> list[Problem]:
    """What must be asked about the doubtful codes of a value, once one knows which codes exist.

    A question is a refusal whose sentence says how to answer in the file. ``asks``: for which
    reasons.
    """
    numbers = damage.by_number(known)
    problems = []
    for doubt in doubts:
        if doubt.field != field or doubt.why not in asks:
            continue
        value = damage.number(doubt.code)
        alike = numbers.get(value, []) if value is not None else []
        twins = sorted((code for code in alike if code != doubt.code), key=len)
        if sentence := _question(doubt, twins, doubt.code in known):
            problems.append(Problem(sentence, doubt.row, place, doubt.code[:80]))
    return problems


def _question(doubt: Doubt, twins: list[str], is_known: bool) -> str | None:
    if doubt.why is Why.NUMBER:
        if not twins:
            return None
        choices = " ou ".join(([doubt.code] if is_known else []) + twins)
        return (
            f"Le tableur a gardé un nombre : est-ce {choices} ? Mettez la colonne au format « Texte », puis retapez le "
            "code."
        )
    if is_known:
        return None
    if doubt.why is Why.DATE:
        return f"{ODDITIES['date']} Si c’est bien un code, écrivez-le en capitales."
    if doubt.why is Why.EXPONENT:
        return (
            "Les tableurs lisent ce code comme un nombre avec un exposant : retapez celui qui a été changé, ou "
            "choisissez-en un autre, par exemple avec un tiret."
        )
    if twins:
        return (
            f"Un programme a lu ce code comme un nombre : est-ce {' ou '.join(twins)} ? Écrivez-le ainsi. Un code "
            "nouveau ne se distingue pas d’un autre par un zéro."
        )
    return None
