"""Forget what has been kept for long enough."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cohesion.lib.text import count_phrase
from projects.housekeeping import retention


class Command(BaseCommand):
    help = (
        "Dit ce qui dépasse sa durée de conservation (RETENTION_…) ; avec --apply, l’efface ou en ôte les personnes. "
        "Ce qui vient des dossiers est une archive publique : rien n’en part sans --visa, la référence de l’accord du "
        "service d’archives. Les documents émis, les montants, les versements, les nombres et les étapes ne changent "
        "pas. Interrompue, la commande se reprend."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="écrire ; sans cela rien ne change")
        parser.add_argument(
            "--visa", default="", help="référence de l’accord du service d’archives, qui est notée au journal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total = waiting = 0
        visa = options["visa"].strip()
        for rule in retention.rules():
            waits = rule.is_archive and not visa
            is_applied = options["apply"] and not waits
            number = retention.apply(rule, visa) if is_applied else retention.count(rule)
            total += number
            waiting += number if waits else 0
            if number:
                what = " (archive publique : attend --visa)" if waits else ""
                self.stdout.write(f"  {rule.name} : {count_phrase(number, *rule.words)}{what}")
        if not total:
            self.stdout.write("✓ Rien ne dépasse sa durée de conservation.")
        elif not options["apply"]:
            self.stdout.write("Rien n’est écrit : ajoutez --apply.")
        else:
            if waiting:
                self.stdout.write(
                    "Les archives publiques n’ont pas changé : demandez l’accord du service d’archives (Code du "
                    "patrimoine, article L. 212-2), puis donnez sa référence par --visa."
                )
            if total > waiting:
                self.stdout.write("✓ C’est fait, et noté au journal.")
