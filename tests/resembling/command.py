"""Measure who does the same: is the action that another association wrote otherwise among the first three?"""

from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from axes.models import Framework
from projects.catalogue.models import Project
from tests.resembling import measuring

NAMES = {
    "tuning": "Paires de réglage",
    "kept_apart": "Paires tenues à part",
    "blind_tuning": "Nouvelles, de réglage",
    "blind_apart": "Nouvelles, à part",
}


class Command(BaseCommand):
    help = "Mesure « qui fait la même chose » sur des paires écrites ; --errors montre celles de réglage."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--errors", action="store_true", help="Montrer ce qui n’est pas parmi les trois premières.")

    def handle(self, *args: Any, **options: Any) -> None:
        framework = Framework.objects.in_force().first()
        with transaction.atomic():
            self._measure(framework, shows_errors=options["errors"])
            transaction.set_rollback(True)

    def _measure(self, framework: Framework | None, *, shows_errors: bool) -> None:
        pairs = measuring.write_all()
        self.stdout.write(f"Parmi {Project.objects.published().count()} projets :")
        for name, written in pairs.items():
            started = perf_counter()
            found = measuring.measure(framework, written)
            took = (perf_counter() - started) / len(found)
            among = [one for one in found if one.rank and one.rank <= measuring.FIRST]
            first = [one for one in found if one.rank == 1]
            both = [pair for pair in zip(found[::2], found[1::2], strict=True) if all(one in among for one in pair)]
            self.stdout.write(
                f"{NAMES[name]:<22} {len(written)} paires, cherchées dans les deux sens ({len(found)} fois) : "
                f"première {len(first)}, parmi trois {len(among)}, les deux {len(both)} ; {took * 1000:.0f} ms"
            )
            if shows_errors and name.endswith("tuning"):
                self._say_errors(found)

    def _say_errors(self, found: list[measuring.Pair]) -> None:
        for pair in found:
            if pair.rank == 1:
                continue
            self.stdout.write(f"\n{pair.one.title} → {pair.other.title} : {pair.rank}")
            for resemblance in pair.found[:4]:
                self.stdout.write(f"   {resemblance.score:5.1f} {resemblance.project.title} ({resemblance.in_words})")
