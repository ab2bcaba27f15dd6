"""An XLSX file (ECMA-376), its rows compressed as they come."""

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from cohesion.lib.spreadsheets.model import column_letter
from cohesion.lib.spreadsheets.packing import ILLEGAL, XML, archive, pack
from cohesion.lib.spreadsheets.tables import Table, Value, cut, defuse, fitting

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FIRST_DAY = datetime.date(1899, 12, 30)  # from which a spreadsheet counts its days
# Excel reads _x0041_ as an escaped character: the underscore that would begin one is escaped itself.
_LIKE_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

# Cell styles: 0 general (numbers), 1 text, 2 header, 3 day (format 14, which each country shows as its own), 4 euros,
# 5 the same in bold for a total.
# Text stays text when the cell is edited (format 49, « @ »).
TEXT, HEAD, DAY, EUROS, TOTAL = 1, 2, 3, 4, 5
_STYLES = (
    f'{XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="#,##0.00\\ &quot;€&quot;"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs count="6"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="14" xfId="0" applyNumberFormat="1"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def write(stream: IO[bytes], tables: Sequence[Table]) -> None:
    """The tables as an XLSX file, a sheet each; their rows are read once, as they are written."""
    with archive(stream) as file:
        for name, text in _frame(tables):
            pack(file, name, [text])
        for number, table in enumerate(tables, start=1):
            pack(file, f"xl/worksheets/sheet{number}.xml", _sheet(table))


def _frame(tables: Sequence[Table]) -> Iterator[tuple[str, str]]:
    """The entries that say where the sheets are and how they look."""
    numbers = range(1, len(tables) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_SHEET_ML}.worksheet+xml"/>' for n in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(table.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, table in zip(numbers, tables, strict=True)
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_ML}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_ML}.styles+xml"/>{overrides}</Types>',
    )
    yield (
        "_rels/.rels",
        f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "xl/workbook.xml",
        f'{XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{XML}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
        f'<Relationship Id="rId{len(tables) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES


def _sheet(table: Table) -> Iterator[str]:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1" style="{EUROS if n - 1 in table.euros else TEXT}"/>'
        for n, width in enumerate(table.widths, start=1)
    )
    yield (
        f'{XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{widths}</cols>' if widths else ''}<sheetData>"
    )
    letters = [column_letter(column) for column in range(len(table.headers))]
    yield _row(1, letters, table.headers, style=HEAD)
    number = 1
    for number, row in enumerate(fitting(table.rows), start=2):
        yield _row(number, letters, row, style=TEXT, euros=table.euros)
    if table.total:  # a row apart, so that no filter and no sort takes it for one of the others
        yield _row(number + 2, letters, table.total, style=HEAD, euros=table.euros)
    yield "</sheetData>"
    yield f'<autoFilter ref="A1:{letters[-1]}{number}"/></worksheet>' if letters else "</worksheet>"


def _row(
    number: int, letters: Sequence[str], row: Sequence[Value], style: int, euros: frozenset[int] = frozenset()
) -> str:
    cells = [f'<row r="{number}">']
    for place, (letter, value) in enumerate(zip(letters, row, strict=False)):
        if isinstance(value, str):
            if value:
                cells.append(
                    f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
                    f"{_text(value)}</t></is></c>"
                )
        elif isinstance(value, datetime.date):
            cells.append(f'<c r="{letter}{number}" s="{DAY}"><v>{(value - _FIRST_DAY).days}</v></c>')
        elif value is not None and place in euros:
            amount = TOTAL if style == HEAD else EUROS
            cells.append(f'<c r="{letter}{number}" s="{amount}"><v>{value!r}</v></c>')
        elif value is not None:
            cells.append(f'<c r="{letter}{number}"><v>{value!r}</v></c>')
    cells.append("</row>")
    return "".join(cells)


def _text(value: str) -> str:
    text = cut(defuse(value))
    if "_x" in text:
        text = _LIKE_ESCAPED.sub("_x005F_", text)
    if not text.isprintable():
        text = ILLEGAL.sub(_code_point, text)
    return escape(text)


def _code_point(sign: re.Match[str]) -> str:
    """The escape of what XML cannot say: a vertical tab → « _x000B_ »."""
    return f"_x{ord(sign[0]):04X}_"
