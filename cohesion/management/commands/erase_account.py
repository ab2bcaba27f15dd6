"""Erase an account at the request of whoever it was, or because they have gone."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from cohesion.accounts.erasing import erase, foreseen, refusal
from cohesion.accounts.finding import account_called


class Command(BaseCommand):
    help = (
        "Efface un compte : ce qu’il a fait reste, sous un numéro. Sans --apply, dit ce qui se passerait et n’écrit "
        "rien."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="L’adresse électronique du compte, ou son identifiant.")
        parser.add_argument("--apply", action="store_true", help="Effacer vraiment.")
        parser.add_argument(
            "--files",
            action="store_true",
            help="Ôter aussi le nom et les adresses des dossiers, des fiches et de leur historique.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = account_called(options["account"])
        if sentence := refusal(user, None):
            raise CommandError(sentence)
        outcome = foreseen(user)
        self.stdout.write(f"Compte n° {user.pk}, {user}")
        for name, number in outcome["done"]:
            self.stdout.write(f"  {name} : {number}, restent sous le numéro du compte")
        fate = "son nom en est ôté" if options["files"] else "son nom y reste (--files l’en ôte)"
        for mention in outcome["mentions"]:
            self.stdout.write(f"  {mention.nature} n° {mention.pk}, {mention.columns} : {fate}")
        for act in outcome["acts"]:
            self.stdout.write(f"  {act.nature} n° {act.pk} ({act.label}) : acte, qui garde le nom qu’il porte")
        if not options["apply"]:
            self.stdout.write("Rien n’est écrit : ajoutez --apply.")
            return
        try:
            gone = erase(user=user, by=None, in_files=options["files"])
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write(f"✓ {gone}.")
