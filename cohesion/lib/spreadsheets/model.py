"""What a file holds once it is read, the bounds of what is read, and how a file is refused."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cohesion.lib.text import capital, number_fr

MAX_BYTES = 5 * 1024 * 1024
TOO_HEAVY = "Le fichier est trop lourd : la limite est de 5 Mo. Découpez-le en plusieurs fichiers."
MAX_ROWS = 10_000  # without the headers
MAX_COLUMNS = 50
MAX_ROW_NUMBER = 20_000  # blank rows are not counted, but a table has no cell further down than this
MAX_CELL = 32_767  # characters, the limit of spreadsheets themselves
MAX_TEXT = 15_000_000  # characters in all the cells of a sheet
MAX_MERGES = 10_000
EPOCH = datetime.date(1899, 12, 30)  # the day 0 of spreadsheets
MAC_EPOCH = datetime.date(1904, 1, 1)  # of workbooks that old Macs began


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where (row and column as the spreadsheet shows them), the value found, what to do."""

    message: str
    row: int | None = None
    column: str = ""
    value: str = ""

    def as_dict(self) -> dict[str, object]:
        return {"row": self.row, "column": self.column, "value": self.value, "message": self.message}

    def __str__(self) -> str:
        where = [f"ligne {self.row}"] if self.row else []
        where += [f"colonne {self.column}"] if self.column else []
        return f"{capital(', '.join(where))} : {self.message}" if where else self.message


class Refused(Exception):
    """The file cannot be taken. ``problems`` says all that there is to mend."""

    table: dict[str, Any] | None = None  # what was seen of its table, where its headers were not understood

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = [problems] if isinstance(problems, Problem) else list(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Oddity:
    """A cell that holds neither a text nor a number: ``date``, ``error``, ``formula`` (uncomputed) or ``boolean``.

    ``iso`` is the day of a date, where the cell may show less of it (« 01/09/26 », « sept. 26 »).
    """

    kind: str
    shown: str
    iso: str = ""


Cell = str | float | Oddity


@dataclass
class Sheet:
    """The cells that hold something, by row number (from 1) and column (from 0), and the merged ranges."""

    name: str = ""
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)  # top, left, bottom, right
    characters: int = 0
    epoch: datetime.date = EPOCH

    def put(self, row: int, column: int, value: Cell) -> None:
        """Keep one cell; one that holds only spaces is empty.

        Raises:
            Refused: the table leaves its bounds.
        """
        if isinstance(value, str):
            if not value or value.isspace():
                return
            self._measure(row, column, value)
        if column >= MAX_COLUMNS:
            raise Refused(
                f"La cellule {column_letter(column)}{row} est loin du tableau : un tableau a au plus {MAX_COLUMNS} "
                "colonnes. Supprimez les colonnes inutiles, puis enregistrez de nouveau."
            )
        if row > MAX_ROW_NUMBER:
            raise Refused(
                f"La cellule {column_letter(column)}{row} est loin du tableau : un tableau a au plus "
                f"{number_fr(MAX_ROWS)} lignes. Supprimez les lignes inutiles, puis enregistrez de nouveau."
            )
        cells = self.rows.get(row)
        if cells is None:
            if len(self.rows) > MAX_ROWS:
                raise Refused(f"Le tableau a plus de {number_fr(MAX_ROWS)} lignes : découpez-le en plusieurs fichiers.")
            cells = self.rows[row] = {}
        cells[column] = value

    def _measure(self, row: int, column: int, value: str) -> None:
        self.characters += len(value)
        if len(value) > MAX_CELL:
            raise Refused(
                Problem(
                    f"Ce texte a plus de {number_fr(MAX_CELL)} caractères : raccourcissez-le.",
                    row,
                    column_letter(column),
                )
            )
        if self.characters > MAX_TEXT:
            raise Refused("Le tableau contient trop de texte : découpez-le en plusieurs fichiers.")

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """Note a merged range, its bounds included.

        Raises:
            Refused: there are too many.
        """
        if len(self.merges) >= MAX_MERGES:
            raise Refused("Le tableau a trop de cellules fusionnées : défusionnez-les, puis enregistrez de nouveau.")
        self.merges.append((top, left, bottom, right))


@dataclass
class Workbook:
    """The sheet to read and what the reader should know of the file.

    ``sheet`` may be a glimpse (its first rows only), where none suits and none was asked for.
    """

    sheet: Sheet
    format: str
    warnings: list[str] = field(default_factory=list)
    sheets: list[tuple[int, str]] = field(default_factory=list)  # those that hold something: place, name
    number: int = 0  # the place of the one to read among the tabs

    @property
    def others(self) -> list[str]:
        """The sheets that hold something too, and are not read."""
        return [name for number, name in self.sheets if number != self.number]


def column_letter(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_text(value: Cell | None) -> str:
    """A cell as the text that was meant: the number 1.0 is « 1 », 1.1 is « 1.1 »."""
    if value is None:
        return ""
    if isinstance(value, Oddity):
        return value.shown
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return value
