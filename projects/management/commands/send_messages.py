"""Send what is to be sent by e-mail; meant for every minute, by cron. Several at once send nothing twice."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cohesion.context import is_demo
from cohesion.lib.text import count_phrase
from projects.messaging import mails, sending


class Command(BaseCommand):
    help = (
        "Envoie les courriels en attente, groupés par personne ; à lancer chaque minute. "
        "Sortie 1 si un courriel n’est pas parti : il repartira au prochain passage."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Dire ce qui partirait, sans rien envoyer.")

    def handle(self, *args: Any, **options: Any) -> None:
        if is_demo():
            self.stdout.write("Démonstration : aucun courriel ne part. Ils se lisent à l’adresse /demo/courriels/.")
            return
        try:
            mails.site_address("/")
            self._show() if options["dry_run"] else self._send(options["verbosity"])
        except (LookupError, sending.ServerAway) as error:
            raise CommandError(f"Aucun courriel n’est parti : {error}") from error

    def _show(self) -> None:
        for messages in sending.due():
            mail = mails.mail_of(messages)
            self.stdout.write(f"{mail.to[0]} : {mail.subject}")

    def _send(self, verbosity: int) -> None:
        outcome = sending.send()
        if outcome.sent and verbosity > 0:
            self.stdout.write(f"{count_phrase(outcome.sent, 'courriel parti', 'courriels partis')}.")
        if outcome.failed:
            failed = count_phrase(outcome.failed, "courriel n’est pas parti", "courriels ne sont pas partis")
            raise CommandError(f"{failed} : la raison est notée sur chaque message.")
