"""Write the reminders of the day; meant for every morning, by cron. Run twice, it tells nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand

from cohesion.lib.text import count_phrase
from projects.messaging.reminders import remind


class Command(BaseCommand):
    help = (
        "Écrit les rappels du jour : appels qui se closent, compléments et bilans attendus, dossiers en retard. "
        "send_messages les envoie."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        written = remind()
        if options["verbosity"] > 0:
            self.stdout.write(f"{count_phrase(written, 'rappel écrit', 'rappels écrits')}.")
