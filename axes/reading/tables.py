"""A table of a document: its headers, its bands, its cells, in the order in which one reads them."""

from dataclasses import dataclass

from axes.levels import Level
from axes.reading.cutting import cut
from axes.reading.grammar import HEAD, Opening, is_deverbal, opening, words
from axes.reading.marks import level_named
from axes.reading.model import MOST_BLOCKS, TOO_LONG, Block
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.text import fold, squeeze

BAND = ("band",)
HEADER_WORDS, TITLE_WORDS = 6, 3
MOST_COLUMNS = 12
MOST_CELLS = 2 * MOST_BLOCKS


@dataclass(frozen=True)
class GridCell:
    """A cell with the paragraphs that it holds, where it begins, and how many rows and columns it covers."""

    paragraphs: tuple[str, ...]
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    line: int = 0

    @property
    def text(self) -> str:
        return squeeze(" ".join(self.paragraphs))


@dataclass(frozen=True)
class TableHeaders:
    """The row of the headers, as printed; the level that each column names, where it names one."""

    row: int
    words: tuple[str, ...]
    levels: tuple[Level | None, ...]


def headers_of(cells: list[GridCell], width: int) -> TableHeaders | None:
    """The first row whose short cells name levels, most of them; else a first row of short titles over longer cells."""
    rows = sorted({cell.row for cell in cells})[:4]
    for row in rows:
        here = [cell for cell in cells if cell.row == row and cell.text]
        named = [level_named(cell.text) for cell in here]
        is_short = all(len(words(cell.text)) <= HEADER_WORDS for cell in here)
        if len(here) >= 2 and is_short and 2 * sum(level is not None for level in named) >= len(here):
            return _headers(row, here, named, width)
    first = [cell for cell in cells if rows and cell.row == rows[0] and cell.text]
    is_titled = width > 1 and len(first) == width and all(_is_title(cell.text) for cell in first)
    if is_titled and any(_is_longer(cells, cell) for cell in first):
        return _headers(rows[0], first, [None] * width, width)
    return None


def _is_longer(cells: list[GridCell], title: GridCell) -> bool:
    """Whether the cells under a title are longer than titles are."""
    lengths = [len(words(cell.text)) for cell in cells if cell.column == title.column and cell != title and cell.text]
    return sum(lengths) > TITLE_WORDS * len(lengths)


def _is_title(text: str) -> bool:
    return len(words(text)) <= TITLE_WORDS and opening(text) != Opening.INFINITIVE


def _headers(row: int, cells: list[GridCell], named: list[Level | None], width: int) -> TableHeaders:
    titles = [""] * width
    levels: list[Level | None] = [None] * width
    for cell, level in zip(cells, named, strict=True):
        titles[cell.column], levels[cell.column] = cell.text, level
    return TableHeaders(row, tuple(titles), tuple(levels))


