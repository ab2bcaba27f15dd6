"""SQLite in and out, by its online backup: consistent while people write, and all or nothing on the way back."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection, connections

from cohesion.backup.archive import Manifest, Unusable
from cohesion.backup.files import BackupContents, left_out

WAIT = 30  # seconds for those who are writing
PREPARED = "restauration"


@contextmanager
def snapshot(target: Path) -> Iterator[BackupContents]:
    """Copy the database to ``target`` as it is at one instant, without what is left out.

    Raises:
        Unusable: there is no room for the copy.
    """
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            connection.connection.backup(copy)
            for table in left_out():
                if copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
                    copy.execute(f'DELETE FROM "{table}"')
            copy.execute("PRAGMA journal_mode = DELETE")
            copy.execute("VACUUM")  # what was deleted is not in the file either
            state = _state(copy)
    except sqlite3.OperationalError as error:
        raise Unusable(f"La base n’a pas pu être copiée ({_why(error)}).") from error
    yield state


def load(source: Path, manifest: Manifest, *, is_older: bool) -> None:
    """Put ``source`` in the place of the database, once it is verified and migrated; in one transaction.

    Raises:
        Unusable: it is spoilt, or somebody keeps writing; the former database is untouched.
    """
    try:
        with closing(sqlite3.connect(source, isolation_level=None)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",) and _state(copy).is_that_of(manifest)
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise Unusable("La base de cette sauvegarde est abîmée : prenez-en une autre. Rien n’a été modifié.")
    if is_older:
        _migrate(source)
    deadline = time.monotonic() + WAIT

    def wait(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > deadline:
            raise Unusable("Le site écrit encore dans la base : arrêtez-le, puis recommencez. Rien n’a été modifié.")

    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(source)) as prepared:
            prepared.backup(connection.connection, progress=wait)
    except sqlite3.OperationalError as error:
        raise Unusable(f"La base n’a pas pu être remise ({_why(error)}). Rien n’a été modifié.") from error
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")  # as after a migration, in a file that is new


def _why(error: sqlite3.Error) -> str:
    is_full = error.sqlite_errorname.startswith(("SQLITE_FULL", "SQLITE_IOERR"))
    return "il n’y a plus de place sur le disque" if is_full else str(error)


def _migrate(path: Path) -> None:
    """Bring the file beside up to this version, before it takes the place of the other."""
    connections.settings[PREPARED] = connections.settings["default"] | {"NAME": str(path)}
    try:
        call_command("migrate", database=PREPARED, interactive=False, verbosity=0)
    finally:
        connections[PREPARED].close()
        del connections[PREPARED]
        del connections.settings[PREPARED]


def _state(copy: Any) -> BackupContents:
    tables = [
        name
        for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
    ]
    rows = {table: copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}
    applied = copy.execute("SELECT app, name FROM django_migrations") if "django_migrations" in tables else ()
    return BackupContents(rows, sorted({(app, name) for app, name in applied}))
