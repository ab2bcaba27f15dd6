"""Tables written as CSV, XLSX or ODS, row by row as they come: any length, little memory.

The same table gives the same bytes: no date, no author, entries in a fixed order.
"""

import csv
import datetime
import io
from collections.abc import Callable, Sequence
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
    {"csv": _csv, "xlsx": _workbook(writing_xlsx.write), "ods": _workbook(writing_ods.write)}[format](stream, tables)


def _workbook(write: Callable[[IO[bytes], Sequence[Table]], None]) -> Callable[[IO[bytes], Sequence[Table]], None]:
    """With a sheet, after the others, for what they are of."""

    def whole(stream: IO[bytes], tables: Sequence[Table]) -> None:
        write(stream, [*tables, *(table.about_sheet for table in tables if table.about)])

    return whole


def _csv(stream: IO[bytes], tables: Sequence[Table]) -> None:
    """Each row as a line, harmless; what all of them are of is repeated at their ends."""
    # Half of a character, which no coding writes, becomes a question mark.
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    about = [_plain(subject.value) for subject in tables[0].about]
    writer.writerow(map(_plain, (*tables[0].headers, *(subject.header for subject in tables[0].about))))
    for row in tables[0].rows:
        writer.writerow([*map(_plain, row), *about])
    text.detach()


def _plain(value: Value) -> str | int | None:
    """A value as French spreadsheets read it in a CSV: a comma before decimals; a day is written as ISO writes it."""
    if isinstance(value, str):
        return defuse(value)
    if isinstance(value, float):
        return repr(value).removesuffix(".0").replace(".", ",")
    return value.isoformat() if isinstance(value, datetime.date) else value
