"""The table of a framework in a document that came back: which of its paragraphs are where, column by column."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from uuid import UUID

from axes.document import COLUMNS
from axes.word.layout import Key
from axes.word.marks import canonical, uid_of
from axes.word.table import AXIS_STYLE, CELL_STYLE, CODE_STYLE, LABEL_STYLE, WIDTHS
from cohesion.lib.text import squeeze
from cohesion.lib.word_tables import WordCell, WordDocument, WordParagraph, WordTable


@dataclass
class Item:
    """A paragraph of the table that says something.

    ``row`` is the row of the table (from 1), ``cell`` the number of its cell, ``uids`` the orientations that its
    bookmarks name, ``lead`` what is set as a code or a label before the wording. ``key`` and ``wording`` come when it
    is known which orientation it is.
    """

    row: int
    cell: int
    text: str
    style: str
    uids: list[UUID]
    lead: str = ""
    key: Key = ""
    wording: str = ""
    note: str = ""


@dataclass
class SheetCell:
    """A cell, in the columns of the document: where it begins, how many it covers, what it says."""

    number: int
    row: int
    column: int
    colspan: int
    rowspan: int
    items: list[Item] = field(default_factory=list)


@dataclass
class TableSheet:
    """The rows of the table that hold orientations: the cells that begin in each."""

    rows: dict[int, list[SheetCell]] = field(default_factory=dict)
    marked: set[UUID] = field(default_factory=set)  # all that the document names, wherever
    strays: list[WordParagraph] = field(default_factory=list)  # outside of the table, and none of ours

    @property
    def items(self) -> Iterator[Item]:
        for cells in self.rows.values():
            for cell in cells:
                yield from cell.items


def uids(paragraph: WordParagraph) -> list[UUID]:
    return [uid for uid in map(uid_of, paragraph.bookmarks) if uid is not None]


def sheet_of(document: WordDocument, titles: Iterable[str]) -> TableSheet:
    """The table of a document of ours, whose columns bear these titles; in several tables where somebody cut it."""
    heads = [canonical(title).casefold() for title in titles]
    sheet, number, first = TableSheet(), 0, 0
    for table in document.tables:
        if not any(uids(paragraph) for cell in table.cells for paragraph in cell.paragraphs):
            continue
        edges = _edges(table, heads)
        for place, row in enumerate(table.rows):
            if _is_heading(row, heads):
                continue
            cells = []
            for cell in row:
                start, end = edges.around(cell)
                number += 1
                cells.append(SheetCell(number, first + place, start, end - start, cell.rowspan))
                cells[-1].items = list(_items(cell, first + place, number))
            sheet.rows[first + place] = cells
        first += len(table.rows)
    for _, paragraph in document.bookmarks().values():
        sheet.marked.update(uids(paragraph))
    sheet.strays = [each for each in document.paragraphs if not each.is_empty and (uids(each) or _is_stray(each))]
    return sheet


def _is_stray(paragraph: WordParagraph) -> bool:
    """Whether a paragraph outside the table may be one of its own: it looks like those."""
    return paragraph.style in (CELL_STYLE, AXIS_STYLE)


def _items(cell: WordCell, row: int, number: int) -> Iterator[Item]:
    for paragraph in cell.paragraphs:
        text = squeeze(paragraph.text)
        if text:
            yield Item(row + 1, number, text, paragraph.style, uids(paragraph), _lead(paragraph))


def _lead(paragraph: WordParagraph) -> str:
    """What stands at the beginning in the look of codes and labels."""
    lead = ""
    for run in paragraph.runs:
        if run.style not in (CODE_STYLE, LABEL_STYLE):
            break
        lead += run.text
    return squeeze(lead)


def _is_heading(row: list[WordCell], heads: list[str]) -> bool:
    return [canonical(cell.text).casefold() for cell in row] == heads


class _Edges:
    """Where the columns of the document begin in the grid of a table: it has more where somebody drew in it."""

    def __init__(self, widths: list[int], edges: list[int]) -> None:
        self.positions = [0, *accumulate(widths)]
        self.edges = edges

    def around(self, cell: WordCell) -> tuple[int, int]:
        """The first column of a cell, and the one after its last."""
        start = min(self._nearest(cell.column), COLUMNS - 1)
        return start, max(self._nearest(cell.column + cell.colspan), start + 1)

    def _nearest(self, grid: int) -> int:
        position = self.positions[min(grid, len(self.positions) - 1)]
        return min(range(COLUMNS + 1), key=lambda place: abs(self.edges[place] - position))


def _edges(table: WordTable, heads: list[str]) -> _Edges:
    needed = max((cell.column + cell.colspan for cell in table.cells), default=0)
    widths = table.widths
    if len(widths) < needed or not all(widths):
        widths = [1] * needed
    positions = [0, *accumulate(widths)]
    for row in table.rows:
        if _is_heading(row, heads):
            return _Edges(widths, [*(positions[cell.column] for cell in row), positions[-1]])
    if needed == COLUMNS:
        return _Edges(widths, positions)
    total = sum(WIDTHS)
    return _Edges(widths, [edge * positions[-1] // total for edge in (0, *accumulate(WIDTHS))])
