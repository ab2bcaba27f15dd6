"""The columns that a file may have, as its reader declares them; the choices that somebody makes about a file."""

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cohesion.lib.spreadsheets.model import Cell

Reader = Callable[[Cell | None], Any]


class Holds(enum.Enum):
    """What the cells of a column stand for: it tells which damage is looked for in them."""

    TEXT = enum.auto()
    NAME = enum.auto()  # a title, somebody's name: « - », « ? », « 0 » are none
    CODES = enum.auto()  # a code, or several: a number or a date there is what a spreadsheet made of it
    DAYS = enum.auto()  # a day or a period: a number there may be a date that lost its format


@dataclass(frozen=True)
class Expected:
    """A column that a file may have: its header, the name of its values, how a cell is read.

    ``read`` raises ValueError with the French sentence that says how to mend the cell. ``aliases`` are the other
    headers by which people call it. ``fills`` is the name of another value and how this cell says it too: it is taken
    where the row says nothing else of that value (« 2022-2026 » as a start fills the end).
    """

    header: str
    field: str
    read: Reader
    mandatory: bool = False
    filled_down: bool = False  # a cell merged downwards says the same for all its rows
    aliases: Sequence[str] = ()
    holds: Holds = Holds.TEXT
    fills: tuple[str, Reader] | None = None


@dataclass(frozen=True)
class Choices:
    """What somebody chose for a file: its sheet and its row of headers, and the place of each column (None: not read).

    Sheets and columns are counted from 0, rows from 1 as spreadsheets show them.
    """

    sheet: int | None = None
    header_row: int | None = None
    columns: dict[str, int | None] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        return {"sheet": self.sheet, "header_row": self.header_row, "columns": self.columns}
