"""What may stand in each cell of a file of projects. Nothing is asked of the database here.

Values are plain data (JSON): days are ISO texts, amounts are texts with a point, lists keep their order.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from cohesion.lib.spreadsheets import Cell, Oddity
from cohesion.lib.spreadsheets.headed import Expected, Reading, at_most, items, line_of, read_rows, text_of
from cohesion.lib.text import fold, squeeze
from projects.choices import ProjectKind, ProjectStatus
from projects.models.project import SUMMARY_LENGTH, TITLE_LENGTH

CODE = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._\-]{0,29}\Z")
OUTSIDE = "hors PST"  # an action without a PST
TYPES = {"pst": ProjectKind.PST, "prh": ProjectKind.PRH, "action": ProjectKind.ACTION, "hors pst": OUTSIDE}
STATUSES = {fold(status.label): status.value for status in ProjectStatus}
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin"),
    *("juillet", "aout", "septembre", "octobre", "novembre", "decembre"),
)
FIRST_YEAR, LAST_YEAR = 1990, 2100
HIGHEST_AMOUNT = Decimal("9999999999.99")
LEAD_LENGTH = 200
NOTHING = "Le fichier n’a que des en-têtes : il faut au moins une ligne de projet."
_MIDNIGHT = r"(?:[T ]00:00(?::00)?)?"
_NUMERIC_DAY = re.compile(rf"(\d{{1,2}})[/.\-](\d{{1,2}})[/.\-](\d{{4}}){_MIDNIGHT}")
_ISO_DAY = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_MIDNIGHT}")
_WRITTEN_DAY = re.compile(
    r"(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?(\d{1,2})(?:er)? ([a-z]{3,})\.? (\d{4})"
)
_EURO = re.compile(r"^€ ?| ?(?:€|euros?|eur)$", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}(?:(?: \d{3})+(?=[.,]|\Z)|(?:\.\d{3})+(?=,|\Z))")


def day(cell: Cell | None) -> str | None:
    """A day as ISO writes it, from the French or the ISO form, or from a date of the spreadsheet; None when empty.

    Raises:
        ValueError: it is no day that exists.
    """
    text = (cell.iso or cell.shown) if isinstance(cell, Oddity) and cell.kind == "date" else line_of(cell)
    if not (text := squeeze(text)):
        return None
    found = _day(text)
    if found is None:
        raise ValueError("Ce n’est pas une date : écrivez par exemple 01/09/2026, 1er septembre 2026 ou 2026-09-01.")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(f"L’année {found.year} n’est pas vraisemblable : vérifiez la date.")
    return found.isoformat()


def _day(text: str) -> datetime.date | None:
    if iso := _ISO_DAY.fullmatch(text):
        year, month, number = (int(part) for part in iso.groups())
    elif numeric := _NUMERIC_DAY.fullmatch(text):
        number, month, year = (int(part) for part in numeric.groups())
    elif (written := _WRITTEN_DAY.fullmatch(fold(text))) and (month := _month(written[2])):
        number, year = int(written[1]), int(written[3])
    else:
        return None
    try:
        return datetime.date(year, month, number)
    except ValueError:
        return None


def _month(text: str) -> int:
    """The number of a month from its name or the beginning of it (« sept »), 0 where it is none, or two."""
    found = [number for number, name in enumerate(MONTHS, start=1) if name.startswith(text)]
    return found[0] if len(found) == 1 else 0


def euros(cell: Cell | None) -> str | None:
    """An amount as « 12500.50 », from what the French write (« 12 500,50 € ») or a number; None when empty.

    Raises:
        ValueError: it is no amount, is negative, or has more than two decimals.
    """
    text = _EURO.sub("", line_of(cell))
    if not text:
        return None
    if isinstance(cell, float):
        text = f"{Decimal(repr(cell)):f}".replace(".", ",")
    text = text.replace("\u2019", " ").replace("'", " ")
    if thousands := _THOUSANDS.match(text):
        text = re.sub(r"[ .]", "", thousands[0]) + text[thousands.end() :]
    if not re.fullmatch(r"-?\d{1,16}(?:[.,]\d{1,20})?", text):
        raise ValueError("Ce n’est pas un montant : écrivez par exemple 12 500 ou 12 500,50.")
    try:
        amount = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError("Ce n’est pas un montant : écrivez par exemple 12 500 ou 12 500,50.") from None
    if amount < 0:
        raise ValueError("Un montant n’est pas négatif : retirez le signe moins.")
    # « 12,500 » is twelve and a half, or the 12 500 of an English spreadsheet: it is asked.
    if amount != round(amount, 2) or (not isinstance(cell, float) and re.search(r"[.,]\d{3}", text)):
        raise ValueError("Un montant a deux décimales au plus : écrivez par exemple 12 500 ou 12,50.")
    if amount > HIGHEST_AMOUNT:
        raise ValueError("Ce montant est trop grand : vérifiez-le.")
    return f"{abs(amount):.2f}"


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque projet en a un, par exemple « 2026-014 ».")
    return _existing_code(text)


def _existing_code(text: str) -> str:
    if not CODE.match(text):
        raise ValueError(
            "Ce n’est pas un code : 30 signes au plus, lettres sans accent, chiffres, points, tirets, sans espace."
        )
    return text


def _title(text: str) -> str:
    if not text:
        raise ValueError("Il manque le titre : écrivez le nom du projet.")
    return at_most(text, TITLE_LENGTH)


def _type(text: str) -> str:
    found = TYPES.get(fold(text).replace("-", " "))
    if found is None:
        missing = "Il manque le type" if not text else "Ce type n’existe pas"
        raise ValueError(f"{missing} : écrivez PST, PRH, action ou hors PST.")
    return str(found)


def _lead(text: str) -> str:
    if not text:
        raise ValueError("Il manque la structure porteuse : écrivez son nom, son sigle ou son SIRET.")
    return at_most(text, LEAD_LENGTH)


def _status(text: str) -> str:
    """A state; nothing leaves the one that is there, and makes a new project a draft."""
    if not text:
        return ""
    if (found := STATUSES.get(fold(text))) is None:
        known = ", ".join(status.label for status in ProjectStatus)
        raise ValueError(f"Cet état n’existe pas. Les états sont : {known}.")
    return found


def _codes(text: str) -> list[str]:
    """The codes in their order; one that is said twice is refused later, where it is compared."""
    return items(text)


def _places(text: str) -> list[str]:
    return items(text, "|;\n")


@dataclass(frozen=True)
class ProjectColumn:
    """A column: its header, the name of its value, how a cell is read, and what is written in it."""

    header: str
    field: str
    read: Callable[[Cell | None], Any]
    expected: str
    width: int
    mandatory: bool = False


def _of_line(reader: Callable[[str], Any]) -> Callable[[Cell | None], Any]:
    return lambda cell: reader(line_of(cell))


def _of_text(reader: Callable[[str], Any]) -> Callable[[Cell | None], Any]:
    """For lists: some write one item on a line."""
    return lambda cell: reader(text_of(cell))


COLUMNS = (
    ProjectColumn("code", "code", _of_line(_code), "le code du projet : lettres, chiffres, points, tirets", 14, True),
    ProjectColumn("titre", "title", _of_line(_title), f"de 1 à {TITLE_LENGTH} caractères", 60, True),
    ProjectColumn("type", "kind", _of_line(_type), "PST, PRH, action ou hors PST (une action sans PST)", 12, True),
    ProjectColumn(
        "porteur",
        "lead",
        _of_line(_lead),
        "la structure : son nom, son sigle ou son SIRET ; un nom inconnu crée la structure, ce que l’aperçu dit",
        30,
        True,
    ),
    ProjectColumn(
        "objectifs",
        "objectives",
        _of_text(_codes),
        "les codes des orientations, séparés par | ; la première est la principale",
        24,
        True,
    ),
    ProjectColumn(
        "objectifs_secondaires", "secondary", _of_text(_codes), "d’autres codes d’orientations, séparés par |", 24
    ),
    ProjectColumn("communes", "communes", _of_text(_places), "noms ou codes INSEE, séparés par |", 30),
    ProjectColumn(
        "autres_territoires", "others", _of_text(_places), "quartiers ou autres, par leur nom ou leur code", 24
    ),
    ProjectColumn("date_debut", "starts_on", day, "une date : 01/09/2026, 1er septembre 2026 ou 2026-09-01", 12),
    ProjectColumn("date_fin", "ends_on", day, "une date, la même ou plus tard", 12),
    ProjectColumn("budget", "total_cost", euros, "le coût total en euros : 12 500 ou 12 500,50", 14),
    ProjectColumn(
        "pst",
        "host",
        _of_line(lambda text: _existing_code(text) if text else ""),
        "le code du PST, déjà là ou dans le fichier ; vide, le PST reste ce qu’il est (« hors PST » l’en sort)",
        14,
    ),
    ProjectColumn("dispositifs", "schemes", _of_text(_codes), "les sigles des dispositifs, séparés par |", 14),
    ProjectColumn(
        "resume",
        "summary",
        lambda cell: at_most(text_of(cell).strip(), SUMMARY_LENGTH),
        f"le résumé public, {SUMMARY_LENGTH} caractères au plus",
        60,
    ),
    ProjectColumn(
        "statut",
        "status",
        _of_line(_status),
        "l’état : Brouillon, Retenue, En cours… ; vide, l’état ne change pas et un projet nouveau est un brouillon",
        20,
    ),
)
# What an export says to people beside the codes, and an import leaves.
TOLD = frozenset({"objectifs_en_clair", "lieux_en_clair", "pst_en_clair", "page_du_site", "derniere_modification"})
EXPECTED = tuple(Expected(one.header, one.field, one.read, mandatory=one.mandatory) for one in COLUMNS)


def read(data: bytes, filename: str) -> Reading:
    """Read a file of projects.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    return read_rows(data, filename, EXPECTED, NOTHING, told=TOLD)
