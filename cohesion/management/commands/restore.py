"""Put the whole programme back, from a file that ``backup`` wrote."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from cohesion import backup
from cohesion.audit import AuditKind, record
from cohesion.lib.text import count_phrase


class Command(BaseCommand):
    help = (
        "Vérifie une sauvegarde, puis remet la base et les pièces jointes comme elle les a. Une base qui contient "
        "quelque chose n’est remplacée qu’avec --replace, et est d’abord sauvegardée à côté."
    )
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", type=Path, help="Ce que « backup » a écrit.")
        parser.add_argument("--replace", action="store_true", help="Remplacer une base qui contient quelque chose.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            done = backup.restore(path, replace=options["replace"])
        except backup.Unusable as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(f"La base ne répond pas, ou refuse cette sauvegarde : {error}") from error
        record(AuditKind.RESTORE, on=path.name, after={"faite le": done.manifest.at, "version": done.manifest.software})
        if done.former:
            self.stdout.write(f"Ce qui était là est dans {done.former}.")
        rows = count_phrase(sum(done.manifest.rows.values()), "ligne")
        pieces = count_phrase(len(done.manifest.attachments), "pièce jointe", "pièces jointes")
        self.stdout.write(f"✓ {path}, sauvegarde du {done.manifest.at} : {rows}, {pieces}.")
        if done.is_older:
            self.stdout.write("✓ Elle était d’une version plus ancienne : ses migrations sont appliquées.")
        for name in done.manifest.missing:
            self.stderr.write(f"La pièce {name} manquait déjà à la sauvegarde.")
        call_command("check_tree", stdout=self.stdout, stderr=self.stderr)
