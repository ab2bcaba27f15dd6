"""How fast the site is, in ratios that anybody can measure again."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from cohesion.lib.text import NBSP, number_fr
from tests.benchmark import (
    adopting,
    amounts,
    branches,
    exporting,
    finding,
    importing,
    kept,
    pages,
    resembling,
    rollup,
    searching,
)
from tests.benchmark.filling import own_database
from tests.benchmark.measuring import Figure, Size

MEASURES = {
    measure.NAME: measure
    for measure in (
        *(rollup, amounts, branches, searching, finding, resembling, exporting, pages, kept, importing, adopting),
    )
}


class Command(BaseCommand):
    help = (
        "Remplit une base temporaire, à côté de celle de DATABASE_URL qui n’est ni lue ni modifiée, et affiche "
        "chaque durée à côté de son plancher mesuré au même moment."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--nodes", type=int, default=10_000, help="Orientations du cadre (10 000 par défaut).")
        parser.add_argument("--links", type=int, default=100_000, help="Rattachements (100 000 par défaut).")
        parser.add_argument("--projects", type=int, default=50_000, help="Projets (50 000 par défaut).")
        parser.add_argument(
            "--only", choices=MEASURES, metavar="NOM", help=f"Une seule mesure : {', '.join(MEASURES)}."
        )
        parser.add_argument("--json", action="store_true", help="Répondre en JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(options["nodes"], options["links"], options["projects"])
        if min(size.nodes, size.links, size.projects) < 1:
            raise CommandError("Donnez au moins une orientation, un rattachement et un projet.")
        names = [options["only"]] if options["only"] else list(MEASURES)
        report: dict[str, list[dict[str, Any]]] = {}
        try:
            with own_database():
                for name in names:
                    report[name] = self._measure(name, size, quiet=options["json"])
        except DatabaseError as error:
            raise CommandError(
                f"La base temporaire n’a pas pu servir : {error} Sur PostgreSQL, le compte doit avoir le droit "
                "de créer une base (CREATEDB)."
            ) from error
        if options["json"]:
            said = {"base": connection.vendor, "taille": asdict(size), "mesures": report}
            self.stdout.write(json.dumps(said, ensure_ascii=False, indent=2))

    def _measure(self, name: str, size: Size, *, quiet: bool) -> list[dict[str, Any]]:
        measure = MEASURES[name]
        if not quiet:
            self.stdout.write(f"\n{measure.TITLE} ({connection.vendor})")
        found = []
        for figure in measure.measure(size):
            found.append(asdict(figure) | {"ratio": figure.ratio})
            if not quiet:
                self.stdout.write(_line(figure))
                self.stdout.flush()
        return found


def _line(figure: Figure) -> str:
    more = "".join(f" ; {name} {_value(value)}" for name, value in figure.more.items())
    return (
        f"  {figure.case}{NBSP}: {_milliseconds(figure.took)}, × {_two(figure.ratio)} "
        f"({figure.floor_name}{NBSP}: {_milliseconds(figure.floor)}){more}"
    )


def _value(value: object) -> str:
    return number_fr(value) if isinstance(value, int) else str(value).replace(".", ",")


def _milliseconds(number: float) -> str:
    return f"{_two(number)}{NBSP}ms"


def _two(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")
