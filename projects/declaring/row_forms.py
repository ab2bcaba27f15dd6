"""A page with rows: partners, funders, indicators, other orientations; one adds, fills in and takes away."""

from copy import copy
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from cohesion.lib.glossary import GlossaryEntry, explained
from cohesion.lib.text import small_initial
from projects.declaring.answers import is_blank
from projects.declaring.contradictions import Correction
from projects.declaring.forms import PageForm

BLANK = "__rank__"  # the rank of the row that a script copies


@dataclass(frozen=True)
class Row:
    """A row as it is drawn: its rank in the names of its fields, its number as people count."""

    rank: int | str
    number: int | str
    fields: list[forms.BoundField]


class RowsForm(PageForm):
    """A page that also has rows: those that are filled in, at least ``FEWEST``, up to ``MOST``; more when asked.

    A row is a group of fields named ``<name>-<rank>``, such as those that ``row_fields`` makes. A row that is emptied
    is shown no more; the others keep their ranks, which two people may be typing in.
    """

    FEWEST: ClassVar[int] = 1
    MOST: ClassVar[int] = 20
    ROW: ClassVar[str] = "ligne"  # what one row is, for its legend
    ADD: ClassVar[str] = "Ajouter une ligne"
    # The fields that a row begun must have, by their bare names; a sentence has a place for the number of the row.
    ROW_NEEDED: ClassVar[dict[str, str]] = {}
    ROW_EXPLAINED: ClassVar[tuple[str, ...]] = ()

    def row_fields(self, rank: int | str) -> dict[str, forms.Field]:
        """The fields of a row by their bare names."""
        raise NotImplementedError

    def build(self) -> None:
        self.row_names = list(self.row_fields(0))
        there, filled = set(range(self.FEWEST)), set()
        for key, value in self.typed.items():
            name, _, number = key.rpartition("-")
            if name in self.row_names and number.isdecimal() and len(number) < 4 and int(number) < self.MOST:
                there.add(int(number))
                filled |= set() if is_blank(value) else {int(number)}
        for rank in sorted(there):
            self._add_fields(rank)
        self.ranks = sorted(filled)
        while len(self.ranks) < self.FEWEST:
            self.add_row()

    def _add_fields(self, rank: int | str) -> None:
        for name, field in self.row_fields(rank).items():
            self.fields[f"{name}-{rank}"] = field

    def add_row(self) -> None:
        """One more row to fill in, after the others where there is room."""
        last = max(self.ranks, default=-1)
        free = [rank for rank in range(self.MOST) if rank not in self.ranks]
        if not free:
            return
        rank = next((rank for rank in free if rank > last), free[0])
        self._add_fields(rank)
        self.ranks = sorted([*self.ranks, rank])

    def begin_row(self) -> None:
        """One more row, where one goes on typing."""
        before = set(self.ranks)
        self.add_row()
        for rank in set(self.ranks) - before:
            self.fields[f"{self.row_names[0]}-{rank}"].widget.attrs["autofocus"] = True

    @property
    def next_field(self) -> str:
        """Where the page comes back without a script, once a row was asked for: its first field."""
        return f"id_{self.row_names[0]}-{max(self.ranks, default=-1) + 1}"

    @property
    def may_add(self) -> bool:
        return len(self.ranks) < self.MOST

    @property
    def plain(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if not self._row_of(name)]

    def _row_of(self, name: str) -> tuple[str, str] | None:
        """The bare name and the rank of a field of a row."""
        bare, _, rank = name.rpartition("-")
        return (bare, rank) if bare in self.row_names else None

    def names_of(self, rank: int) -> list[str]:
        """The fields of a row."""
        return [f"{name}-{rank}" for name in self.row_names]

    @property
    def row_words(self) -> list[GlossaryEntry]:
        """What is said once, above the rows, of the words in them."""
        return explained(self.ROW_EXPLAINED)

    def number_of(self, rank: int) -> int:
        """The number of a row as the page shows it."""
        return self.ranks.index(rank) + 1 if rank in self.ranks else rank + 1

    def full_label(self, name: str) -> str:
        row, label = self._row_of(name), super().full_label(name)
        return f"{self.ROW} {self.number_of(int(row[1]))}, {small_initial(label)}" if row else label

    def needed(self) -> dict[str, str]:
        return self.NEEDED | {
            f"{name}-{rank}": sentence.format(self.number_of(rank))
            for rank, _ in self.filled_rows()
            for name, sentence in self.ROW_NEEDED.items()
        }

    def is_optional(self, name: str) -> bool:
        row = self._row_of(name)
        return super().is_optional(name) and not (row and row[0] in self.ROW_NEEDED)

    @property
    def doubts(self) -> list[Correction]:
        """Also the rows that were begun and not finished."""
        return [*self.contradictions, *(correction for correction in self.missing if self._begun(correction.field))]

    def _begun(self, name: str) -> bool:
        row = self._row_of(name)
        return row is not None and any(not is_blank(self.typed.get(f"{bare}-{row[1]}")) for bare in self.row_names)

    # --- the rows -------------------------------------------------------------------------------------------

    @property
    def rows(self) -> list[Row]:
        """Each row as the template draws it."""
        return [Row(rank, number, self._bound(rank)) for number, rank in enumerate(self.ranks, 1)]

    @property
    def blank_row(self) -> Row:
        """The row that a script copies: of a form apart, so that its fields are none of the page."""
        apart = copy(self)
        apart.fields, apart._bound_fields_cache = dict(self.fields), {}  # type: ignore[attr-defined]
        apart._add_fields(BLANK)
        return Row(BLANK, "", apart._bound(BLANK))

    def _bound(self, rank: int | str) -> list[forms.BoundField]:
        return [self[f"{name}-{rank}"] for name in self.row_names]

    def filled_rows(self) -> list[tuple[int, dict[str, Any]]]:
        """The rows where something was answered: their rank, and their values by bare name."""
        rows = []
        for rank in self.ranks:
            typed = [self.typed.get(f"{name}-{rank}") for name in self.row_names]
            if not all(is_blank(answer) for answer in typed):
                rows.append((rank, {name: self.answer(f"{name}-{rank}") for name in self.row_names}))
        return rows
