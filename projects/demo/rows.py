"""Rows of the demonstration that no door of the product writes for the past: checked one by one, written together."""

import datetime
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from projects.catalogue.models import PeopleCount
from projects.catalogue.recording import change

Row = TypeVar("Row", bound=Model)
COUNTS = tuple(field.name for field in PeopleCount._meta.get_fields())
HOUR = datetime.time(10)


def write(model: type[Row], rows: Sequence[Row]) -> list[Row]:
    """Write rows of a model. What they hang on is there: it is not asked for again.

    Raises:
        ValidationError: a row breaks a rule of its model; nothing is written.
    """
    links = [field.name for field in model._meta.concrete_fields if field.is_relation]
    for row in rows:
        row.full_clean(exclude=links, validate_unique=False, validate_constraints=False)  # the database does
    return model._default_manager.bulk_create(rows)  # not the tree


def write_at(model: type[Row], dated: Sequence[tuple[Row, datetime.date]]) -> list[Row]:
    """Write rows that say when they were written, each at its day."""
    rows = write(model, [row for row, _ in dated])
    for row, (_, day) in zip(rows, dated, strict=True):
        dateable: Any = row
        dateable.at = moment(day)
    change(model, rows, ["at"])
    return rows


def moment(day: datetime.date) -> datetime.datetime:
    """A day of the past, at the hour at which everything is done there."""
    return datetime.datetime.combine(day, HOUR, timezone.get_current_timezone())


def counts(row: dict[str, str]) -> dict[str, int | None]:
    """The people that a row counts, by class; an empty cell is not counted."""
    return {name: int(row[name]) if row[name] else None for name in COUNTS}
