"""Tables written as CSV, XLSX or ODS, from columns declared once.

The same table gives the same bytes: no date, no author, entries in a fixed order.
"""

import codecs
import csv
import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from cohesion.lib.spreadsheets.model import column_letter

logger = logging.getLogger(__name__)

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
# What a spreadsheet takes for a formula, even after spaces or our own apostrophe, in ordinary or full width.
_RUNNABLE = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]")
CSV_LINES = 500  # in a piece of a streamed file
# The last line of a file that could not be written to its end.
CUT = "Export interrompu : ce fichier est incomplet. Demandez-le de nouveau."
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Column:
    """A column: its header, where its value comes from, its width in characters."""

    header: str
    value: Callable[[Any], str | int | float | None]
    width: int = 14


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its headers, its rows, the width of its columns in characters."""

    name: str
    headers: Sequence[str]
    rows: Sequence[Sequence[str | int | float | None]]
    widths: Sequence[int] = field(default=())

    @classmethod
    def of(cls, name: str, columns: Sequence[Column], things: Iterable[Any]) -> "Table":
        rows = [[column.value(thing) for column in columns] for thing in things]
        return cls(name, [column.header for column in columns], rows, [column.width for column in columns])


def defuse(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it. :func:`undo_defuse` takes it back."""
    return f"'{text}" if _RUNNABLE.match(text) else text


def undo_defuse(text: str) -> str:
    return text[1:] if text.startswith("'") and _RUNNABLE.match(text, 1) else text


def write(format: str, tables: Sequence[Table]) -> bytes:
    """The bytes of a file; CSV has room for the first table only.

    Raises:
        KeyError: the format is not one of ``CONTENT_TYPES``.
    """
    return {"csv": _csv, "xlsx": _xlsx, "ods": _ods}[format](tables)


def _safe(value: str | int | float | None) -> str | int | float:
    return "" if value is None else defuse(value) if isinstance(value, str) else value


def _csv(tables: Sequence[Table]) -> bytes:
    return "".join(_csv_lines([tables[0].headers, *tables[0].rows])).encode("utf-8-sig")


def stream_csv(columns: Sequence[Column], things: Iterable[Any]) -> Iterator[bytes]:
    """The bytes of a CSV file as ``things`` come, in pieces of some hundred lines: any length, little memory.

    The first piece is made at once: a database that is away fails before anything is promised. One that goes away
    later leaves its word in the file, for the server would end it as if it were whole.
    """
    lines = _csv_lines(chain([[c.header for c in columns]], ([c.value(one) for c in columns] for one in things)))
    return _pieces("".join(islice(lines, CSV_LINES)), lines)


def _pieces(piece: str, lines: Iterator[str]) -> Iterator[bytes]:
    yield codecs.BOM_UTF8
    try:
        while piece:
            yield piece.encode()
            piece = "".join(islice(lines, CSV_LINES))
    except Exception:
        logger.exception("Un export s’est arrêté avant sa fin")
        yield f"{CUT}\r\n".encode()


def _csv_lines(rows: Iterable[Sequence[str | int | float | None]]) -> Iterator[str]:
    """Each row as a line of CSV, harmless."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_safe(value) for value in row])
        yield stream.getvalue()
        stream.seek(0)
        stream.truncate()


def _zip(members: Iterable[tuple[str, str]], first: tuple[str, str] | None = None) -> bytes:
    """An archive with fixed dates; ``first`` is stored uncompressed, as ODS wants its type."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        if first:
            archive.writestr(zipfile.ZipInfo(first[0], _EPOCH), first[1], zipfile.ZIP_STORED)
        for name, content in members:
            info = zipfile.ZipInfo(name, _EPOCH)
            archive.writestr(info, content, zipfile.ZIP_DEFLATED, 6)
    return stream.getvalue()


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_ML = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _xlsx(tables: Sequence[Table]) -> bytes:
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
    return _zip(
        [
            (
                "[Content_Types].xml",
                f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                '<Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_ML}.sheet.main+xml"/>'
                f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_ML}.styles+xml"/>{overrides}</Types>',
            ),
            (
                "_rels/.rels",
                f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
                f'<Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/>'
                "</Relationships>",
            ),
            (
                "xl/workbook.xml",
                f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{sheets}</sheets></workbook>',
            ),
            (
                "xl/_rels/workbook.xml.rels",
                f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
                f'<Relationship Id="rId{len(tables) + 1}" Type="{_RELATIONS}/styles" Target="styles.xml"/>'
                "</Relationships>",
            ),
            ("xl/styles.xml", _XLSX_STYLES),
            *((f"xl/worksheets/sheet{n}.xml", _xlsx_sheet(table)) for n, table in zip(numbers, tables, strict=True)),
        ]
    )


