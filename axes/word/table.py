"""The table of a framework in the XML of Word: a band an axis, then its rows, with the merged cells of the print."""

from collections.abc import Iterable, Iterator
from itertools import count
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.ns import nsdecls

from axes import document
from axes.document import COLUMNS, Band, DocumentCell, Node
from axes.levels import ROOT_LEVELS
from axes.models import Framework
from axes.pdf import unbreakable
from axes.word.marks import mark
from cohesion.lib.spreadsheets.packing import ILLEGAL

WIDTH = 15_130  # in twentieths of a point: A4 landscape less its margins
WEIGHTS = tuple(6 + place for place in range(COLUMNS))  # the further right, the longer the wordings
WIDTHS = tuple(WIDTH * weight // sum(WEIGHTS) for weight in WEIGHTS)
BORDER, TINT = "8C8C8C", "E8ECF4"
TALL = 1_500  # characters of a row that may go on over the page
# Names of one plain word: Word makes the key of a style of its name.
AXIS_STYLE, CELL_STYLE, HEADING_STYLE = "Axe", "Orientation", "Colonne"
CODE_STYLE, LABEL_STYLE = "Code", "Mention"
DESCRIPTION = "Les orientations du cadre : un axe par bande, puis un niveau par colonne."


class TableWriter:
    """Writes the table of a framework. Each paragraph is in a bookmark that names its orientation."""

    def __init__(self, framework: Framework) -> None:
        self.framework = framework
        self.numbers = count(1)  # of bookmarks: no two bear the same

    def table(self, nodes: list[Node]) -> Iterator[str]:
        """The table, a piece at a time."""
        yield self._beginning()
        heads = [
            _cell(place, 1, _paragraph(HEADING_STYLE, _run(title)), tint=True)
            for place, title in enumerate(self.framework.column_titles)
        ]
        yield _row(heads, "<w:cantSplit/><w:tblHeader/>")
        for band in document.bands(nodes):
            yield _row([_cell(0, COLUMNS, self._node(AXIS_STYLE, band.axis), tint=True)], "<w:cantSplit/>")
            for row in rows_of(band):
                yield self._body_row(row)
        yield "</w:tbl>"

    def _beginning(self) -> str:
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="{BORDER}"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        margins = (("top", 40), ("left", 85), ("bottom", 20), ("right", 85))
        sides = "".join(f'<w:{side} w:w="{margin}" w:type="dxa"/>' for side, margin in margins)
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in WIDTHS)
        return (
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(WIDTHS)}" w:type="dxa"/>'
            f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{sides}</w:tblCellMar>'
            f'<w:tblLook w:val="0020" w:firstRow="1"/><w:tblCaption w:val={quoteattr(clean(self.framework.name))}/>'
            f"<w:tblDescription w:val={quoteattr(DESCRIPTION)}/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
        )

    def _body_row(self, row: list[tuple[DocumentCell, bool]]) -> str:
        cells, written = [], 0
        for cell, begins in row:
            merge = ""
            if cell.rowspan > 1:
                merge = '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
            nodes = cell.nodes if begins else ()
            written += sum(len(node.orientation.title) for node in nodes)
            inside = "".join(self._node(CELL_STYLE, node) for node in nodes) or _paragraph(CELL_STYLE, "")
            cells.append(_cell(cell.column, cell.colspan, inside, merge=merge))
        return _row(cells, "" if written > TALL else "<w:cantSplit/>")

    def _node(self, style: str, node: Node) -> str:
        """A paragraph: the code or the label, then the wording. Between them a space of the wording's own style: what
        is typed there is wording."""
        orientation, number = node.orientation, next(self.numbers)
        lead = orientation.label if orientation.level in ROOT_LEVELS else orientation.code
        look = LABEL_STYLE if orientation.level in ROOT_LEVELS else CODE_STYLE
        rest = orientation.title
        if orientation.label and orientation.level not in ROOT_LEVELS:
            rest = f"{orientation.label} {rest}"
        text = (_run(lead, look) + _run(" ") if lead else "") + _run(unbreakable(rest))
        opened = f'<w:bookmarkStart w:id="{number}" w:name="{mark(orientation)}"/>'
        return _paragraph(style, f'{opened}{text}<w:bookmarkEnd w:id="{number}"/>')


def rows_of(band: Band) -> Iterator[list[tuple[DocumentCell, bool]]]:
    """The cells of each row, from left to right: those that begin in it, and (False) those that go on from above."""
    going_on: list[tuple[DocumentCell, int]] = []
    for number, row in enumerate(band.rows):
        going_on = [(cell, end) for cell, end in going_on if end > number]
        own = [cell for wide in row for cell in _columns(wide)]
        cells = [*((cell, False) for cell, _ in going_on), *((cell, True) for cell in own)]
        yield sorted(cells, key=lambda pair: pair[0].column)
        going_on += [(cell, number + cell.rowspan) for cell in own]


def _columns(cell: DocumentCell) -> list[DocumentCell]:
    """An empty cell, column by column: what is typed in it is of the level of its column."""
    if cell.nodes:
        return [cell]
    return [DocumentCell((), cell.column + place, 1, cell.rowspan) for place in range(cell.colspan)]


def clean(text: str) -> str:
    """The text without what XML cannot say."""
    return ILLEGAL.sub("", text)


def _row(cells: Iterable[str], properties: str) -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(column: int, colspan: int, inside: str, *, merge: str = "", tint: bool = False) -> str:
    width = sum(WIDTHS[column : column + colspan])
    span = f'<w:gridSpan w:val="{colspan}"/>' if colspan > 1 else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{TINT}"/>' if tint else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}{shade}</w:tcPr>{inside}</w:tc>'


def _paragraph(style: str, inside: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{inside}</w:p>'


def _run(text: str, style: str = "") -> str:
    look = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'
