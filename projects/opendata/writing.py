"""A public table as the bytes of a file: for machines (CSV, JSON, GeoJSON) and for a French spreadsheet.

The file of machines keeps each value as it is, formulas included, and begins each line with a cell that nothing runs;
that of people is harmless (docs/decisions/27-open-data.md).
"""

import csv
import datetime
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from cohesion.lib.spreadsheets import Table, write
from cohesion.lib.spreadsheets.tables import Value, defuse
from projects.opendata.columns import OpenColumn

SEPARATOR = "|"
Rows = Sequence[Sequence[Value]]


def machine_csv(columns: Sequence[OpenColumn], rows: Rows) -> bytes:
    """Commas, decimal points, ISO dates, UTF-8 without a mark, as RFC 4180 has it."""
    return _csv(columns, rows, delimiter=",", write=_plain).encode("utf-8", "replace")


def people_csv(columns: Sequence[OpenColumn], rows: Rows) -> bytes:
    """Semicolons, decimal commas, French dates, UTF-8 with its mark; no cell is a formula."""
    return _csv(columns, rows, delimiter=";", write=people_value).encode("utf-8-sig", "replace")


def sheet(title: str, columns: Sequence[OpenColumn], rows: Rows) -> bytes:
    """A workbook: dates and amounts are what they are, and a code keeps its first nought."""
    euros = frozenset(place for place, column in enumerate(columns) if column.kind == "euros")
    headers = [column.header for column in columns]
    return write("xlsx", [Table(title, headers, rows, [max(12, len(header) + 2) for header in headers], euros)])


def as_json(columns: Sequence[OpenColumn], rows: Rows) -> bytes:
    """An array of objects; what is empty is null, and a list is an array."""
    objects = [_object(columns, row) for row in rows]
    lines = ",\n".join(json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in objects)
    return f"[\n{lines}\n]\n".encode("utf-8", "replace")


def geojson(columns: Sequence[OpenColumn], rows: Rows, outlines: Sequence[Any]) -> bytes:
    """A collection of features, one a row, with the outline of each (none: it has no drawing)."""
    features = [
        {"type": "Feature", "id": row[0], "properties": _object(columns, row), "geometry": outline}
        for row, outline in zip(rows, outlines, strict=True)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in features)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'.encode("utf-8", "replace")


def _csv(columns: Sequence[OpenColumn], rows: Rows, *, delimiter: str, write: Any) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([column.header for column in columns])
    for row in rows:
        writer.writerow([write(value) for value in row])
    return stream.getvalue()


def _plain(value: Value) -> Value:
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return value.isoformat() if isinstance(value, datetime.date) else value


def people_value(value: Value) -> Value:
    """As a French spreadsheet reads it: harmless, with a comma before decimals, and days as they are written here."""
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, datetime.date):
        return f"{value:%d/%m/%Y}"
    return repr(value).removesuffix(".0").replace(".", ",") if isinstance(value, float) else value


def _object(columns: Sequence[OpenColumn], row: Iterable[Value]) -> dict[str, Any]:
    return {column.header: _item(column, value) for column, value in zip(columns, row, strict=True)}


def _item(column: OpenColumn, value: Value) -> Any:
    if column.is_list:
        return [part.strip() for part in str(value).split(SEPARATOR)] if value else []
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return None if value == "" else value