# Cell styles: 0 general (numbers), 1 text, 2 header. Text stays text when the cell is edited (format 49, « @ »).
_XLSX_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs>"
    '<cellXfs count="3"><xf numFmtId="0" xfId="0"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)


def _xlsx_sheet(table: Table) -> str:
    widths = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1" style="1"/>'
        for n, width in enumerate(table.widths, start=1)
    )
    lines = []
    for number, row in enumerate([table.headers, *table.rows], start=1):
        cells = "".join(
            _xlsx_cell(f"{column_letter(place)}{number}", _safe(value), 2 if number == 1 else 1)
            for place, value in enumerate(row)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{f'<cols>{widths}</cols>' if widths else ''}<sheetData>{''.join(lines)}</sheetData></worksheet>"
    )


def _xlsx_cell(place: str, value: str | int | float, style: int) -> str:
    if isinstance(value, str):
        if not value:
            return ""
        # Excel reads _x0041_ as an escaped character: the underscore that would begin one is escaped itself.
        text = escape(re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", value))
        return f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


_OASIS = "urn:oasis:names:tc:opendocument:xmlns"


def _ods(tables: Sequence[Table]) -> bytes:
    widths = sorted({width for table in tables for width in table.widths})
    styles = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.2:.1f}cm"/></style:style>'
        for width in widths
    )
    content = (
        f'{_XML}<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" '
        f'xmlns:text="{_OASIS}:text:1.0" xmlns:style="{_OASIS}:style:1.0" xmlns:number="{_OASIS}:datastyle:1.0" '
        f'xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" office:version="1.3"><office:automatic-styles>'
        '<number:text-style style:name="N100"><number:text-content/></number:text-style>'
        '<style:style style:name="text" style:family="table-cell" style:data-style-name="N100">'
        '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
        '<style:style style:name="head" style:family="table-cell" style:data-style-name="N100">'
        f'<style:text-properties fo:font-weight="bold"/></style:style>{styles}'
        f"</office:automatic-styles><office:body><office:spreadsheet>{''.join(map(_ods_sheet, tables))}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'{_XML}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.3">'
        '<manifest:file-entry manifest:full-path="/" manifest:version="1.3" '
        f'manifest:media-type="{CONTENT_TYPES["ods"]}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return _zip([("content.xml", content), ("META-INF/manifest.xml", manifest)], ("mimetype", CONTENT_TYPES["ods"]))


def _ods_sheet(table: Table) -> str:
    columns = "".join(
        f'<table:table-column table:style-name="w{width}" table:default-cell-style-name="text"/>'
        for width in table.widths
    )
    rows = "".join(
        f"<table:table-row>{''.join(_ods_cell(_safe(value), style) for value in row)}</table:table-row>"
        for style, row in [("head", table.headers), *(("text", row) for row in table.rows)]
    )
    columns = columns or f'<table:table-column table:number-columns-repeated="{len(table.headers)}"/>'
    return f"<table:table table:name={quoteattr(table.name)}>{columns}{rows}</table:table>"


def _ods_cell(value: str | int | float, style: str) -> str:
    if not isinstance(value, str):
        attributes, text = f'office:value-type="float" office:value="{value!r}"', str(value)
    elif not value:
        return "<table:table-cell/>"
    else:
        attributes = f'table:style-name="{style}" office:value-type="string"'
        # Repeated and leading spaces vanish in a paragraph unless they are said.
        text = re.sub(r"^ | (?= )| $", "<text:s/>", escape(value))
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"
