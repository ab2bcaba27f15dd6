"""An ODS file (OpenDocument), its rows compressed as they come."""

import datetime
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from cohesion.lib.spreadsheets.packing import ILLEGAL, XML, archive, pack
from cohesion.lib.spreadsheets.tables import Table, Value, cut, defuse, fitting

CONTENT_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns"
# Repeated and outer spaces vanish in a paragraph unless they are said.
_VANISHING = re.compile(r"^ | (?= )| $")
_BREAK = re.compile(r"\r\n?")  # of a form of the web, of an old Mac
_MANIFEST = (
    f'{XML}<manifest:manifest xmlns:manifest="{_OASIS}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{CONTENT_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def write(stream: IO[bytes], tables: Sequence[Table]) -> None:
    """The tables as an ODS file, a sheet each; their rows are read once, as they are written."""
    with archive(stream) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), CONTENT_TYPE, zipfile.ZIP_STORED)  # first, as ODS wants its type
        pack(file, "content.xml", _content(tables))
        pack(file, "META-INF/manifest.xml", [_MANIFEST])


def _content(tables: Sequence[Table]) -> Iterator[str]:
    widths = sorted({width for table in tables for width in table.widths})
    styles = "".join(
        f'<style:style style:name="w{width}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width * 0.2:.1f}cm"/></style:style>'
        for width in widths
    )
    yield (
        f'{XML}<office:document-content xmlns:office="{_OASIS}:office:1.0" xmlns:table="{_OASIS}:table:1.0" '
        f'xmlns:text="{_OASIS}:text:1.0" xmlns:style="{_OASIS}:style:1.0" xmlns:number="{_OASIS}:datastyle:1.0" '
        f'xmlns:fo="{_OASIS}:xsl-fo-compatible:1.0" office:version="1.3"><office:automatic-styles>'
        '<number:text-style style:name="N100"><number:text-content/></number:text-style>'
        '<style:style style:name="text" style:family="table-cell" style:data-style-name="N100">'
        '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
        '<style:style style:name="head" style:family="table-cell" style:data-style-name="N100">'
        f'<style:text-properties fo:font-weight="bold"/></style:style>'
        '<number:date-style style:name="N14"><number:day number:style="long"/><number:text>/</number:text>'
        '<number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/>'
        '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="N14"/>'
        f"{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )
    for table in tables:
        yield from _sheet(table)
    yield "</office:spreadsheet></office:body></office:document-content>"


def _sheet(table: Table) -> Iterator[str]:
    columns = "".join(
        f'<table:table-column table:style-name="w{width}" table:default-cell-style-name="text"/>'
        for width in table.widths
    )
    columns = columns or f'<table:table-column table:number-columns-repeated="{len(table.headers)}"/>'
    yield f"<table:table table:name={quoteattr(table.name)}>{columns}"
    yield _row(table.headers, "head")
    for row in fitting(table.rows):
        yield _row(row, "text")
    yield "</table:table>"


def _row(row: Sequence[Value], style: str) -> str:
    return f"<table:table-row>{''.join([_cell(value, style) for value in row])}</table:table-row>"


def _cell(value: Value, style: str) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        attributes = f'table:style-name="{style}" office:value-type="string"'
        text = _paragraphs(cut(defuse(value)))
    elif isinstance(value, datetime.date):
        attributes = f'table:style-name="day" office:value-type="date" office:date-value="{value.isoformat()}"'
        text = value.strftime("%d/%m/%Y")
    else:
        attributes, text = f'office:value-type="float" office:value="{value!r}"', str(value)
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def _paragraphs(text: str) -> str:
    """The text as XML: each line a paragraph of its own, as a line break within one is only a space to some.

    A tab stays as it is: LibreOffice loses what the format has for it.
    """
    if not text.isprintable():
        text = ILLEGAL.sub("\ufffd", _BREAK.sub("\n", text))
    lines = [_VANISHING.sub("<text:s/>", line) for line in escape(text).split("\n")]
    return "</text:p><text:p>".join(lines)
