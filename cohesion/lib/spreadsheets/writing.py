"""Tables written as CSV, XLSX or ODS, row by row as they come: any length, little memory.

The same table gives the same bytes: no date, no author, entries in a fixed order.
"""

import csv
import datetime
import io
from collections.abc import Sequence
from itertools import chain
from typing import IO

from cohesion.lib.spreadsheets import writing_ods, writing_xlsx
from cohesion.lib.spreadsheets.tables import Table, Value, defuse

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": writing_ods.CONTENT_TYPE,
}


def write(format: str, tables: Sequence[Table]) -> bytes:
    """The bytes of a file; CSV has room for the first table only.

    Raises:
        KeyError: the format is not one of ``CONTENT_TYPES``.
    """
    stream = io.BytesIO()
    write_to(stream, format, tables)
    return stream.getvalue()


def write_to(stream: IO[bytes], format: str, tables: Sequence[Table]) -> None:
    """The same, written to a stream that can be gone back in.

    Raises:
        KeyError: the format is not one of ``CONTENT_TYPES``.
    """
    {"csv": _csv, "xlsx": writing_xlsx.write, "ods": writing_ods.write}[format](stream, tables)


def _csv(stream: IO[bytes], tables: Sequence[Table]) -> None:
    """Each row as a line, harmless."""
    # Half of a character, which no coding writes, becomes a question mark.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in chain([tables[0].headers], tables[0].rows):
        writer.writerow([_plain(value) for value in row])
    text.detach()


def _plain(value: Value) -> str | int | None:
    """A value as French spreadsheets read it in a CSV: a comma before decimals; a day is written as ISO writes it."""
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace(".", ",")
    return value.isoformat() if isinstance(value, datetime.date) else value
