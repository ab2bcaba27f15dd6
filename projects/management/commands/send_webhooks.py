"""Tell other programs what has changed; meant for every minute, by cron. Several at once tell nothing twice."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cohesion.context import is_demo
from cohesion.lib.text import count_phrase
from projects.webhooks import sending


class Command(BaseCommand):
    help = (
        "Envoie aux adresses avisées ce qui a changé ; à lancer chaque minute. Sortie 1 si un avis est abandonné : "
        "le journal des avis dit pourquoi."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if is_demo():
            self.stdout.write("Démonstration : rien ne part.")
            return
        sent = sending.send()
        if sent.received and options["verbosity"] > 0:
            self.stdout.write(f"{count_phrase(sent.received, 'avis reçu', 'avis reçus')}.")
        if sent.failed and options["verbosity"] > 0:
            self.stdout.write(f"{count_phrase(sent.failed, 'avis à réessayer', 'avis à réessayer')}.")
        if sent.given_up:
            raise CommandError(f"{count_phrase(sent.given_up, 'avis abandonné', 'avis abandonnés')}.")
