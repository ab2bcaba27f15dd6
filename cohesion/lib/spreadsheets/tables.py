"""Tables to write, from columns declared once, and what makes their texts harmless."""

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from cohesion.lib.spreadsheets.model import MAX_CELL

Value = str | int | float | datetime.date | None
ABOUT_SHEET = "À propos"  # of a workbook: what its rows are of
MAX_LINES = 1_048_576  # in a sheet, headers included: a spreadsheet opens no more
TOO_LONG = "[La suite ne tient pas dans une feuille : prenez le fichier CSV.]"
TOTAL = "Total"  # the words of a row that is the total of the others: a reader of files leaves it
CUT = " [… la suite ne tient pas dans une cellule : prenez le fichier CSV]"
# What a spreadsheet takes for a formula, even after spaces or our own apostrophe, in ordinary or full width.
_RUNNABLE = re.compile(r"['\s]*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r]")


@dataclass(frozen=True)
class Column:
    """A column: its header, where its value comes from, its width in characters, whether its numbers are euros."""

    header: str
    value: Callable[[Any], Value]
    width: int = 14
    in_euros: bool = False


@dataclass(frozen=True)
class Subject:
    """What every row of a file is of. A CSV repeats it in a column; a workbook says it once, on a sheet of its own,
    by its label and, where the value is a name for machines, in other words."""

    header: str
    value: str
    label: str
    words: str = ""


@dataclass(frozen=True)
class Table:
    """A sheet: its name, its headers, its rows (read once, as they come), the width of its columns in characters.

    ``euros`` are the places, from 0, of the columns whose numbers are amounts. ``total`` is a row for people: it stands
    under the others where a sheet may show that it is none of them, and in no CSV. ``about``: what all its rows are of.
    """

    name: str
    headers: Sequence[str]
    rows: Iterable[Sequence[Value]]
    widths: Sequence[int] = field(default=())
    euros: frozenset[int] = frozenset()
    total: Sequence[Value] = ()
    about: tuple[Subject, ...] = ()

    @classmethod
    def of(
        cls, name: str, columns: Sequence[Column], things: Iterable[Any], total: Mapping[str, Value] | None = None
    ) -> "Table":
        """The table of these things, one a row; ``total`` is by header, and has its words in the first column."""
        values = [column.value for column in columns]

        def row(thing: object) -> list[Value]:
            return [value(thing) for value in values]

        headers = [column.header for column in columns]
        return cls(
            name,
            headers,
            map(row, things),
            [column.width for column in columns],
            frozenset(place for place, column in enumerate(columns) if column.in_euros),
            [TOTAL, *(total.get(header) for header in headers[1:])] if total else (),
        )

    def speaking_of(self, about: Iterable[Subject]) -> "Table":
        return replace(self, about=tuple(about))

    @property
    def about_sheet(self) -> "Table":
        lines = [(subject.label, subject.words or subject.value) for subject in self.about]
        return Table(ABOUT_SHEET, ["De quoi parle ce fichier", ""], lines, [30, 80])


def defuse(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would run it. :func:`undo_defuse` takes it back."""
    if text[:1].isalnum():  # nearly all of them: quicker than the expression
        return text
    return f"'{text}" if _RUNNABLE.match(text) else text


def undo_defuse(text: str) -> str:
    """The text without the apostrophe that :func:`defuse` puts before it."""
    return text[1:] if text.startswith("'") and _RUNNABLE.match(text, 1) else text


def fitting(rows: Iterable[Sequence[Value]]) -> Iterator[Sequence[Value]]:
    """The rows that a sheet has room for under its headers; where more come, its last line says so."""
    coming = iter(rows)
    yield from islice(coming, MAX_LINES - 2)
    last = list(islice(coming, 2))
    yield from last if len(last) < 2 else [[TOO_LONG]]


def cut(text: str) -> str:
    """The text that a cell has room for, in the units of UTF-16; where it is longer, its end says so."""
    if len(text) <= MAX_CELL // 2 or len(text.encode("utf-16-le", "replace")) <= 2 * MAX_CELL:
        return text
    room = 2 * (MAX_CELL - len(CUT))
    return text.encode("utf-16-le", "replace")[:room].decode("utf-16-le", "ignore") + CUT
