"""Write the whole programme to one file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import Error

from cohesion import backup
from cohesion.audit import AuditKind, record
from cohesion.lib.text import count_phrase


class Command(BaseCommand):
    help = (
        "Sauvegarde la base et toutes les pièces jointes dans un seul fichier, à un même instant, pendant que le site "
        "sert. Sur PostgreSQL, par pg_dump. Sortie 1 si le fichier n’a pas été écrit en entier."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", type=Path, help="Où écrire ; un fichier de ce nom est remplacé.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            manifest = backup.save(path)
        except backup.Unusable as error:
            raise CommandError(str(error)) from error
        except Error as error:
            raise CommandError(f"La base ne répond pas, rien n’a été sauvegardé : {error}") from error
        after = {"version": manifest.software, "manquantes": len(manifest.missing)}
        try:
            record(AuditKind.BACKUP, on=path.name, after=after)
        except Error:  # a database that an older version left is saved all the same
            self.stderr.write("Le journal de cette base n’existe pas encore : la sauvegarde n’y est pas notée.")
        for name in manifest.missing:
            self.stderr.write(f"La pièce {name} n’est plus sur le disque : elle n’est pas dans la sauvegarde.")
        rows = count_phrase(sum(manifest.rows.values()), "ligne")
        pieces = count_phrase(len(manifest.attachments), "pièce jointe", "pièces jointes")
        self.stdout.write(f"✓ {path} : {rows}, {pieces} ({manifest.database}, version {manifest.software}).")
