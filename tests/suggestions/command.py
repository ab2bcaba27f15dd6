"""Measure the proposals of orientations: how often is the right one first, and among the first three?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from axes.models import Framework
from cohesion.lib.text import NBSP
from tests.suggestions import fitting, measuring

COLUMNS = ("cas", "première", "parmi trois", "à un cran", "bon axe", "rien proposé")


class Command(BaseCommand):
    help = (
        "Mesure les propositions d’orientations sur les actions enregistrées et sur des cas écrits ; "
        "--errors montre les erreurs, jamais celles des cas tenus à part."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--errors", action="store_true", help="Montrer ce qui n’est pas parmi les trois premières.")

        parser.add_argument("--fit", action="store_true", help="Retrouver les poids de projects/suggestion/ranking.py.")

    def handle(self, *args: Any, **options: Any) -> None:
        framework = Framework.objects.in_force().first()
        if framework is None:
            raise CommandError("Aucun cadre n’est en vigueur : chargez d’abord un cadre d’orientations.")
        written = [measuring.written(path) for path in measuring.FILES.values()]
        if unknown := measuring.unknown_codes(framework, [case for cases in written for case in cases]):
            raise CommandError(
                f"Les cas écrits visent des orientations que « {framework} » n’a pas ({', '.join(unknown[:5])}) : "
                "la mesure ne vaut que pour le texte fondateur."
            )
        if options["fit"]:
            self.stdout.write(str(fitting.fitted(framework)))
            return
        by_name = {
            name: measuring.outcomes(framework, cases) for name, cases in zip(measuring.FILES, written, strict=True)
        }
        actions = measuring.outcomes(framework, measuring.declared(framework))
        self._say("", *COLUMNS)
        for name, found in (("Actions enregistrées", actions), *by_name.items()):
            self._say_figures(name, measuring.figures(found))
        self._say_trials(framework, dict(zip(measuring.FILES, written, strict=True)))
        for name, found in by_name.items():
            count, share = measuring.narrowed(framework, [one.case for one in found])
            self.stdout.write(
                f"Lien trop haut ({name}) : la bonne orientation est proposée {_percent(share)} ({count} cas)"
            )
        for name, found in by_name.items():
            figures = measuring.figures(found)
            self.stdout.write(f"Hors sujet ({name}) : rien de proposé {figures.silent} fois sur {figures.off_topic}")
        if options["errors"]:
            self._say_errors([*(one for name in measuring.TUNED for one in by_name[name]), *actions])

    def _say_trials(self, framework: Framework, cases: dict[str, list[measuring.Case]]) -> None:
        for trial, words, examples in measuring.trials(framework):
            self.stdout.write(f"\n{trial[:1].upper()}{trial[1:]}")
            for name, some in cases.items():
                found = measuring.figures(measuring.outcomes(framework, some, words, examples))
                self._say_figures(name, found)
                self.stdout.write(f"  Hors sujet : rien de proposé {found.silent} fois sur {found.off_topic}")

    def _say(self, name: str, *cells: str) -> None:
        self.stdout.write(f"{name:<22}" + "".join(f"{cell:>14}" for cell in cells))

    def _say_figures(self, name: str, figures: measuring.Figures) -> None:
        shares = (
            figures.first,
            figures.among_first,
            figures.near_first,
            figures.axis_first,
            figures.none_proposed,
        )
        self._say(name, str(figures.count), *map(_percent, shares))

    def _say_errors(self, found: list[measuring.Outcome]) -> None:
        for one in found:
            if one.is_among_first or not (one.case.expected or one.proposed):
                continue
            wanted = " ou ".join(one.case.expected) or "rien"
            self.stdout.write(f"\n{' / '.join(filter(None, one.case.texts.values()))}\n  attendu : {wanted}")
            for proposed in one.proposed[: measuring.FIRST]:
                words = ", ".join(proposed.matched)
                self.stdout.write(f"  proposé : {proposed.orientation.code} ({words})")


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", f"{NBSP}%")