def blocks_of_table(cells: list[GridCell], table: int, start: int = 0) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks of a table, row by row, and its headers. ``start`` is how many blocks stand before it.

    Raises:
        Refused: it is too large.
    """
    width = max((cell.column + cell.colspan for cell in cells), default=0)
    if len(cells) > MOST_CELLS:
        raise Refused(TOO_LONG)
    if width > MOST_COLUMNS:
        raise Refused("Un tableau de ce document a trop de colonnes : gardez celles des orientations.")
    headers = headers_of(cells, width)
    idle = _idle_columns(cells, headers, width)
    blocks: list[Block] = []
    places: dict[GridCell, list[int]] = {}
    for cell in _in_order([cell for cell in cells if cell.text]):
        is_header = headers is not None and _is_header(cell, headers)
        for block in _blocks_of_cell(cell, width):
            block.table = table
            if is_header:
                block.aside = "en-tête du tableau"
            elif cell.column in idle and block.family != BAND:
                block.aside = f"colonne «\u00a0{idle[cell.column]}\u00a0» du tableau, qui ne nomme pas d’orientation"
            else:
                _name_level(block, cell, headers)
                places.setdefault(cell, []).append(start + len(blocks))
            blocks.append(block)
    for cell, own in places.items():
        beside = _cells_beside(cell, list(places))
        targets = [place for other in beside for place in places[other]]
        if len(targets) > 1:
            for place in own:
                blocks[place - start].beside = tuple(targets)
    return blocks, headers.words if headers else ()


def _blocks_of_cell(cell: GridCell, width: int) -> list[Block]:
    is_band = width > 1 and cell.colspan >= width
    pieces = [(" ".join(cell.paragraphs), True)] if is_band else []
    for paragraph in () if is_band else cell.paragraphs:
        pieces += cut(squeeze(paragraph))
    blocks = []
    for number, (text, is_sure) in enumerate(pieces):
        block = Block(
            squeeze(text), cell.line, table=1, width=width, piece=number, pieces=len(pieces), cut_is_sure=is_sure
        )
        if is_band:
            block.family = BAND
        else:
            block.column, block.span = cell.column, cell.colspan
            block.family = ("column", str(cell.column))
        blocks.append(block)
    return blocks


def _name_level(block: Block, cell: GridCell, headers: TableHeaders | None) -> None:
    """The level of a cell is that of its column; where it covers several, the first that projects may answer to."""
    if headers is None or block.column is None:
        return
    covered = headers.levels[cell.column : cell.column + cell.colspan]
    named = [level for level in covered if level is not None]
    if named:
        block.level = next((level for level in named if level.facts.is_linkable), named[0])
        block.named_by = headers.words[cell.column]


def _is_header(cell: GridCell, headers: TableHeaders) -> bool:
    """In the row of the headers, or one of them printed again on the next page."""
    return cell.row == headers.row or (
        cell.column < len(headers.words) and fold(cell.text) == fold(headers.words[cell.column]) != ""
    )


def _idle_columns(cells: list[GridCell], headers: TableHeaders | None, width: int) -> dict[int, str]:
    """The columns that hold no orientation (who, when, how much), with their titles.

    Beside columns that name levels: those whose cells begin with no verb nor noun of action. Where none does: those
    that say the same again and again, or next to nothing.
    """
    if headers is None:
        return {}
    idle = {}
    for column, title in enumerate(headers.words):
        if not title or headers.levels[column] is not None:
            continue
        own = [cell for cell in cells if cell.column == column and cell.colspan == 1 and cell.row != headers.row]
        texts = [cell.text for cell in own if cell.text]
        is_idle = _hardly_acts(texts) if any(headers.levels) else _is_poor(texts)
        if is_idle:
            idle[column] = title
    return idle if len(idle) < width else {}


def _hardly_acts(texts: list[str]) -> bool:
    return 2 * sum(_acts(text) for text in texts) < len(texts)


def _acts(text: str) -> bool:
    return opening(text) == Opening.INFINITIVE or is_deverbal((words(text[:HEAD]) or [""])[0])


def _is_poor(texts: list[str]) -> bool:
    """Nothing, two words on average, or the same few texts."""
    if not texts:
        return True
    if sum(len(words(text)) for text in texts) <= 2 * len(texts):
        return True
    return len(texts) > 2 and len(set(texts)) < 0.6 * len(texts)


def _in_order(cells: list[GridCell]) -> list[GridCell]:
    """Row by row; a cell that stands beside several cells of a wider column comes after the last of these."""

    def place(cell: GridCell) -> tuple[int, int]:
        beside = _cells_beside(cell, cells)
        return (beside[-1].row if len(beside) > 1 else cell.row, cell.column)

    return sorted(cells, key=place)


def _cells_beside(cell: GridCell, cells: list[GridCell]) -> list[GridCell]:
    """The cells of the nearest column on the left that stand in its rows."""
    left = [
        other
        for other in cells
        if other.column < cell.column
        and other.column + other.colspan <= cell.column
        and other.row < cell.row + cell.rowspan
        and other.row + other.rowspan > cell.row
    ]
    nearest = max((other.column for other in left), default=None)
    return sorted((other for other in left if other.column == nearest), key=lambda other: other.row)
