"""A Word document (.docx) as it reads: its paragraphs and its tables, in order, cell by cell.

Tracked changes are taken as accepted. What is hidden, drawn, noted beside or commented is not read. Nothing here knows
what the document is about.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from cohesion.lib.file_types import DOCX, FileType, recognized
from cohesion.lib.spreadsheets import MAX_BYTES, TOO_HEAVY, Refused
from cohesion.lib.spreadsheets.archive import BOMB, DAMAGED, Archive
from cohesion.lib.spreadsheets.package import main_part, relations
from cohesion.lib.word_xml import BODY_TEXT, Look, Numbering, Styles, is_on, part, related, value, whole

MOST_ROWS = 10_000  # of a table
MOST_TEXT = 1_000_000  # characters of a document: some five hundred pages
MOST_COLUMNS = 63  # of a table: the limit of Word itself
OTHER_TYPES = {
    "odt": "C’est un document LibreOffice (.odt) : enregistrez-le au format Word (.docx), puis recommencez.",
    "pdf": "C’est un PDF : ouvrez le document d’où il vient, enregistrez-le au format Word (.docx), puis recommencez.",
}
NO_WORD = "Ce n’est pas un document Word : enregistrez-le au format Word (.docx), puis recommencez."
# What holds text, or what holds what holds some; the rest (drawings, notes, deleted text) is passed over.
_INLINE = {"ins", "moveTo", "hyperlink", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
_BLOCKS = {"sdt", "sdtContent", "customXml", "ins", "moveTo"}
_SIGNS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_TRACKED = {"ins", "del", "moveFrom", "moveTo", "cellDel", "cellIns"}


@dataclass(frozen=True)
class WordRun:
    """A stretch of a paragraph: its text, the name of its character style, whether it is bold."""

    text: str
    style: str = ""
    is_bold: bool = False


@dataclass(frozen=True)
class WordParagraph:
    """A paragraph. ``style`` is its style's name (« heading 1 »); nothing: that of all paragraphs.

    ``outline`` is the level of a heading (0: the widest), ``list_level`` that of an item of a list (0: the widest) and
    ``number`` what the list prints before it (« 1.2. », « • »); ``indent`` is in twentieths of a point. ``bookmarks``
    are the names of those that begin in it.
    """

    runs: tuple[WordRun, ...] = ()
    style: str = ""
    outline: int | None = None
    list_level: int | None = None
    number: str = ""
    indent: int = 0
    bookmarks: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        """Its text, line breaks and tabs included."""
        return "".join(run.text for run in self.runs)

    @property
    def is_empty(self) -> bool:
        return not self.text or self.text.isspace()

    @property
    def is_bold(self) -> bool:
        """Whether all its letters are bold."""
        written = [run for run in self.runs if run.text.strip()]
        return bool(written) and all(run.is_bold for run in written)


@dataclass
class WordCell:
    """A cell: the row and the column of the grid where it begins (from 0), how many of each it covers, what it says.

    A merged cell stands once, where it begins.
    """

    row: int
    column: int
    colspan: int = 1
    rowspan: int = 1
    paragraphs: list[WordParagraph] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its paragraphs that say something, a line each."""
        return "\n".join(paragraph.text for paragraph in self.paragraphs if not paragraph.is_empty)


@dataclass
class WordTable:
    """A table: for each row the cells that begin in it, the widths of the columns of its grid (in twentieths of a
    point; nothing where it does not say), and how many rows are repeated on each page as its heading."""

    rows: list[list[WordCell]] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    heading_rows: int = 0

    @property
    def cells(self) -> Iterator[WordCell]:
        """All its cells, row by row."""
        for row in self.rows:
            yield from row


