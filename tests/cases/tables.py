"""The same small table as each of the programs that people have would write it."""

import datetime
import io
from typing import Any

from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from tests.axes.exchange.files import book

FORMATS = ("csv", "xlsx", "ods")
Rows = list[list[Any]]


def written(format: str, rows: Rows) -> tuple[bytes, str]:
    """A file and its name; the first row is the headers."""
    return {"csv": csv, "xlsx": lambda rows: book(*rows), "ods": ods}[format](rows), f"table.{format}"


def csv(rows: Rows) -> bytes:
    return "\n".join(";".join(f'"{_shown(cell)}"' for cell in row) for row in rows).encode()


def _shown(cell: Any) -> str:
    if isinstance(cell, float):
        return repr(cell).replace(".", ",")
    return f"{cell:%d/%m/%Y}" if isinstance(cell, datetime.date) else str(cell).replace('"', '""')


def ods(rows: Rows) -> bytes:
    """As odfpy writes it."""
    document, table = OpenDocumentSpreadsheet(), Table(name="Feuille1")
    for row in rows:
        line = TableRow()
        for cell in row:
            line.addElement(_ods_cell(cell))
        table.addElement(line)
    document.spreadsheet.addElement(table)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _ods_cell(cell: Any) -> Any:
    if isinstance(cell, datetime.date):
        found = TableCell(valuetype="date", datevalue=cell.isoformat())
    elif isinstance(cell, int | float):
        found = TableCell(valuetype="float", value=repr(cell))
    else:
        found = TableCell(valuetype="string")
    found.addElement(P(text=_shown(cell)))
    return found
