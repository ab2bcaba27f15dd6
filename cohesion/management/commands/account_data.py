"""All that is held about somebody, as JSON, to be handed over to them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from cohesion.accounts.finding import account_called
from cohesion.accounts.held import as_json, held
from cohesion.audit import AuditKind, record


class Command(BaseCommand):
    help = "Écrit en JSON tout ce qui est conservé d’une personne qui a un compte ; sa remise est notée au journal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="L’adresse électronique du compte, ou son identifiant.")

    def handle(self, *args: Any, **options: Any) -> None:
        user = account_called(options["account"])
        text = as_json(user, held(user))
        record(AuditKind.ACCOUNT_READ, on=user)
        self.stdout.write(text, ending="")
