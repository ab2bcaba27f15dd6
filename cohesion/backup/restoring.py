"""Putting a backup back: everything is verified before anything is touched, and the former state is kept beside."""

import hashlib
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from django.core.files.base import File
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from cohesion import database
from cohesion.backup import files
from cohesion.backup.archive import ATTACHMENTS, CHUNK, Manifest, Unusable, opened
from cohesion.backup.saving import ENGINES, save
from cohesion.lib.outages import why


@dataclass(frozen=True)
class Restored:
    """What was put back; ``former`` is the backup of what was there, where there was anything."""

    manifest: Manifest
    former: Path | None
    is_older: bool


def restore(path: Path, *, replace: bool = False) -> Restored:
    """Put the database and the attachments back as ``path`` has them.

    Raises:
        Unusable: the archive is spoilt, foreign or too recent, or the database holds something and ``replace`` is
            not asked; nothing is touched.
    """
    with opened(path) as (archive, manifest):
        is_older = _is_older(manifest)
        former = _make_room(path, replace=replace)
        put: list[str] = []
        try:
            with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.absolute().parent) as folder:
                copy = Path(folder) / "base"
                with archive.open(manifest.database_member) as source, copy.open("wb") as target:
                    shutil.copyfileobj(source, target, CHUNK)
                # Files first: their names are drawn at random, so that they are in nobody's way until a row names them.
                _put_files(archive, manifest, put)
                ENGINES[connection.vendor].load(copy, manifest, is_older=is_older)
        except OSError as error:
            _take_back(put)
            raise Unusable(f"La restauration s’est arrêtée ({why(error)}) : la base est intacte.") from error
        except Unusable:
            _take_back(put)
            raise
    return Restored(manifest, former, is_older)


def _is_older(manifest: Manifest) -> bool:
    """Whether migrations must be applied to it.

    Raises:
        Unusable: it comes from another kind of database, or from a version that knows more than this one.
    """
    if manifest.database != connection.vendor:
        raise Unusable(
            f"Cette sauvegarde est celle d’une base {manifest.database}, et DATABASE_URL désigne une base "
            f"{connection.vendor} : donnez une base de même nature."
        )
    known = set(MigrationLoader(None).disk_migrations or ())
    applied = {(app, name) for app, name in manifest.migrations}
    if unknown := sorted(applied - known):
        raise Unusable(
            f"Cette sauvegarde vient d’une version plus récente du logiciel ({manifest.software}), qui connaît "
            f"« {'.'.join(unknown[0])} » : installez cette version, puis recommencez."
        )
    return bool(known - applied)


def _make_room(path: Path, *, replace: bool) -> Path | None:
    """Keep a backup of what the database holds, where there is anything.

    Raises:
        Unusable: it holds something, and nobody said that it may be replaced; or foreign tables, whatever is said.
    """
    present = set(connection.introspection.table_names())
    if foreign := sorted(present - database.own_tables(present)):
        raise Unusable(
            f"La base contient des tables qui ne sont pas de ce logiciel ({', '.join(foreign[:3])}) : "
            "donnez-en une autre."
        )
    if not (sentence := database.held()):
        return None
    if not replace:
        raise Unusable(
            f"La base n’est pas vide, {sentence} : donnez une base vide, ou ajoutez --replace pour la remplacer "
            "(elle est alors sauvegardée d’abord, à côté)."
        )
    former = path.absolute().with_name(former_name())
    save(former)
    return former


def former_name() -> str:
    """With its distance from UTC: on an autumn night one hour is struck twice."""
    return f"avant-restauration-{timezone.localtime():%Y%m%d-%H%M%S%z}.zip"


def _put_files(archive: zipfile.ZipFile, manifest: Manifest, put: list[str]) -> None:
    """Put the attachments beside those that are there; ``put`` gets the name of each, before its bytes."""
    storage = files.storage()
    for name in manifest.attachments:
        _, digest = manifest.members[f"{ATTACHMENTS}{name}"]
        if storage.exists(name):
            with storage.open(name) as there:
                if _sha256(there) == digest:
                    continue
            storage.delete(name)
        else:
            put.append(name)
        with archive.open(f"{ATTACHMENTS}{name}") as source:
            storage.save(name, File(source, name))


def _take_back(put: list[str]) -> None:
    """No row names them: the former database is there."""
    for name in put:
        files.storage().delete(name)


def _sha256(file: File) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
