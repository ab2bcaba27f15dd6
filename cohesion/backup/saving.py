"""Making a backup: under a temporary name until it is whole, readable by its owner only."""

import os
import tempfile
from pathlib import Path

from django.db import connection
from django.utils import timezone

from cohesion import __version__
from cohesion.backup import files, postgresql, sqlite
from cohesion.backup.archive import ATTACHMENTS, DATABASE_MEMBERS, Manifest, Unusable, Writer
from cohesion.lib.outages import why

ENGINES = {"sqlite": sqlite, "postgresql": postgresql}


def save(path: Path) -> Manifest:
    """Write the database and every attachment to ``path``, and return what was written.

    Raises:
        Unusable: it cannot be written; a former backup of that name is still there.
    """
    path = path.absolute()
    if path.is_dir() or not path.parent.is_dir():
        raise Unusable(f"Impossible d’écrire {path} : donnez le nom d’un fichier, dans un dossier qui existe.")
    # Beside: the same disk, so that renaming is all or nothing.
    try:
        with tempfile.TemporaryDirectory(prefix=f".{path.name}-", dir=path.parent) as folder:
            draft = Path(folder) / "sauvegarde"
            with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "wb") as file:
                manifest = _written(Writer(file), Path(folder))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
    except OSError as error:
        raise Unusable(f"La sauvegarde n’a pas pu être écrite ({why(error)}) : {path}.") from error
    return manifest


def _written(writer: Writer, folder: Path) -> Manifest:
    try:
        return _write(writer, folder)
    except BaseException:
        writer.abandon()
        raise


def _write(writer: Writer, folder: Path) -> Manifest:
    """The files before and after the database: one that is deleted meanwhile is there, one that is added too."""
    _add_files(writer)
    engine, copy = ENGINES[connection.vendor], folder / "base"
    with engine.snapshot(copy) as state, copy.open("rb") as database:
        writer.add(DATABASE_MEMBERS[connection.vendor], database)
    copy.unlink()
    missing = _add_files(writer)
    manifest = Manifest(
        software=__version__,
        database=connection.vendor,
        at=timezone.now().isoformat(timespec="seconds"),
        migrations=[list(pair) for pair in state.migrations],
        rows=state.rows,
        missing=missing,
    )
    writer.close(manifest)
    return manifest


def _add_files(writer: Writer) -> list[str]:
    """Add the attachments that are not there yet; return those whose bytes are nowhere."""
    storage, missing = files.storage(), []
    for name in files.named():
        member = f"{ATTACHMENTS}{name}"
        if member in writer.members:
            continue
        try:
            source = storage.open(name)
        except FileNotFoundError:
            missing.append(name)
            continue
        with source:
            writer.add(member, source)
    return missing
