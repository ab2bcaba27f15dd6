"""The import of plain rows: those of one table, each known by its code, read and written by the columns alone.

Each row is checked by the rules of its own model, and saved with its history. For a few hundred rows, as officers have
them; what is brought by the thousand has an importer of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from cohesion.audit import AuditKind, record
from cohesion.imports.applying import NotApplied, clean_name, origin
from cohesion.imports.importer import AGAIN, Importer, Tell, tell_nobody
from cohesion.imports.models import FileImport
from cohesion.imports.plan import Plan
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets import Problem
from cohesion.lib.spreadsheets.headed import Reading, Row
from cohesion.lib.text import number_fr

Job = TypeVar("Job", bound=FileImport)
MOST = 500  # rows: each is asked its own rules, and saved by itself
SHOWN = 80  # characters of a value that a problem names
HISTORY_REASON_LENGTH = 100
NO_REPEAT = "Ce code est déjà à la ligne {} : donnez un autre code à l’une des deux lignes."


@dataclass
class RowPlan(Plan):
    """The differences, and the rows to save: those that others name come first."""

    rows: list[Any] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)  # those that the file has


class RowImporter(Importer[Job, RowPlan]):
    """What a table of plain rows says of itself: its model, and how a row names others.

    ``code`` is the attribute by which a row is known, ``related`` what is read with the rows that are there. What is
    known otherwise says how: :meth:`by_key`, :meth:`blank`, :meth:`code_of`.
    """

    plan = RowPlan
    table: type[Model]
    code = "code"
    related: tuple[str, ...] = ()

    def resolve(self, instance: Any, row: Row, there: dict[Any, Any]) -> None:
        """Give a row what it names of other rows (``there``, by their keys, those of the file among them).

        Raises:
            ValidationError: by attribute, what it names is not there.
        """

    def key(self, instance: Any) -> Any:
        """What a row that is there is known by."""
        return getattr(instance, self.code)

    def blank(self, key: Any) -> Any:
        """A new row of this key."""
        return self.table(**{self.code: key})

    def code_of(self, instance: Any) -> str:
        """What a difference calls a row, before its name."""
        return str(getattr(instance, self.code))

    def check(self, instance: Any) -> None:
        """Ask the rules of a row.

        Raises:
            ValidationError: by attribute, what they refuse.
        """
        instance.full_clean()

    def written(self, instance: Any, fields: list[str]) -> list[str]:
        """The fields to write of a row that changes, where the file has these."""
        return fields

    def in_order(self, rows: list[Any]) -> Iterable[Any]:
        """The rows in the order in which they may be saved."""
        return rows

    def hold(self, reading: Reading) -> None:
        """Lock the rows that the file names, in one order for everybody."""
        codes = {row[self.code] for row in reading.rows if row[self.code]}
        rows = self.table._default_manager.select_for_update().filter(**{f"{self.code}__in": codes})
        list(rows.order_by(self.code).values_list("pk"))

    def compare(self, reading: Reading) -> RowPlan:
        plan = RowPlan(
            problems=list(reading.problems),
            warnings=list(reading.warnings),
            remarks=list(reading.remarks),
            table=reading.table,
            fields=[name for name in (*self.resource.plain, *self.related) if name in reading.places],
        )
        if len(reading.rows) > MOST:
            most = f"Au plus {number_fr(MOST)} lignes à la fois : partagez le fichier."
            plan.problems = [Problem(most), *plan.problems]
            return plan
        present = self.table._default_manager.select_related(*self.related)
        there = {self.key(row): row for row in present}
        rows = self.by_key(plan, reading, there)
        before = {key: self._cells(there[key]) for key in rows if key in there}
        instances = {key: there.get(key) or self.blank(key) for key in rows}
        for key, row in rows.items():
            self._fill(instances[key], row)
        everyone = there | instances
        unresolved = {key: self._resolved(instances[key], row, everyone) for key, row in rows.items()}
        for key, row in rows.items():
            self._settle(plan, reading, instances[key], row, unresolved[key])
        plan.problems.sort(key=reading.in_order)
        if not plan.problems:
            self._tell_differences(plan, rows, instances, before)
        return plan

    def write(
        self, plan: RowPlan, filename: str, *, by: Person | None, reason: str = "", tell: Tell = tell_nobody
    ) -> int:
        """Save the rows of a good plan, with its origin in the history. Returns how many.

        Raises:
            NotApplied: somebody created one of its rows at this very moment.
        """
        signed = origin(filename, reason)[:HISTORY_REASON_LENGTH]
        try:
            with transaction.atomic():
                for row in self.in_order(plan.rows):
                    row._history_user, row._change_reason = by, signed
                    row.save(update_fields=None if row._state.adding else self.written(row, plan.fields))
        except IntegrityError:
            raise NotApplied(
                f"Quelqu’un écrivait les mêmes lignes au même moment : rien n’a été écrit. {AGAIN}"
            ) from None
        if plan.rows:
            after = {"fichier": clean_name(filename), "lignes": len(plan.rows)}
            record(AuditKind.IMPORT, on=str(self.table._meta.verbose_name_plural), by=by, after=after)
        return len(plan.rows)

    # --- one row ----------------------------------------------------------------------------------------------

    def by_key(self, plan: RowPlan, reading: Reading, there: dict[Any, Any]) -> dict[Any, Row]:
        """The rows of a file by what they are known by; what cannot be told of one is a problem of the plan."""
        plan.problems += reading.questions(self.code, there.keys())
        rows: dict[Any, Row] = {}
        for row in reading.rows:
            code = row[self.code]
            if code in rows:
                message = NO_REPEAT.format(rows[code]["row"])
                plan.problems.append(Problem(message, row["row"], reading.places[self.code], code))
            elif code is not None:
                rows[code] = row
        return rows

    def _fill(self, instance: Model, row: Row) -> None:
        """Give a row its plain values, as its model has them; a column that the file lacks leaves what is there."""
        for name in self.resource.plain:
            if name not in row:
                continue
            model_field: Any = self.table._meta.get_field(name)
            value = row[name]
            is_empty = value is None or value == ""
            setattr(instance, name, model_field.get_default() if is_empty else model_field.to_python(value))

    def _resolved(self, instance: object, row: Row, there: dict[Any, Any]) -> ValidationError | None:
        """Give a row what it names; what is wrong with that."""
        try:
            self.resolve(instance, row, there)
        except ValidationError as error:
            return error
        return None

    def _settle(
        self, plan: RowPlan, reading: Reading, instance: object, row: Row, unresolved: ValidationError | None
    ) -> None:
        """Ask the rules of a row; what a cell could not say was told when it was read."""
        unread = {problem.column for problem in reading.problems if problem.row == row["row"]}
        try:
            if unresolved is not None:
                raise unresolved
            self.check(instance)
        except ValidationError as error:
            for name, messages in error.update_error_dict({}).items():
                known_by = self.code if name == NON_FIELD_ERRORS else name
                place = reading.places.get(known_by, "")
                value = str(row.get(known_by) or "")[:SHOWN]
                sentences = [] if place in unread else ValidationError(messages).messages
                plan.problems += [Problem(sentence, row["row"], place, value) for sentence in sentences]

    # --- the differences --------------------------------------------------------------------------------------

    def _cells(self, instance: object) -> dict[str, str]:
        return {name: column.shown(instance) for name, column in self.resource.compared.items()}

    def _tell_differences(
        self, plan: RowPlan, rows: dict[Any, Row], instances: dict[Any, Any], before: dict[Any, dict[str, str]]
    ) -> None:
        for key, row in rows.items():
            instance = instances[key]
            entry = {"row": row["row"], "code": self.code_of(instance), "title": str(instance), "level": ""}
            if key not in before:
                plan.created.append(entry)
                plan.rows.append(instance)
                continue
            after = self._cells(instance)
            fields = [
                {"field": column.header, "old": before[key][name], "new": after[name]}
                for name, column in self.resource.compared.items()
                if before[key][name] != after[name]
            ]
            if fields:
                plan.changed.append(entry | {"fields": fields})
                plan.rows.append(instance)
            else:
                plan.unchanged.append(entry)
