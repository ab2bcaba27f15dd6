"""The two ways in which events change: an erased account loses its name in them, those that are too old go."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from cohesion.audit import triggers
from cohesion.audit.recording import record
from cohesion.choices import AuditKind
from cohesion.lib.text import count_phrase
from cohesion.models import AuditEvent


@contextmanager
def names_may_change() -> Iterator[None]:
    """For the transaction that is open, and until the end of the block.

    On PostgreSQL the trigger itself refuses whatever else would change; on SQLite the only writer is this one.
    """
    is_postgresql = connection.vendor == "postgresql"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL cohesion.audit_erasure = 'on'" if is_postgresql else triggers.DROP_UPDATE)
        yield
        cursor.execute("SET LOCAL cohesion.audit_erasure = 'off'" if is_postgresql else triggers.SQLITE["UPDATE"])


def rename(changes: dict[int, dict[str, Any]]) -> None:
    """Write names anew in events: by key, the columns among ``who``, ``label``, ``before`` and ``after``."""
    with names_may_change():
        for pk, values in changes.items():
            QuerySet(AuditEvent).filter(pk=pk).update(**values)  # its own refuses


@transaction.atomic
def purge(before: datetime.datetime) -> int:
    """Delete the events from before a moment; returns how many."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL cohesion.audit_purge = 'on'")
        else:
            cursor.execute(triggers.DROP_DELETE)
    number = AuditEvent._base_manager.filter(at__lt=before)._raw_delete("default")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL cohesion.audit_purge = 'off'")
        else:
            cursor.execute(triggers.SQLITE["DELETE"])
    if number:
        record(AuditKind.PURGE, on=f"{count_phrase(number, 'événement')} d’avant le {before:%d/%m/%Y}")
    return number
