"""What every import command does the same: it reads a file within bounds, refuses in French, answers in JSON."""

import json
from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from cohesion.lib.people import Person
from cohesion.lib.spreadsheets import MAX_BYTES, Problem
from cohesion.lib.text import count_phrase

MAX_PROBLEMS = 200
MAX_LINES = 50


class ImportCommand(BaseCommand):
    """Shows what a file would change; writes only with ``--apply``. Exit 0 when the file is good, 1 when refused."""

    as_json = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help="Le fichier : .csv, .xlsx ou .ods.")
        parser.add_argument("--apply", action="store_true", help="Écrire, au lieu de seulement montrer.")
        parser.add_argument("--json", action="store_true", help="Écrire le rapport en JSON.")
        parser.add_argument("--user", metavar="ADRESSE", help="Le compte au nom de qui l’import est fait.")

    def read_file(self, path: Path) -> bytes:
        """The bytes of a file, as far as the first that is too many: that one is refused by who reads the table."""
        try:
            with path.open("rb") as stream:
                return stream.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return self.refuse(f"Le fichier « {path} » n’existe pas : vérifiez son chemin.")
        except IsADirectoryError:
            return self.refuse(f"« {path} » est un dossier : donnez le chemin d’un fichier.")
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "chemin impossible"
            return self.refuse(f"Le fichier « {path} » ne peut être lu ({reason}).")

    def account(self, address: str | None) -> Person | None:
        """The account in whose name the file is brought; None where no address is given."""
        if not address:
            return None
        user = get_user_model().objects.filter(email__iexact=address).first()
        return user or self.refuse(f"Aucun compte n’a l’adresse « {address} ».")

    def say_problems(self, problems: list[Problem], warnings: Iterable[str]) -> None:
        for problem in problems[:MAX_PROBLEMS]:
            shown = f" Trouvé : « {problem.value} »." if problem.value else ""
            self.stdout.write(f"✗ {problem}{shown}")
        if len(problems) > MAX_PROBLEMS:
            self.stdout.write(f"… et {count_phrase(len(problems) - MAX_PROBLEMS, 'erreur')} de plus.")
        for warning in warnings:
            self.stdout.write(f"! {warning}")

    def say_entries(self, heading: str, lines: list[str]) -> None:
        """The first lines of a kind of difference, under their number; nothing where there is none."""
        if lines:
            self.stdout.write(f"{heading} : {len(lines)}")
        for line in lines[:MAX_LINES]:
            self.stdout.write(f"  {line}")
        if len(lines) > MAX_LINES:
            self.stdout.write(f"  … et {len(lines) - MAX_LINES} de plus")

    def write_json(self, report: dict[str, Any]) -> None:
        """The report that a program reads, alone on the standard output."""
        self.stdout.write(json.dumps(report, ensure_ascii=False, indent=1))

    def refuse(self, message: str) -> NoReturn:
        """Refuse with one sentence, where there is no plan to report; in JSON too, where that is asked for."""
        if self.as_json:
            error = {"row": None, "column": "", "value": "", "message": message}
            self.write_json({"accepted": False, "applied": False, "errors": [error], "errors_total": 1})
        self.fail("" if self.as_json else message)

    def refuse_file(self, problems: list[Problem]) -> NoReturn:
        """Refuse a file whose problems are told already."""
        number = count_phrase(len(problems), "erreur")
        self.fail("" if self.as_json else f"Fichier refusé : {number}. Rien n’a été écrit.")

    def fail(self, message: str) -> NoReturn:
        """End with exit code 1, and this sentence."""
        raise CommandError(message or "Fichier refusé.", returncode=1)

    @staticmethod
    def changed_fields(entry: dict[str, Any]) -> str:
        """The line of something changed: each field with its value before and after."""
        return "; ".join(f"{f['field']} : « {f['old']} » → « {f['new']} »" for f in entry["fields"])


def verdict(writes: bool, written: int | None, singular: str, plural: str) -> str:
    """The last line: what was done, or what would be."""
    if not writes:
        return "✓ Le fichier est bon : il ne change rien."
    if written is None:
        return "✓ Le fichier est bon. Rien n’est écrit : ajoutez --apply pour l’appliquer."
    return f"✓ Le fichier est appliqué : {count_phrase(written, singular, plural)}."
