"""From a file to rows: the headers found among those that are expected, cells read one by one, every error named."""

import re
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cohesion.lib.spreadsheets.expected import Choices, Expected, Holds
from cohesion.lib.spreadsheets.headers import HeaderSearch, read_headers, table, visible
from cohesion.lib.spreadsheets.mending import ALL, Context, Doubt, Why, context_of, mend, questions
from cohesion.lib.spreadsheets.model import (
    MAX_ROW_NUMBER,
    Cell,
    Problem,
    Refused,
    Sheet,
    Workbook,
    cell_text,
    column_letter,
)
from cohesion.lib.spreadsheets.reading import read_workbook
from cohesion.lib.spreadsheets.remarks import Remarks
from cohesion.lib.spreadsheets.tables import TOTAL

_SHOWN = 80
_ALIKE = 500  # values of a column that are known again
Row = dict[str, Any]


@dataclass(frozen=True)
class _Read:
    """A cell once read: its values by their names, the remarks and the doubts about it, or what is wrong."""

    values: dict[str, Any]
    remarks: tuple[tuple[str, str], ...] = ()
    doubts: tuple[tuple[str, Why], ...] = ()
    problem: str = ""


Readers = dict[int, tuple[Expected, Callable[[Cell | None], _Read]]]


@dataclass
class Reading:
    """The rows of a file, by the names of the values; a column that is not in the file is not in them.

    ``row`` is the number that the spreadsheet shows. A value that could not be read is None, and is in ``problems``.
    ``remarks`` are about cells, ``warnings`` about the file. ``table`` is what was understood of it (see
    :func:`cohesion.lib.spreadsheets.headers.table`).
    """

    rows: list[Row]
    places: dict[str, str]  # field → « niveau (C) »
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    remarks: Remarks = field(default_factory=Remarks)
    doubts: list[Doubt] = field(default_factory=list)
    table: dict[str, Any] = field(default_factory=dict)

    def in_order(self, problem: Problem) -> tuple[int, int]:
        """The key by which problems are told: by row, then by column; what is of no row after the others."""
        order = {place: number for number, place in enumerate(self.places.values())}
        return problem.row or MAX_ROW_NUMBER + 1, order.get(problem.column, -1)

    def questions(self, name: str, known: Collection[str], asks: Collection[Why] = ALL) -> list[Problem]:
        """What must be asked about the codes of a value, knowing which codes exist (« 3.1 ou 3.10 ? »)."""
        return questions(self.doubts, name, self.places.get(name, ""), known, asks)


def read_rows(
    data: bytes,
    filename: str,
    expected: Sequence[Expected],
    nothing: str,
    choices: Choices | None = None,
    unread: Container[str] = (),
) -> Reading:
    """Read the sheet of a file that has the headers; ``nothing`` is what a file of headers only is told, and ``unread``
    are the headings of what an export has for people: it is left, without a word.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    search = HeaderSearch(expected, choices, unread)
    return rows_of(read_workbook(data, filename, search.rank, search.choices.sheet), search, nothing)


def rows_of(workbook: Workbook, search: HeaderSearch, nothing: str) -> Reading:
    """The rows of a workbook that was read.

    Raises:
        Refused: its headers are not those that are expected, or it has no row.
    """
    sheet = workbook.sheet
    columns, headers, warnings = read_headers(workbook, search)
    _fill_down(sheet, {place for place, column in columns.items() if column.filled_down}, headers.row)
    reading = Reading(
        [],
        {column.field: f"{column.header} ({column_letter(place)})" for place, column in columns.items()},
        warnings=[*workbook.warnings, *warnings],
        table=table(workbook, search, headers),
    )
    _stray_cells(workbook, headers.row, reading)
    readers = {place: (column, _reader(sheet, place, column, headers.row)) for place, column in columns.items()}
    for number in sorted(sheet.rows):
        cells = sheet.rows.pop(number)  # not held twice, as it was and as it is read
        if number > headers.row and _is_total(cells):
            reading.warnings.append(f"La ligne {number} est un total : elle n’est pas lue.")
        elif number > headers.row and any(place in cells for place in columns):
            reading.rows.append(_row(number, cells, readers, reading))
    if not reading.rows:
        raise Refused(nothing)
    return reading


def _is_total(cells: dict[int, Cell]) -> bool:
    """Whether a row is the total of the others: that word in its first cell, and numbers alone after it."""
    first, *others = [cells[place] for place in sorted(cells)]
    return isinstance(first, str) and first.strip() == TOTAL and not any(isinstance(cell, str) for cell in others)


def _reader(sheet: Sheet, place: int, column: Expected, header_row: int) -> Callable[[Cell | None], _Read]:
    """How a cell of this column is read.

    Rows that say the same share what was read: dates, states and places repeat, and would weigh half of a file.
    """
    context = Context(sheet.epoch)
    if column.holds is Holds.DAYS:
        cells = (row[place] for number, row in sheet.rows.items() if number > header_row and place in row)
        context = context_of(cells, sheet.epoch)
    return lru_cache(_ALIKE, typed=True)(lambda cell: _read_cell(cell, column, context))


def _read_cell(cell: Cell | None, column: Expected, context: Context) -> _Read:
    try:
        mended = mend(cell, column, context)
        values = {column.field: column.read(mended.cell)}
        if column.fills:
            name, reader = column.fills
            values[name] = reader(mended.cell)
    except ValueError as error:
        return _Read({column.field: None}, problem=str(error))
    return _Read(values, mended.remarks, mended.doubts)


def _row(number: int, cells: dict[int, Cell], readers: Readers, reading: Reading) -> Row:
    row: Row = {"row": number}
    filled: dict[str, Any] = {}
    for place, (column, reader) in readers.items():
        cell = cells.get(place)
        read_cell = reader(cell)
        name, where = column.field, reading.places[column.field]
        row[name] = read_cell.values[name]
        if column.fills:
            filled[column.fills[0]] = read_cell.values.get(column.fills[0])
        if read_cell.problem:
            shown = re.sub(r"\s+", " ", cell_text(cell))
            reading.problems.append(Problem(read_cell.problem, number, where, visible(shown[:_SHOWN])))
        for value, sentence in read_cell.remarks:
            reading.remarks.add(number, where, visible(value[:_SHOWN]), sentence)
        reading.doubts += [Doubt(number, name, code, why) for code, why in read_cell.doubts]
    for name, value in filled.items():
        if value is not None and row.get(name) is None:
            row[name] = value
    return row


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
            "Cette cellule n’est sous aucun en-tête : un séparateur a sans doute coupé un texte en deux. "
            "Mettez ce texte entre guillemets."
        )
        for row, column in stray:
            shown = visible(cell_text(workbook.sheet.rows[row][column])[:_SHOWN])
            reading.problems.append(Problem(sentence, row, column_letter(column), shown))
    elif stray:
        row, column = stray[0]
        reading.warnings.append(f"Cellules sans en-tête, non lues : la première est {column_letter(column)}{row}.")
