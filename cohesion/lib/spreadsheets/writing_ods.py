"""An ODS file (OpenDocument), its rows compressed as they come."""

import datetime
import re
import zipfile
from collections.abc import Generator, Iterator, Sequence
from typing import IO
from xml.sax.saxutils import escape, quoteattr

from cohesion.lib.spreadsheets.model import column_letter
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
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="settings.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)
# The head of each sheet stays in sight.
_FROZEN = "".join(
    f'<config:config-item config:name="{name}" config:type="{kind}">{value}</config:config-item>'
    for name, kind, value in (
        ("VerticalSplitMode", "short", 2),
        ("VerticalSplitPosition", "int", 1),
        ("ActiveSplitRange", "short", 2),
        ("PositionBottom", "int", 1),
    )
)


def write(stream: IO[bytes], tables: Sequence[Table]) -> None:
    """The tables as an ODS file, a sheet each; their rows are read once, as they are written."""
    with archive(stream) as file:
        file.writestr(zipfile.ZipInfo("mimetype"), CONTENT_TYPE, zipfile.ZIP_STORED)  # first, as ODS wants its type
        pack(file, "content.xml", _content(tables))
        pack(file, "settings.xml", [_settings(tables)])
        pack(file, "META-INF/manifest.xml", [_MANIFEST])


def _settings(tables: Sequence[Table]) -> str:
    entries = "".join(
        f"<config:config-item-map-entry config:name={quoteattr(table.name)}>{_FROZEN}</config:config-item-map-entry>"
        for table in tables
    )
    return (
        f'{XML}<office:document-settings xmlns:office="{_OASIS}:office:1.0" xmlns:config="{_OASIS}:config:1.0" '
        'office:version="1.3"><office:settings><config:config-item-set config:name="ooo:view-settings">'
        '<config:config-item-map-indexed config:name="Views"><config:config-item-map-entry>'
        f'<config:config-item-map-named config:name="Tables">{entries}</config:config-item-map-named>'
        "</config:config-item-map-entry></config:config-item-map-indexed></config:config-item-set>"
        "</office:settings></office:document-settings>"
    )


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
        '<number:currency-style style:name="N164"><number:number number:decimal-places="2" '
        'number:min-integer-digits="1" number:grouping="true"/><number:text>\u00a0</number:text>'
        "<number:currency-symbol>€</number:currency-symbol></number:currency-style>"
        '<style:style style:name="euros" style:family="table-cell" style:data-style-name="N164"/>'
        '<style:style style:name="total" style:family="table-cell" style:data-style-name="N164">'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
        f"{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )
    ranges = []
    for number, table in enumerate(tables, start=1):
        last = yield from _sheet(table)
        ranges.append(_filtered(number, table, last))
    yield f"<table:database-ranges>{''.join(ranges)}</table:database-ranges>"
    yield "</office:spreadsheet></office:body></office:document-content>"


def _sheet(table: Table) -> Generator[str, None, int]:
    """The rows as XML; returns the number of the last one, its total apart."""
    columns = "".join(
        f'<table:table-column table:style-name="w{width}" '
        f'table:default-cell-style-name="{"euros" if place in table.euros else "text"}"/>'
        for place, width in enumerate(table.widths)
    )
    columns = columns or f'<table:table-column table:number-columns-repeated="{len(table.headers)}"/>'
    yield f"<table:table table:name={quoteattr(table.name)}>{columns}"
    yield _row(table.headers, "head")
    last = 1
    for row in fitting(table.rows):
        last += 1
        yield _row(row, "text", table.euros)
    if table.total:  # a row apart, so that no filter and no sort takes it for one of the others
        yield _row([None], "text")
        yield _row(table.total, "head", table.euros)
    yield "</table:table>"
    return last


def _filtered(number: int, table: Table, last: int) -> str:
    """The range whose columns have filters."""
    sheet = "'" + table.name.replace("'", "''") + "'"
    corner = f"{column_letter(max(len(table.headers) - 1, 0))}{last}"
    return (
        f'<table:database-range table:name="__Anonymous_Sheet_DB__{number - 1}" table:display-filter-buttons="true" '
        f"table:target-range-address={quoteattr(f'{sheet}.A1:{sheet}.{corner}')}/>"
    )


def _row(row: Sequence[Value], style: str, euros: frozenset[int] = frozenset()) -> str:
    cells = [_cell(value, style, is_amount=place in euros) for place, value in enumerate(row)]
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def _cell(value: Value, style: str, *, is_amount: bool) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        attributes = f'table:style-name="{style}" office:value-type="string"'
        text = _paragraphs(cut(defuse(value)))
    elif isinstance(value, datetime.date):
        attributes = f'table:style-name="day" office:value-type="date" office:date-value="{value.isoformat()}"'
        text = value.strftime("%d/%m/%Y")
    else:
        name = {"head": "total"}.get(style, "euros")
        shown = f'table:style-name="{name}" ' if is_amount else ""
        attributes, text = f'{shown}office:value-type="float" office:value="{value!r}"', str(value)
    return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"


def _paragraphs(text: str) -> str:
    """The text as XML: each line a paragraph of its own, as a line break within one is only a space to some.

    A tab stays as it is: LibreOffice loses what the format has for it.
    """
    if not text.isprintable():
        text = ILLEGAL.sub("\ufffd", _BREAK.sub("\n", text))
    lines = [_VANISHING.sub("<text:s/>", line) for line in escape(text).split("\n")]
    return "</text:p><text:p>".join(lines)
