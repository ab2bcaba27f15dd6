"""Forget what has been kept for long enough."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cohesion.lib.text import count_phrase
from projects.housekeeping import retention


class Command(BaseCommand):
    help = (
        "Dit ce qui dépasse sa durée de conservation (RETENTION_…) ; avec --apply, l’efface ou en ôte les personnes. "
        "Les montants, les nombres et les étapes ne changent pas. Interrompue, la commande se reprend."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="écrire ; sans cela rien ne change")

    def handle(self, *args: Any, **options: Any) -> None:
        total = 0
        for rule in retention.rules():
            number = retention.apply(rule) if options["apply"] else retention.count(rule)
            total += number
            if number:
                self.stdout.write(f"  {rule.name} : {count_phrase(number, *rule.words)}")
        if not total:
            self.stdout.write("✓ Rien ne dépasse sa durée de conservation.")
        elif not options["apply"]:
            self.stdout.write("Rien n’est écrit : ajoutez --apply.")
        else:
            self.stdout.write("✓ C’est fait, et noté au journal.")
