"""``python -m tests.reading [--wrong]``: how well documents are read, form by form."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from tests.reading import rates


class Command(BaseCommand):
    help = "Print the share of right levels and parents, and how many of the wrong ones are marked doubtful."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--wrong", action="store_true", help="name each node that is read wrong")

    def handle(self, *args: Any, wrong: bool = False, **options: Any) -> None:
        groups = {
            "Le même document, en d’autres formes": rates.same_document(),
            "D’autres documents": rates.unseen(aside=False),
            "Jamais vus (rien n’a été réglé sur eux)": rates.unseen(aside=True),
        }
        for title, group in groups.items():
            heads = f"{'niveaux justes':>16} {'parents justes':>18} {'faux marqués':>14} {'douteux':>9}"
            self.stdout.write(f"\n{title:<44}{heads}")
            for rate in (*group, rates.together("ensemble", group)):
                self.stdout.write(f"  {rate.line()}")
                for text in rate.wrong_texts if wrong else ():
                    self.stdout.write(f"      {text}")
