"""From a file to rows: the headers found among those that are expected, cells read one by one, every error named."""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cohesion.lib.spreadsheets.model import Cell, Oddity, Problem, Refused, Sheet, Workbook, cell_text, column_letter
from cohesion.lib.spreadsheets.reading import read
from cohesion.lib.spreadsheets.tables import undo_defuse
from cohesion.lib.text import fold, hidden_character, squeeze

GUIDE_SHEET = "Mode d’emploi"  # the sheet of a model file that explains the columns
MODEL_HINT = "Le fichier modèle montre les colonnes attendues."
_SHOWN = 80
_NAMED = 10  # sheets
_ALIKE = 500  # values of a column that are known again
Row = dict[str, Any]


@dataclass(frozen=True)
class Expected:
    """A column that a file may have: its header, the name of its values, how a cell is read.

    ``read`` raises ValueError with the French sentence that says how to mend the cell.
    """

    header: str
    field: str
    read: Callable[[Cell | None], Any]
    mandatory: bool = False
    filled_down: bool = False  # a cell merged downwards says the same for all its rows


Readers = dict[int, tuple[str, Callable[[Cell | None], Any]]]  # by column: the name of the value, how it is read


@dataclass
class Reading:
    """The rows of a file, by the names of the values; a column that is not in the file is not in them.

    ``row`` is the number that the spreadsheet shows. A value that could not be read is None, and is in ``problems``.
    """

    rows: list[Row]
    places: dict[str, str]  # field → « niveau (C) »
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_rows(
    data: bytes, filename: str, expected: Sequence[Expected], nothing: str, told: Container[str] = ()
) -> Reading:
    """Read the first sheet of a file; ``nothing`` is what a file of headers only is told, and ``told`` are the
    columns that an export has for people: they are left, without a word.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    workbook = read(data, filename)
    sheet = workbook.sheet
    header_row = min(sheet.rows)
    others = _unread_sheets(workbook)
    columns, warnings = _headers(sheet, header_row, expected, others, told)
    _fill_down(sheet, {place for place, column in columns.items() if column.filled_down}, header_row)
    reading = Reading(
        [],
        {column.field: f"{column.header} ({column_letter(place)})" for place, column in columns.items()},
        warnings=[*workbook.warnings, *others, *warnings],
    )
    _stray_cells(workbook, header_row, reading)
    # Rows that say the same share what was read: dates, states and places repeat, and would weigh half of a file.
    readers: Readers = {
        place: (column.field, lru_cache(_ALIKE, typed=True)(column.read)) for place, column in columns.items()
    }
    for number in sorted(sheet.rows):
        cells = sheet.rows.pop(number)  # not held twice, as it was and as it is read
        if number > header_row and any(place in cells for place in columns):
            reading.rows.append(_row(number, cells, readers, reading))
    if not reading.rows:
        raise Refused(nothing)
    return reading


def line_of(cell: Cell | None) -> str:
    """The text of a cell on one line, our own apostrophe taken back.

    Raises:
        ValueError: the cell holds something else than a text or a number, or characters that nobody sees.
    """
    return squeeze(text_of(cell))


def text_of(cell: Cell | None) -> str:
    """The text of a cell with its line breaks, our own apostrophe taken back.

    Raises:
        ValueError: the cell holds something else than a text or a number, or characters that nobody sees.
    """
    if isinstance(cell, Oddity):
        raise ValueError(_ODDITIES[cell.kind])
    text = cell_text(cell)
    if found := hidden_character(text):
        raise ValueError(f"Le texte contient un caractère invisible ({found}) : retapez-le, ou collez-le sans format.")
    return undo_defuse(text)


def items(text: str, separators: str = "|,;\n") -> list[str]:
    """The items of a list in one cell, in their order, none empty."""
    return [item for part in re.split(f"[{separators}]", text) if (item := squeeze(part))]


def at_most(text: str, length: int) -> str:
    """The text itself.

    Raises:
        ValueError: it is longer than that.
    """
    if len(text) > length:
        raise ValueError(f"Le texte a {len(text)} caractères : raccourcissez-le à {length} au plus.")
    return text


_ODDITIES = {
    "date": "Le tableur a changé ce texte en date : mettez la colonne au format « Texte », puis retapez la valeur.",
    "error": "La cellule est une formule en erreur, ou un nombre démesuré : remplacez-la par sa valeur.",
    "formula": "La cellule est une formule jamais calculée : remplacez-la par sa valeur.",
    "boolean": "La cellule est un vrai/faux : mettez la colonne au format « Texte », puis retapez la valeur.",
}


def _row(number: int, cells: dict[int, Cell], readers: Readers, reading: Reading) -> Row:
    row: Row = {"row": number}
    for place, (name, read_cell) in readers.items():
        cell = cells.get(place)
        try:
            row[name] = read_cell(cell)
        except ValueError as error:
            row[name] = None
            shown = re.sub(r"\s+", " ", cell_text(cell))
            reading.problems.append(Problem(str(error), number, reading.places[name], _visible(shown[:_SHOWN])))
    return row


def _visible(text: str) -> str:
    """A value as it can be shown: what nobody sees is written as its code point."""
    return "".join(f"[U+{ord(c):04X}]" if hidden_character(c) else c for c in text)


# --- headers --------------------------------------------------------------------------------------------------


def _headers(
    sheet: Sheet, row: int, expected: Sequence[Expected], others: list[str], told: Container[str]
) -> tuple[dict[int, Expected], list[str]]:
    """The expected column of each place, in the order of the declaration, and what to say of the columns not read.

    ``others`` says which sheets are not read: the table may well be in one of them.
    """
    known = {column.header: column for column in expected}
    places: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for number, cell in sorted(sheet.rows[row].items()):
        text = cell_text(cell)
        header = re.sub(r"[\s_\-’']+", "_", fold(squeeze(undo_defuse(text)))).strip("_")
        letter = column_letter(number)
        if found := hidden_character(text):
            problems.append(Problem(f"L’en-tête contient un caractère invisible ({found}) : retapez-le.", row, letter))
        elif header in told:
            continue
        elif header not in known:
            unknown.append(f"« {squeeze(text)[:40]} » ({letter})")
        elif header in places:
            first = column_letter(places[header])
            twice = f"L’en-tête est déjà en colonne {first} : gardez une seule de ces colonnes."
            problems.append(Problem(twice, row, f"{header} ({letter})", header))
        else:
            places[header] = number
    missing = [column.header for column in expected if column.mandatory and column.header not in places]
    if missing:
        elsewhere = [f"{sentence} Placez en premier celle du tableau." for sentence in others]
        problems.append(Problem(" ".join([_missing_headers(missing, unknown), *elsewhere]), row))
    if problems:
        raise Refused(problems)
    said = [f"Colonnes inconnues, non lues : {', '.join(unknown)}."] if unknown else []
    return {number: known[header] for header, number in places.items()}, said


def _missing_headers(missing: list[str], unknown: list[str]) -> str:
    names = ", ".join(f"« {header} »" for header in missing)
    one = len(missing) == 1
    found = f" En-têtes trouvés mais inconnus : {', '.join(unknown[:10])}." if unknown else ""
    return (
        f"Il manque {'la colonne' if one else 'les colonnes'} {names} : la première ligne du tableau porte les "
        f"en-têtes.{found} {MODEL_HINT}"
    )


def _fill_down(sheet: Sheet, filled: set[int], header_row: int) -> None:
    """Give the value of a merged cell to all the rows that it covers, where the file really declares the merge."""
    spans: dict[int, list[tuple[int, int]]] = {}
    for top, left, bottom, _ in sheet.merges:
        if left in filled and bottom > top > header_row:
            spans.setdefault(left, []).append((top, bottom))
    for column, ranges in spans.items():
        ranges.sort(reverse=True)
        for row in sorted(sheet.rows):
            while ranges and ranges[-1][1] < row:
                ranges.pop()
            if ranges and ranges[-1][0] < row and (value := sheet.rows.get(ranges[-1][0], {}).get(column)) is not None:
                sheet.rows[row].setdefault(column, value)


# --- what is not read -----------------------------------------------------------------------------------------


def _stray_cells(workbook: Workbook, header_row: int, reading: Reading) -> None:
    """Tell of cells under no header: in a CSV, a separator inside a text has most likely cut it in two."""
    headed = workbook.sheet.rows[header_row].keys()
    stray = [
        (row, min(cells.keys() - headed))
        for row, cells in sorted(workbook.sheet.rows.items())
        if row > header_row and cells.keys() - headed
    ]
    if workbook.format == "csv":
        sentence = (
            "Cette cellule n’est sous aucun en-tête : un séparateur a sans doute coupé un texte en deux. "
            "Mettez ce texte entre guillemets."
        )
        for row, column in stray:
            shown = _visible(cell_text(workbook.sheet.rows[row][column])[:_SHOWN])
            reading.problems.append(Problem(sentence, row, column_letter(column), shown))
    elif stray:
        row, column = stray[0]
        reading.warnings.append(f"Cellules sans en-tête, non lues : la première est {column_letter(column)}{row}.")


def _unread_sheets(workbook: Workbook) -> list[str]:
    names = [_quoted(name) for name in workbook.others if name != GUIDE_SHEET]
    listed = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    said = f"Seule la feuille {_quoted(workbook.sheet.name)} est lue ; celles-ci ne le sont pas : {listed}."
    return [said] if names else []


def _quoted(name: str) -> str:
    return f"« {_visible(squeeze(name)[:40])} »"
