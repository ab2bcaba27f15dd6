"""Delete what the audit log no longer has to keep."""

import datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from cohesion.audit.forgetting import purge
from cohesion.lib.text import count_phrase


class Command(BaseCommand):
    help = (
        "Efface du journal ce qui est plus vieux que AUDIT_RETENTION_DAYS : rien d’autre ne peut l’effacer. "
        "L’effacement est lui-même noté."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        days = settings.AUDIT_RETENTION_DAYS
        if days < 1:
            raise CommandError("AUDIT_RETENTION_DAYS doit être d’un jour au moins : rien n’a été effacé.")
        number = purge(timezone.now() - datetime.timedelta(days=days))
        self.stdout.write(f"✓ {count_phrase(number, 'événement effacé', 'événements effacés')}.")
