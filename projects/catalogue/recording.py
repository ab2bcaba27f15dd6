"""Many rows changed at once, and their history: the database copies each row as it stands, signed and dated.

Django changes many rows by one statement that tries every row for every field: 5 000 projects took 25 seconds. One
prepared statement a row takes one.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connections, router
from django.db.models import Model
from django.utils import timezone
from simple_history.utils import get_history_manager_for_model

from cohesion.lib.people import Person

BATCH = 500
CREATED, CHANGED = "+", "~"


def change(model: type[Model], rows: Sequence[Model], fields: Iterable[str]) -> None:
    """Write these fields of rows that are there."""
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    written: list[Any] = [model._meta.get_field(name) for name in fields]
    key: Any = model._meta.pk
    values = []
    for row in rows:
        values.append([field.get_db_prep_save(getattr(row, field.attname), connection) for field in (*written, key)])
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {quote(model._meta.db_table)} "  # noqa: S608
            f"SET {', '.join(f'{quote(field.column)} = %s' for field in written)} WHERE {quote(key.column)} = %s",
            values,
        )


def record(model: type[Model], keys: Iterable[int], kind: str, *, by: Person | None, reason: str) -> None:
    """Keep in the history how these rows stand now; ``kind`` says whether they were created or changed."""
    historical: Any = get_history_manager_for_model(model).model
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    key: Any = model._meta.pk
    signed = {
        "history_date": connection.ops.adapt_datetimefield_value(timezone.now()),
        "history_type": kind,
        "history_change_reason": reason or None,
        "history_user_id": by.pk if by is not None else None,
    }
    columns = [quote(field.column) for field in historical.tracked_fields]
    into = ", ".join([*columns, *map(quote, signed)])
    remaining = iter(keys)
    with connection.cursor() as cursor:
        while batch := list(islice(remaining, BATCH)):
            cursor.execute(
                f"INSERT INTO {quote(historical._meta.db_table)} ({into}) "  # noqa: S608
                f"SELECT {', '.join(columns)}, %s, %s, %s, %s FROM {quote(model._meta.db_table)} "
                f"WHERE {quote(key.column)} IN ({', '.join(['%s'] * len(batch))})",
                [*signed.values(), *batch],
            )