@dataclass
class WordDocument:
    """Paragraphs outside tables, and tables, in order. ``properties`` are its own (« custom »), by their names;
    ``is_tracked``: it has tracked changes, which are read as accepted."""

    blocks: list[WordParagraph | WordTable] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    is_tracked: bool = False

    @property
    def tables(self) -> list[WordTable]:
        return [block for block in self.blocks if isinstance(block, WordTable)]

    @property
    def paragraphs(self) -> list[WordParagraph]:
        """Those outside tables."""
        return [block for block in self.blocks if isinstance(block, WordParagraph)]

    def bookmarks(self) -> dict[str, tuple[WordCell | None, WordParagraph]]:
        """Where each bookmark begins: in which cell (None: outside tables), in which paragraph."""
        places: dict[str, tuple[WordCell | None, WordParagraph]] = {}
        for block in self.blocks:
            cells = block.cells if isinstance(block, WordTable) else ()
            pairs = [(cell, paragraph) for cell in cells for paragraph in cell.paragraphs]
            outside = [(None, block)] if isinstance(block, WordParagraph) else []
            for cell, paragraph in [*pairs, *outside]:
                for name in paragraph.bookmarks:
                    places.setdefault(name, (cell, paragraph))
        return places


def is_word(data: bytes) -> bool:
    """Whether a file is a Word document, whatever its name; one that is damaged is none."""
    try:
        return recognized(data) == DOCX
    except Refused:
        return False


def read_word(data: bytes) -> WordDocument:
    """Read a document.

    Raises:
        Refused: it is no Word document (.docx), is damaged, or leaves its bounds: the sentence says what to do.
    """
    if len(data) > MAX_BYTES:
        raise Refused(TOO_HEAVY)
    kind: FileType = recognized(data)
    if kind != DOCX:
        raise Refused(OTHER_TYPES.get(kind.extension, NO_WORD))
    archive = Archive(data)
    main = main_part(archive)
    links = relations(archive, main)
    styles, numbering = related(links, "styles", archive), related(links, "numbering", archive)
    root = part(archive, main)
    body = root.find("body")
    if body is None:
        raise Refused(DAMAGED)
    reader = _WordReader(
        Styles(part(archive, styles) if styles else None), Numbering(part(archive, numbering) if numbering else None)
    )
    document = WordDocument(list(reader.blocks(body)), _properties(archive))
    document.is_tracked = any(element.tag in _TRACKED for element in root.iter())
    return document


def _properties(archive: Archive) -> dict[str, str]:
    place = related(relations(archive, ""), "custom-properties", archive)
    if not place:
        return {}
    return {each.get("name", ""): "".join(each.itertext()) for each in part(archive, place).iter("property")}


