"""What is held about somebody without an account, to be handed over to them; or taken out, at their request."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cohesion.accounts.contacts import Contact, erase, held
from cohesion.accounts.held import as_json


class Command(BaseCommand):
    help = (
        "Écrit en JSON tout ce qui est conservé d’une personne sans compte (contact d’une action, représentant d’une "
        "structure). Avec --erase, ôte de partout son nom, son adresse et son numéro."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--first", default="", help="Son prénom.")
        parser.add_argument("--last", default="", help="Son nom.")
        parser.add_argument("--email", default="", help="Son adresse électronique.")
        parser.add_argument("--phone", default="", help="Son numéro de téléphone.")
        parser.add_argument("--erase", action="store_true", help="Effacer, sans retour.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            contact = Contact.typed(*(options[name] for name in ("first", "last", "email", "phone")))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["erase"]:
            self.stdout.write(f"✓ {erase(contact, by=None)} lignes ne nomment plus cette personne.")
        else:
            self.stdout.write(as_json(None, held(contact)), ending="")
