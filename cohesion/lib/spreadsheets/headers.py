"""Which column of a table is which: the row of headers found, its headers known by their usual names or by hand."""

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cohesion.lib.pasted import clean
from cohesion.lib.spreadsheets.choosing import GLIMPSED
from cohesion.lib.spreadsheets.expected import Choices, Expected
from cohesion.lib.spreadsheets.model import Cell, Problem, Refused, Sheet, Workbook, cell_text, column_letter
from cohesion.lib.spreadsheets.tables import ABOUT_SHEET, undo_defuse
from cohesion.lib.text import fold, hidden_character, squeeze

GUIDE_SHEET = "Mode d’emploi"  # the sheet of a model file that explains the columns
MODEL_HINT = "Le fichier modèle montre les colonnes attendues."
_NAMED = 10  # sheets
_SHOWN = 40
_LONGEST = 100  # characters: what is longer is no header


@dataclass
class Headers:
    """The headers of one row: the column that each expected one stands in, and what is to be said of the others."""

    row: int
    places: dict[str, int] = field(default_factory=dict)  # by the header that is expected
    renamed: list[tuple[str, str]] = field(default_factory=list)  # the text found, the header that it stands for
    unknown: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class HeaderSearch:
    """Finds the headers of the expected columns in a sheet; ``choices`` prevail over what is found.

    ``unread`` are the headings of what an export has for people: it is left, without a word.
    """

    def __init__(
        self, expected: Sequence[Expected], choices: Choices | None = None, unread: Container[str] = ()
    ) -> None:
        self.expected = expected
        self.unread = unread
        self.choices = choices or Choices()
        self.names = {alias: column.header for column in expected for alias in map(plain, column.aliases)}
        self.names |= {column.header: column.header for column in expected}
        self.mandatory = {column.header for column in expected if column.mandatory}

    def rank(self, sheet: Sheet) -> float:
        """1 where a row has all that is mandatory, less where it lacks some, 0 where nothing is known."""
        return max((self._score(cells.values()) for _, cells in _first_rows(sheet)), default=0.0)

    def _score(self, cells: Iterable[Cell]) -> float:
        known = {self.names.get(name) for cell in cells for name in _names(cell_text(cell))} - {None}
        if self.mandatory <= known:
            return 1.0
        return len(known) / (len(self.expected) + 1)

    def row_of(self, sheet: Sheet) -> int:
        """The row of the headers: the one chosen, that knows them best, or the first with more than one cell."""
        chosen = self.choices.header_row
        if chosen is not None and chosen in sheet.rows:
            return chosen
        rows = _first_rows(sheet)
        best = max(rows, key=lambda row: self._score(row[1].values()))
        if self._score(best[1].values()):
            return best[0]
        return next((number for number, cells in rows if len(cells) > 1), rows[0][0])

    def find(self, sheet: Sheet) -> Headers:
        """The headers of a sheet, with their problems; a column chosen by hand has none."""
        headers = Headers(self.row_of(sheet))
        by_field = {column.field: column.header for column in self.expected}
        chosen = {by_field[name]: place for name, place in self.choices.columns.items() if name in by_field}
        headers.places = {header: place for header, place in chosen.items() if place is not None}
        taken = set(headers.places.values())
        aliases: list[tuple[int, str, str]] = []
        for number, cell in sorted(sheet.rows[headers.row].items()):
            text = clean(squeeze(undo_defuse(cell_text(cell)[: 2 * _LONGEST])))
            header = next((self.names[name] for name in _names(text) if name in self.names), None)
            if number in taken:
                continue
            if hidden := hidden_character(text):
                sentence = f"L’en-tête contient un caractère de contrôle ({hidden}) : retapez-le."
                headers.problems.append(Problem(sentence, headers.row, column_letter(number)))
            elif header is None and plain(text) in self.unread:
                continue
            elif header is None or header in chosen:
                headers.unknown.append(f"« {text[:_SHOWN]} » ({column_letter(number)})")
            elif header == plain(text):
                self._place(headers, header, number, header)
            else:
                aliases.append((number, text, header))
        exact = set(headers.places)
        for number, text, header in aliases:
            if header in exact and plain(text) in self.unread:
                continue
            if header in exact:
                headers.unknown.append(f"« {text[:_SHOWN]} » ({column_letter(number)})")
            else:
                self._place(headers, header, number, text)
                headers.renamed.append((f"« {text[:_SHOWN]} » ({column_letter(number)})", header))
        return headers

    def _place(self, headers: Headers, header: str, number: int, text: str) -> None:
        if header not in headers.places:
            headers.places[header] = number
            return
        first = column_letter(headers.places[header])
        sentence = f"L’en-tête est déjà en colonne {first} : gardez une seule de ces colonnes."
        if text != header:
            sentence = f"La colonne {first} est déjà lue comme « {header} » : gardez une seule de ces colonnes."
        headers.problems.append(Problem(sentence, headers.row, f"{header} ({column_letter(number)})", text[:_SHOWN]))

    def missing(self, headers: Headers) -> list[str]:
        """The headers that a file must have, and that these lack."""
        return [column.header for column in self.expected if column.mandatory and column.header not in headers.places]


