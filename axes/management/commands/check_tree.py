"""Verify every invariant of every tree of orientations, and mend what can be."""

import dataclasses
import json
from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from axes import tree
from axes.models import Framework, Orientation
from cohesion.audit import AuditKind, record
from cohesion.lib.text import count_phrase


class Command(BaseCommand):
    help = (
        "Vérifie les arbres d’orientations : niveaux, parents, positions, codes, cellules fusionnées. "
        "Sortie 1 si un défaut reste."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Réparer ce qui peut l’être, puis vérifier encore.")
        parser.add_argument("--json", action="store_true", help="Écrire le résultat en JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        problems = tree.check()
        left, written = problems, 0
        if problems and options["repair"]:
            written = self._repair()
            left = tree.check()
        record(AuditKind.TREE_CHECKED, on="arbres", after={"défauts": len(problems), "restants": len(left)})
        write = self._write_json if options["json"] else self._write
        write(problems, left, written)
        if left:
            raise CommandError(self._verdict(left), returncode=1)

    def _repair(self) -> int:
        try:
            return tree.repair()
        except ValidationError as error:
            raise CommandError(f"Réparation impossible : {' '.join(error.messages)} Rien n’a été modifié.") from error

    def _write(self, problems: list[tree.TreeProblem], left: list[tree.TreeProblem], written: int) -> None:
        for problem in problems:
            self.stdout.write(f"✗ {problem.sentence}")
        if written:
            repairs = count_phrase(written, "écriture de réparation", "écritures de réparation")
            faults = count_phrase(len(problems), "défaut trouvé", "défauts trouvés")
            self.stdout.write(f"{repairs} : {faults}, {count_phrase(len(left), 'restant')}.")
            for problem in left:
                self.stdout.write(f"✗ reste : {problem.sentence}")
        if not left:
            nodes = count_phrase(Orientation.objects.count(), "orientation")
            self.stdout.write(f"✓ {nodes}, {count_phrase(Framework.objects.count(), 'cadre')} : tout est en ordre.")

    def _write_json(self, problems: list[tree.TreeProblem], left: list[tree.TreeProblem], written: int) -> None:
        self.stdout.write(
            json.dumps(
                {
                    "sain": not left,
                    "cadres": Framework.objects.count(),
                    "orientations": Orientation.objects.count(),
                    "defauts": [dataclasses.asdict(problem) for problem in problems],
                    "ecritures": written,
                    "defauts_restants": [dataclasses.asdict(problem) for problem in left],
                },
                ensure_ascii=False,
                indent=1,
            )
        )

    def _verdict(self, left: list[tree.TreeProblem]) -> str:
        advice = (
            "« manage.py check_tree --repair » répare ce qui peut l’être."
            if any(problem.mendable for problem in left)
            else "À corriger à la main."
        )
        return f"{count_phrase(len(left), 'défaut', 'défauts')} dans les arbres. {advice}"
