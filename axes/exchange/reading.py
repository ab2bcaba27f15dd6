"""From a file to rows of orientations: headers found, cells checked one by one, every error named."""

import re
from dataclasses import dataclass, field
from typing import Any

from axes.choices import Level
from axes.exchange.columns import BY_HEADER, CODE_PATTERN, COLUMNS, GUIDE_SHEET
from axes.models.framework import COLUMN_LEVELS
from axes.models.orientation import TITLE_LENGTH
from axes.vocabulary import level_from_word, priority_type_from_word
from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Cell, Oddity, Problem, Refused, Sheet, Workbook, cell_text, column_letter
from cohesion.lib.text import capital, fold, hidden_character, squeeze

LABEL_LENGTH = 40
LAST_SOURCE_LINE = 2_147_483_647
# A cell merged downwards says the same for all its rows, in the columns that say where and what a node is.
FILLED_DOWN = ("parent_code", "niveau", "type_priorite", "s_applique_a")
MODEL_HINT = "Le fichier modèle montre les colonnes attendues."
_SHOWN = 80
Row = dict[str, Any]


@dataclass
class Reading:
    """The rows of a file, by the names of the model's fields; a column that is not in the file is not in them.

    ``row`` is the number that the spreadsheet shows. A value that could not be read is None, and is in ``problems``.
    """

    rows: list[Row]
    places: dict[str, str]  # field → « niveau (C) »
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read(data: bytes, filename: str) -> Reading:
    """Read a file of orientations.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    workbook = spreadsheets.read(data, filename)
    sheet = workbook.sheet
    header_row = min(sheet.rows)
    columns, warnings = _headers(sheet, header_row)
    _fill_down(sheet, columns, header_row)
    names = {number: BY_HEADER[header] for header, number in columns.items()}
    reading = Reading(
        [],
        {names[number].field: f"{header} ({column_letter(number)})" for header, number in columns.items()},
        warnings=[*workbook.warnings, *_unread_sheets(workbook), *warnings],
    )
    for number in sorted(sheet.rows):
        cells = sheet.rows[number]
        if number > header_row and any(column in cells for column in names):
            reading.rows.append(_row(number, cells, columns, reading))
    _stray_cells(workbook, header_row, reading)
    if not reading.rows:
        raise Refused("Le fichier n’a que des en-têtes : il faut au moins une ligne d’orientation.")
    return reading


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
    others = ", ".join(_quoted(name) for name in workbook.others if name != GUIDE_SHEET)
    said = f"Seule la feuille {_quoted(workbook.sheet.name)} est lue ; celles-ci ne le sont pas : {others}."
    return [said] if others else []


def _quoted(name: str) -> str:
    return f"« {_visible(squeeze(name)[:40])} »"


def _headers(sheet: Sheet, row: int) -> tuple[dict[str, int], list[str]]:
    """Where each known column stands, and the names of the others."""
    columns: dict[str, int] = {}
    unknown: list[str] = []
    problems: list[Problem] = []
    for number, cell in sorted(sheet.rows[row].items()):
        text = cell_text(cell)
        header = re.sub(r"[\s_\-’']+", "_", fold(squeeze(spreadsheets.undo_defuse(text)))).strip("_")
        letter = column_letter(number)
        if found := hidden_character(text):
            problems.append(Problem(f"L’en-tête contient un caractère invisible ({found}) : retapez-le.", row, letter))
        elif header not in BY_HEADER:
            unknown.append(f"« {squeeze(text)[:40]} » ({letter})")
        elif header in columns:
            first = column_letter(columns[header])
            twice = f"L’en-tête est déjà en colonne {first} : gardez une seule de ces colonnes."
            problems.append(Problem(twice, row, f"{header} ({letter})", header))
        else:
            columns[header] = number
    missing = [column.header for column in COLUMNS if column.mandatory and column.header not in columns]
    if missing:
        problems.append(Problem(_missing_headers(missing, unknown), row))
    if problems:
        raise Refused(problems)
    return columns, [f"Colonnes inconnues, non lues : {', '.join(unknown)}."] if unknown else []


def _missing_headers(missing: list[str], unknown: list[str]) -> str:
    names = ", ".join(f"« {header} »" for header in missing)
    one = len(missing) == 1
    found = f" En-têtes trouvés mais inconnus : {', '.join(unknown[:10])}." if unknown else ""
    return (
        f"Il manque {'la colonne' if one else 'les colonnes'} {names} : la première ligne du tableau porte les "
        f"en-têtes.{found} {MODEL_HINT}"
    )


def _fill_down(sheet: Sheet, columns: dict[str, int], header_row: int) -> None:
    """Give the value of a merged cell to all the rows that it covers, where the file really declares the merge."""
    filled = {columns[name] for name in FILLED_DOWN if name in columns}
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


def _row(number: int, cells: dict[int, Cell], columns: dict[str, int], reading: Reading) -> Row:
    row: Row = {"row": number}
    for header, place in columns.items():
        column = BY_HEADER[header]
        cell = cells.get(place)
        try:
            row[column.field] = _READERS[header](_text(cell))
        except ValueError as error:
            row[column.field] = None
            shown = re.sub(r"\s+", " ", cell_text(cell))
            reading.problems.append(Problem(str(error), number, reading.places[column.field], _visible(shown[:_SHOWN])))
    return row


def _visible(text: str) -> str:
    """A value as it can be shown: what nobody sees is written as its code point."""
    return "".join(f"[U+{ord(c):04X}]" if hidden_character(c) else c for c in text)


def _text(cell: Cell | None) -> str:
    """The text of a cell on one line, our own apostrophe taken back.

    Raises:
        ValueError: the cell holds something else than a text or a number, or characters that nobody sees.
    """
    if isinstance(cell, Oddity):
        raise ValueError(_ODDITIES[cell.kind])
    text = cell_text(cell)
    if found := hidden_character(text):
        raise ValueError(f"Le texte contient un caractère invisible ({found}) : retapez-le, ou collez-le sans format.")
    return squeeze(spreadsheets.undo_defuse(text))


_ODDITIES = {
    "date": "Le tableur a changé ce texte en date : mettez la colonne au format « Texte », puis retapez la valeur.",
    "error": "La cellule est une formule en erreur : remplacez-la par sa valeur.",
    "formula": "La cellule est une formule jamais calculée : remplacez-la par sa valeur.",
    "boolean": "La cellule est un vrai/faux : mettez la colonne au format « Texte », puis retapez la valeur.",
}


def _code(text: str) -> str:
    if not text:
        raise ValueError("Il manque le code : chaque orientation en a un, par exemple « 1.2 ».")
    return _existing_code(text)


def _existing_code(text: str) -> str:
    if not re.match(CODE_PATTERN, text):
        raise ValueError(f"Ce n’est pas un code. Un code, c’est {BY_HEADER['code'].expected}.")
    return text


def _parent(text: str) -> str:
    return _existing_code(text) if text else ""


def _level(text: str) -> str:
    if not text:
        raise ValueError(f"Il manque le niveau : écrivez {BY_HEADER['niveau'].expected}.")
    try:
        return level_from_word(text)
    except ValueError:
        raise ValueError(f"Ce niveau n’existe pas : écrivez {BY_HEADER['niveau'].expected}.") from None


def _title(text: str) -> str:
    if not text:
        raise ValueError("Il manque le titre : écrivez le texte adopté.")
    return _at_most(text, TITLE_LENGTH)


def _at_most(text: str, length: int) -> str:
    if len(text) > length:
        raise ValueError(f"Le texte a {len(text)} caractères : raccourcissez-le à {length} au plus.")
    return text


def _priority_type(text: str) -> str:
    try:
        return priority_type_from_word(text)
    except ValueError:
        raise ValueError(
            f"Ce type n’existe pas : écrivez {BY_HEADER['type_priorite'].expected}, ou laissez vide."
        ) from None


def _items(text: str) -> list[str]:
    return list(dict.fromkeys(item for part in re.split(r"[|,;]", text) if (item := squeeze(part))))


def _targets(text: str) -> list[str]:
    targets = _items(text)
    for target in targets:
        if not re.match(CODE_PATTERN, target):
            raise ValueError(f"« {target[:40]} » n’est pas un code. Écrivez {BY_HEADER['s_applique_a'].expected}.")
    return targets


def _columns(text: str) -> list[str]:
    try:
        levels = {level_from_word(item) for item in _items(text)}
    except ValueError as error:
        raise ValueError(f"{capital(str(error))[:80]}. Écrivez {BY_HEADER['colonnes'].expected}.") from None
    if Level.AXIS in levels:
        raise ValueError("Un axe n’a pas de colonne : il occupe une bande entière.")
    return [level.value for level in COLUMN_LEVELS if level in levels]


def _source_line(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LAST_SOURCE_LINE):
        raise ValueError(f"Ce n’est pas un numéro de ligne : écrivez {BY_HEADER['ligne_source'].expected}.")
    return int(text)


_READERS = {
    "code": _code,
    "parent_code": _parent,
    "niveau": _level,
    "titre": _title,
    "titre_corrige": lambda text: _at_most(text, TITLE_LENGTH),
    "type_priorite": _priority_type,
    "s_applique_a": _targets,
    "colonnes": _columns,
    "mention": lambda text: _at_most(text, LABEL_LENGTH),
    "ligne_source": _source_line,
}
