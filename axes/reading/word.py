"""A Word document: its paragraphs with their styles, and its tables with their merged cells."""

import io
import re
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from axes.reading.model import Block
from axes.reading.tables import MOST_COLUMNS, GridCell, blocks_of_table
from axes.reading.text import lines_of
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.archive import DAMAGED, Archive
from cohesion.lib.spreadsheets.package import main_part
from cohesion.lib.text import squeeze

MOST_XML = 12 * 1024 * 1024
TOO_LONG = (
    "Ce document est trop long pour être lu comme un cadre : gardez les pages des orientations, puis recommencez."
)
_HEADING = re.compile(r"(?:heading|titre|überschrift)\s*(\d)", re.IGNORECASE)


def blocks_of_word(data: bytes) -> tuple[list[Block], tuple[str, ...]]:
    """The blocks of a document and the headers of its first table that has some. ``line`` counts its paragraphs.

    Raises:
        Refused: it is damaged, or beyond the bounds.
    """
    archive = Archive(data)
    if sum(len(chunk) for chunk in archive.chunks(main_part(archive))) > MOST_XML:
        raise Refused(TOO_LONG)
    try:
        document = Document(io.BytesIO(data))
        body = list(document.element.body)
    except Exception as error:  # whatever an odd package raises, nobody can read it
        raise Refused(DAMAGED) from error
    return _Reader(document).blocks(body)


class _Reader:
    """One pass over the body; ``line`` counts the paragraphs, those of cells too."""

    def __init__(self, document: Any) -> None:
        self.styles = {style.style_id: style for style in document.styles}
        self.line = 0
        self.tables = 0

    def blocks(self, body: list[Any]) -> tuple[list[Block], tuple[str, ...]]:
        blocks: list[Block] = []
        headers: tuple[str, ...] = ()
        is_blank = False
        for element in body:
            if element.tag == qn("w:tbl"):
                self.tables += 1
                more, titles = blocks_of_table(self._cells(element), self.tables, len(blocks))
                blocks += more
                headers = headers or titles
            elif element.tag == qn("w:p"):
                paragraph = self._paragraph(element, is_blank)
                is_blank = paragraph is None
                if paragraph is not None:
                    blocks.append(paragraph)
        return blocks, headers

    def _paragraph(self, element: Any, is_blank: bool) -> Block | None:
        self.line += 1
        words = _text(element)
        if not squeeze(words):
            return None
        properties = element.find(qn("w:pPr"))
        block = Block(squeeze(words), self.line, blank_before=is_blank)
        block.heading = self._heading(properties)
        numbering = properties.find(qn("w:numPr")) if properties is not None else None
        if numbering is not None and not block.heading:
            depth = numbering.find(qn("w:ilvl"))
            block.bullet, block.indent = True, int(depth.get(qn("w:val"), "0")) if depth is not None else 0
        elif properties is not None:
            block.indent = _indent(properties)
        runs = [run for run in element.iter(qn("w:r")) if squeeze("".join(t.text or "" for t in run.iter(qn("w:t"))))]
        block.bold = bool(runs) and all(_is_bold(run) for run in runs)
        return block

    def _heading(self, properties: Any) -> int:
        """The depth of a heading, by its own outline level, its style, or what its style is based on."""
        if properties is None:
            return 0
        own = properties.find(qn("w:outlineLvl"))
        if own is not None and own.get(qn("w:val"), "9") < "9":
            return int(own.get(qn("w:val"))) + 1
        name = properties.find(qn("w:pStyle"))
        style = self.styles.get(name.get(qn("w:val"))) if name is not None else None
        for _ in range(5):
            if style is None:
                return 0
            if (match := _HEADING.match(style.name or "")) is not None:
                return int(match[1])
            style = getattr(style, "base_style", None)
        return 0

    def _cells(self, table: Any) -> list[GridCell]:
        """The cells of a table, those that are merged only once."""
        cells: list[list[Any]] = []  # paragraphs, row, column, rowspan, colspan, line
        open_cells: dict[int, list[Any]] = {}
        for row, line in enumerate(table.findall(qn("w:tr"))):
            column = _skipped(line)
            for cell in _own_cells(line):
                properties = cell.find(qn("w:tcPr"))
                span = _span(properties)
                merge = properties.find(qn("w:vMerge")) if properties is not None else None
                paragraphs = self._cell_paragraphs(cell)
                is_continued = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
                if is_continued and column in open_cells:
                    open_cells[column][3] += 1
                    open_cells[column][0] += paragraphs
                else:
                    entry = [paragraphs, row, column, 1, span, self.line]
                    cells.append(entry)
                    open_cells.pop(column, None)
                    if merge is not None:
                        open_cells[column] = entry
                column += span
                if column > MOST_COLUMNS:
                    raise Refused("Un tableau de ce document a trop de colonnes : gardez celles des orientations.")
        return [GridCell(tuple(paragraphs), *rest) for paragraphs, *rest in cells]

    def _cell_paragraphs(self, cell: Any) -> list[str]:
        paragraphs = []
        for paragraph in cell.iter(qn("w:p")):
            self.line += 1
            paragraphs += [squeeze(piece) for piece in _text(paragraph).split("\n") if squeeze(piece)]
        return paragraphs


def _own_cells(row: Any) -> list[Any]:
    """The cells of a row, those within a content control too."""
    return [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]


def _skipped(row: Any) -> int:
    before = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return _number(before)


def _span(properties: Any) -> int:
    return max(1, _number(properties.find(qn("w:gridSpan")))) if properties is not None else 1


def _number(element: Any) -> int:
    value = element.get(qn("w:val"), "0") if element is not None else "0"
    return int(value) if value.isascii() and value.isdigit() and len(value) < 4 else 0


def _indent(properties: Any) -> int:
    """How far a paragraph stands from the margin, in characters, about."""
    indent = properties.find(qn("w:ind"))
    if indent is None:
        return 0
    value = indent.get(qn("w:left"), indent.get(qn("w:start"), "0"))
    return int(value) // 120 if value.isascii() and value.isdigit() and len(value) < 6 else 0


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{qn('w:rPr')}/{qn('w:b')}")
    return bold is not None and bold.get(qn("w:val"), "1") not in ("0", "false", "none")


def _text(paragraph: Any) -> str:
    """The words of a paragraph as they stand: what was deleted in revision is not among them."""
    pieces = []
    for element in paragraph.iter():
        if element.tag == qn("w:t"):
            pieces.append(element.text or "")
        elif element.tag in (qn("w:br"), qn("w:cr")):
            pieces.append("\n")
        elif element.tag == qn("w:tab"):
            pieces.append(" ")
        elif element.tag == qn("w:noBreakHyphen"):
            pieces.append("-")
    return "\n".join(lines_of("".join(pieces)))
