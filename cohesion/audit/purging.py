"""The one way to delete events: those that are too old, in one transaction, which says so in the log."""

import datetime

from django.db import connection, transaction

from cohesion.audit import triggers
from cohesion.audit.recording import record
from cohesion.choices import AuditKind
from cohesion.lib.text import count_phrase
from cohesion.models import AuditEvent


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