class _WordReader:
    """Reads a document in order: lists are counted, and a bookmark that stands between paragraphs is of the next."""

    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.styles, self.numbering = styles, numbering
        self.pending: list[str] = []
        self.length = 0  # of all that it says, in characters
        self.unfinished: list[WordRun] = []  # of a paragraph whose end was deleted: the next one goes on

    def blocks(self, parent: Element) -> Iterator[WordParagraph | WordTable]:
        for child in parent:
            if child.tag == "p":
                yield from self._paragraph(child)
            elif child.tag == "tbl":
                yield self._table(child)
            elif child.tag == "bookmarkStart":
                self.pending.append(child.get("name", ""))
            elif child.tag in _BLOCKS:
                yield from self.blocks(child)
        if self.unfinished:
            yield WordParagraph(tuple(self._gone_on([])), bookmarks=self._bookmarks([]))

    # --- paragraphs -------------------------------------------------------------------------------------------

    def _paragraph(self, element: Element) -> Iterator[WordParagraph]:
        properties = element.find("pPr")
        style = value(properties, "pStyle")
        look = Look.of(properties).over(self.styles.look(style))
        bookmarks: list[str] = []
        runs = list(self._runs(element, look.is_bold or False, bookmarks))
        if properties is not None and properties.find("rPr/del") is not None:
            self.unfinished += runs
            self.pending += bookmarks
            return
        is_listed = look.list_key not in (None, "0")
        level = look.list_level or 0
        yield WordParagraph(
            runs=tuple(self._gone_on(runs)),
            style=self.styles.name(style),
            outline=None if look.outline is None or look.outline >= BODY_TEXT else max(look.outline, 0),
            list_level=level if is_listed else None,
            number=self.numbering.next(look.list_key, level) if is_listed else "",
            indent=look.indent or 0,
            bookmarks=self._bookmarks(bookmarks),
        )

    def _gone_on(self, runs: list[WordRun]) -> list[WordRun]:
        joined, self.unfinished = [*self.unfinished, *runs], []
        return joined

    def _bookmarks(self, own: list[str]) -> tuple[str, ...]:
        names, self.pending = (*self.pending, *own), []
        return names

    def _runs(self, parent: Element, is_bold: bool, bookmarks: list[str]) -> Iterator[WordRun]:
        for child in parent:
            if child.tag == "r":
                yield from self._run(child, is_bold)
            elif child.tag == "bookmarkStart":
                bookmarks.append(child.get("name", ""))
            elif child.tag in _INLINE:
                yield from self._runs(child, is_bold, bookmarks)

    def _run(self, element: Element, is_bold: bool) -> Iterator[WordRun]:
        properties = element.find("rPr")
        if is_on(properties, "vanish"):
            return
        text = "".join(_SIGNS.get(child.tag, child.text or "" if child.tag == "t" else "") for child in element)
        if not text:
            return
        self.length += len(text)
        if self.length > MOST_TEXT:
            raise Refused(BOMB)
        style, own = value(properties, "rStyle"), is_on(properties, "b")
        styled = self.styles.look(style).is_bold if style else None
        shown = next((bold for bold in (own, styled) if bold is not None), is_bold)
        yield WordRun(text, self.styles.name(style), shown)

    # --- tables -----------------------------------------------------------------------------------------------

    def _table(self, element: Element) -> WordTable:
        table = WordTable(widths=[whole(column.get("w")) or 0 for column in element.findall("tblGrid/gridCol")])
        open_cells: dict[int, WordCell] = {}
        for row in self._inside(element, "tr"):
            properties = row.find("trPr")
            if properties is not None and properties.find("del") is not None:
                continue
            number = len(table.rows)
            if number >= MOST_ROWS:
                raise Refused(BOMB)
            if is_on(properties, "tblHeader") and table.heading_rows == number:
                table.heading_rows += 1
            column = _bounded(value(properties, "gridBefore"), 0)
            cells, open_cells = self._row(row, number, column, open_cells)
            table.rows.append(cells)
        return table

    def _row(
        self, row: Element, number: int, column: int, above: dict[int, WordCell]
    ) -> tuple[list[WordCell], dict[int, WordCell]]:
        """The cells that begin in a row, and by column those that a cell of the next row may go on."""
        cells: list[WordCell] = []
        open_cells: dict[int, WordCell] = {}
        last: WordCell | None = None
        for element in self._inside(row, "tc"):
            properties = element.find("tcPr")
            span = _bounded(value(properties, "gridSpan"), 1) or 1
            cell = WordCell(number, column, span, paragraphs=list(self._cell_paragraphs(element)))
            merge = value(properties, "vMerge")
            upper = above.get(column)
            if value(properties, "hMerge") in ("continue", "") and last is not None:
                last.colspan += span
                last.paragraphs += [each for each in cell.paragraphs if not each.is_empty]
            elif merge in ("continue", "") and upper is not None:
                upper.rowspan += 1
                upper.paragraphs += [each for each in cell.paragraphs if not each.is_empty]
                open_cells[column] = last = upper
            else:
                cells.append(cell)
                last = cell
                if merge is not None:
                    open_cells[column] = cell
            column += span
            if column > MOST_COLUMNS:
                raise Refused(BOMB)
        return cells, open_cells

    def _cell_paragraphs(self, element: Element) -> Iterator[WordParagraph]:
        """Those of a cell, and of the tables that stand in it."""
        if element.find("tcPr/cellDel") is not None:
            return
        for block in self.blocks(element):
            if isinstance(block, WordParagraph):
                yield block
                continue
            for cell in block.cells:
                yield from cell.paragraphs

    def _inside(self, parent: Element, tag: str) -> Iterable[Element]:
        """The rows of a table or the cells of a row, whatever stands around them."""
        for child in parent:
            if child.tag == tag:
                yield child
            elif child.tag == "bookmarkStart":
                self.pending.append(child.get("name", ""))
            elif child.tag in _BLOCKS:
                yield from self._inside(child, tag)


def _bounded(text: str | None, default: int) -> int:
    number = whole(text)
    if number is None or number < 0:
        return default
    return min(number, MOST_COLUMNS + 1)
