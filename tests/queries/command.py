"""Measure the search of the whole site: is an answer among the first three?"""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError

from axes.models import Framework
from cohesion.lib.text import fold
from projects.choices import SearchKind
from projects.search import SiteHit, search

CASES = Path(__file__).with_name("cases.csv")
FIRST = 3
NAMES = {
    "tuned": "Réglées",
    "apart": "Tenues à part",
    "blind_tuned": "Nouvelles, réglées",
    "blind_apart": "Nouvelles, à part",
    "second_tuned": "D’une autre main, réglées",
    "second_later": "D’une autre main, réglées ensuite",
}
TUNED = ("tuned", "blind_tuned", "second_tuned", "second_later")  # whose errors may be looked at


class Command(BaseCommand):
    help = "Mesure la recherche sur des textes écrits ; --errors montre ce qui manque, jamais de ceux tenus à part."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--errors", action="store_true", help="Montrer ce qui n’est pas parmi les trois premiers.")

    def handle(self, *args: Any, **options: Any) -> None:
        framework = Framework.objects.in_force().first()
        if framework is None:
            raise CommandError("Aucun cadre n’est en vigueur : préparez d’abord la démonstration.")
        with CASES.open(encoding="utf-8", newline="") as stream:
            cases = list(csv.DictReader(stream, delimiter=";"))
        for name, label in NAMES.items():
            own = [case for case in cases if case["set"] == name]
            missing = [case for case in own if not answers(framework, case)]
            self.stdout.write(f"{label} : {len(own) - len(missing)} sur {len(own)}")
            for case in missing if options["errors"] and name in TUNED else ():
                self.stdout.write(f"  {case['typed']} : {case['expected']}")


def answers(framework: Framework, case: dict[str, str]) -> bool:
    """Whether one of the first hits is expected; where nothing has all the words, those of what was perhaps meant."""
    results = search(case["typed"], AnonymousUser(), framework)
    if results.suggestion and not results.complete:
        results = search(results.suggestion, AnonymousUser(), framework)
    expected = [fold(wanted) for wanted in case["expected"].split("|")]
    return any(_is(hit, wanted) for hit in results.hits[:FIRST] for wanted in expected)


def _is(hit: SiteHit, wanted: str) -> bool:
    """A code names an orientation or what stands under it; other words are those of a title."""
    if wanted[0].isdigit() and hit.kind == SearchKind.ORIENTATION:
        return fold(hit.code).startswith(wanted)
    return wanted == fold(hit.code) or (not wanted[0].isdigit() and wanted in fold(f"{hit.title} {hit.code}"))
