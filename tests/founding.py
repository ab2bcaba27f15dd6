"""The founding text in the database of a test: loaded once by the product, then put back row by row."""

from dataclasses import dataclass
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.utils import timezone

from axes.founding import load_founding_framework
from axes.models import Framework, Orientation, Outline

WRITTEN = (
    Framework,
    Framework.history.model,
    Orientation,
    Orientation.history.model,
    Orientation.applies_to.through,
    Outline,
)


@dataclass(frozen=True)
class Rows:
    """The rows of a table, as its database takes them; ``moments`` and ``days``: the places of what is dated of the
    writing."""

    table: str
    columns: list[str]
    values: list[tuple[Any, ...]]
    moments: frozenset[int]
    days: frozenset[int]

    @classmethod
    def of(cls, model: type[models.Model]) -> "Rows":
        fields = model._meta.concrete_fields
        written = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
        values = [
            tuple(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True))
            for row in written
        ]
        moments = {place for place, field in enumerate(fields) if isinstance(field, models.DateTimeField)}
        days = {place for place, field in enumerate(fields) if model is Outline and field.name == "day"}
        columns = [field.column for field in fields]
        return cls(model._meta.db_table, columns, values, frozenset(moments), frozenset(days))

    def put_back(self) -> None:
        """The same rows, written now."""
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        today = connection.ops.adapt_datefield_value(timezone.localdate())
        dated = dict.fromkeys(self.moments, now) | dict.fromkeys(self.days, today)
        values = [
            [value if value is None else dated.get(place, value) for place, value in enumerate(row)]
            for row in self.values
        ]
        columns = ", ".join(map(connection.ops.quote_name, self.columns))
        row = f"({', '.join(['%s'] * len(self.columns))})"
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.executemany(f"INSERT INTO {self.table} ({columns}) VALUES {row}", values)
                return
            every = [value for line in values for value in line]
            cursor.execute(f"INSERT INTO {self.table} ({columns}) VALUES {', '.join([row] * len(values))}", every)


_kept: list[Rows] = []


def founding_framework() -> Framework:
    """The framework of the founding text, in force and locked, as :func:`load_founding_framework` makes it.

    Where a framework or what is told of one stands already, or nothing is kept yet, the product itself loads it.
    """
    if any(model._base_manager.exists() for model in WRITTEN):
        return load_founding_framework()
    if not _kept:
        framework = load_founding_framework()
        _kept.extend(map(Rows.of, WRITTEN))
        return framework
    for rows in _kept:
        rows.put_back()
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(WRITTEN)):
            cursor.execute(statement)
    return Framework.objects.get()
