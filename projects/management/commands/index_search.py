"""Write again what a search finds, for what has changed since; everything with ``--all``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cohesion.lib.text import count_phrase
from projects.search.refreshing import refresh_all, tell_everything


class Command(BaseCommand):
    help = "Refait les entrées de la recherche qui ont changé ; toutes, avec --all. Par lots, sans arrêter le site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="Refaire toutes les entrées.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            tell_everything()
        number = refresh_all()
        self.stdout.write(f"{count_phrase(number, 'entrée refaite', 'entrées refaites')}.")