def read_headers(workbook: Workbook, search: HeaderSearch) -> tuple[dict[int, Expected], Headers, list[str]]:
    """The expected column of each place in the order of the declaration, and what its reader should know.

    Raises:
        Refused: a mandatory column is missing, or two claim to be the same; with the table as it was seen.
    """
    headers = search.find(workbook.sheet)
    missing = search.missing(headers)
    others = _unread_sheets(workbook)
    problems = headers.problems
    if missing:
        elsewhere = [f"{sentence} Placez en premier celle du tableau, ou choisissez-la." for sentence in others]
        problems = [*problems, Problem(" ".join([_missing(missing, headers.unknown), *elsewhere]), headers.row)]
    if problems:
        refused = Refused(problems)
        refused.table = table(workbook, search, headers)
        raise refused
    known = {column.header: column for column in search.expected}
    columns = {headers.places[header]: column for header, column in known.items() if header in headers.places}
    return columns, headers, [*others, *_warnings(workbook, headers)]


def table(workbook: Workbook, search: HeaderSearch, headers: Headers) -> dict[str, Any]:
    """What was understood of a table, as plain data (JSON), for whoever may understand it better.

    ``sheets``: place and name of those that hold something; ``headers``: place, letter and text of the cells of the
    row of headers; ``columns``: the place of each value, by its name.
    """
    fields = {column.header: column.field for column in search.expected}
    cells = sorted(workbook.sheet.rows[headers.row].items())
    return {
        "sheets": [[number, visible(squeeze(name))[:_SHOWN]] for number, name in workbook.sheets],
        "sheet": workbook.number,
        "header_row": headers.row,
        "headers": [[place, column_letter(place), visible(squeeze(cell_text(cell)))[:80]] for place, cell in cells],
        "columns": {fields[header]: place for header, place in headers.places.items()},
    }


def plain(text: str) -> str:
    """A header without what people put around it: « Date de début * » → « date_de_debut »."""
    return re.sub(r"[\s_\-’'./:*°º]+", "_", fold(clean(squeeze(text)))).strip("_")


def visible(text: str) -> str:
    """A value as it can be shown: what nobody sees is written as its code point."""
    return "".join(f"[U+{ord(c):04X}]" if hidden_character(c) else c for c in text)


def _names(text: str) -> list[str]:
    """A header as it is written, then without what stands between brackets: « Budget (€) »."""
    if len(text) > _LONGEST:
        return []
    text = undo_defuse(text)
    return [plain(text), plain(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text))]


def _first_rows(sheet: Sheet) -> list[tuple[int, dict[int, Cell]]]:
    return sorted(sheet.rows.items())[:GLIMPSED]


# --- what is said ---------------------------------------------------------------------------------------------


def _missing(missing: list[str], unknown: list[str]) -> str:
    names = ", ".join(f"« {header} »" for header in missing)
    columns = "la colonne" if len(missing) == 1 else "les colonnes"
    strangers = f" En-têtes trouvés mais inconnus : {', '.join(unknown[:10])}." if unknown else ""
    return f"Il manque {columns} {names} : la première ligne du tableau porte les en-têtes.{strangers} {MODEL_HINT}"


def _warnings(workbook: Workbook, headers: Headers) -> list[str]:
    warnings = []
    if min(workbook.sheet.rows) < headers.row:
        warnings.append(f"Les en-têtes sont à la ligne {headers.row} : ce qui est au-dessus n’est pas lu.")
    if headers.renamed:
        listed = ", ".join(f"{text} comme « {header} »" for text, header in headers.renamed)
        warnings.append(f"Colonnes lues sous un autre nom : {listed}.")
    if headers.unknown:
        warnings.append(f"Colonnes inconnues, non lues : {', '.join(headers.unknown)}.")
    return warnings


def _unread_sheets(workbook: Workbook) -> list[str]:
    names = [_quoted(name) for name in workbook.others if name not in (GUIDE_SHEET, ABOUT_SHEET)]
    listed = ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
    warning = f"Seule la feuille {_quoted(workbook.sheet.name)} est lue ; celles-ci ne le sont pas : {listed}."
    return [warning] if names else []


def _quoted(name: str) -> str:
    return f"« {visible(squeeze(name)[:_SHOWN])} »"
