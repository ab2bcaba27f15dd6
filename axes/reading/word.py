"""A Word document: its paragraphs with their styles, its lists, and its tables with their merged cells."""

import re

from axes.reading.model import Block
from axes.reading.tables import GridCell, blocks_of_table
from cohesion.lib.pasted import clean
from cohesion.lib.text import hidden_character, squeeze
from cohesion.lib.word_tables import WordCell, WordParagraph, WordTable, read_word

_RANK = re.compile(r"[1-9]$")
TWENTIETHS = 120  # of a point, about a character


def blocks_of_word(data: bytes) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks of a document and the headers of its first table that has some. ``line`` counts its paragraphs.

    Raises:
        Refused: it is damaged, or beyond the bounds.
    """
    reader = _WordBlocks()
    for block in read_word(data).blocks:
        if isinstance(block, WordTable):
            reader.table(block)
        else:
            reader.paragraph(block)
    return reader.blocks, reader.headers


class _WordBlocks:
    """One pass over a document; ``line`` counts its paragraphs, those of cells too."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.headers: tuple[str, ...] = ()
        self.line = 0
        self.tables = 0
        self.is_blank = False

    def paragraph(self, paragraph: WordParagraph) -> None:
        self.line += 1
        for piece in paragraph.text.split("\n"):
            if not (words := _words(piece)):
                continue
            block = Block(words, self.line, blank_before=self.is_blank, bold=paragraph.is_bold)
            block.heading = 0 if paragraph.outline is None else paragraph.outline + 1
            block.indent = self._depth(paragraph)
            if any(sign.isalnum() for sign in paragraph.number):
                block.text = f"{paragraph.number} {words}"
            elif paragraph.list_level is not None and not block.heading:
                block.bullet = True
            self.blocks.append(block)
        self.is_blank = paragraph.is_empty

    def _depth(self, paragraph: WordParagraph) -> int:
        """How deep an item of a list is, by its level or its style (« List Bullet 2 »); else how far it is indented."""
        if paragraph.list_level is None:
            return paragraph.indent // TWENTIETHS
        rank = _RANK.search(paragraph.style)
        return paragraph.list_level + (int(rank[0]) - 1 if rank else 0)

    def table(self, table: WordTable) -> None:
        self.tables += 1
        cells = [self._cell(cell) for cell in table.cells]
        more, titles = blocks_of_table(cells, self.tables, len(self.blocks))
        self.blocks += more
        self.headers = self.headers or titles

    def _cell(self, cell: WordCell) -> GridCell:
        first = self.line + 1
        self.line += max(1, len(cell.paragraphs))
        pieces = [piece for paragraph in cell.paragraphs for piece in paragraph.text.split("\n")]
        texts = tuple(words for piece in pieces if (words := _words(piece)))
        return GridCell(texts, cell.row, cell.column, cell.rowspan, cell.colspan, first)


def _words(text: str) -> str:
    return squeeze("".join(c for c in clean(text) if not hidden_character(c)))
