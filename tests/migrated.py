"""The database that the migrations make, kept for these very sources: the next test database begins as a copy of it.

``python -m tests.migrated`` makes it ahead of a run (on PostgreSQL with ``TEST_DB=postgres``). Whatever changes in the
sources makes another one; a test about migrations runs them all the same.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from django.test.utils import setup_databases, teardown_databases

from tests.postgres import binaries

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".pytest_cache" / "d" / "migrated"
SOURCES = ("axes", "cohesion", "projects")


@cache
def _kept(vendor: str) -> Path:
    """Where the database of these sources and of these packages is kept, or would be."""
    paths = [path for name in SOURCES for path in (ROOT / name).rglob("*.py")]
    digest = hashlib.sha256()
    for path in sorted([*paths, ROOT / "requirements.lock"]):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return FOLDER / f"{vendor}-{digest.hexdigest()[:32]}"


@contextmanager
def _alone(vendor: str) -> Iterator[None]:
    """One worker at a time: the first makes what the others copy."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / f"lock-{vendor}").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def keep_databases(creation: type[BaseDatabaseCreation], put: Callable[[Any, str, Any], None] = setattr) -> None:
    """Have Django's test databases begin as the kept one, and the first of all kept; ``put`` sets an attribute."""
    create, fill = creation.create_test_db, creation._create_test_db

    def create_test_db(self: Any, *arguments: Any, **options: Any) -> str:
        if not _can_keep(self.connection):
            return create(self, *arguments, **options)
        with _alone(self.connection.vendor):
            name = create(self, *arguments, **options)
            if not _kept(self.connection.vendor).exists():
                _keep(self.connection, name)
        return name

    def create_and_fill(self: Any, *arguments: Any, **options: Any) -> str:
        """Django runs afterwards what migrations are missing: none, or all."""
        name = fill(self, *arguments, **options)
        if _can_keep(self.connection) and _kept(self.connection.vendor).exists():
            _put_back(self.connection, name)
        return name

    put(creation, "create_test_db", create_test_db)
    put(creation, "_create_test_db", create_and_fill)


def _can_keep(database: Any) -> bool:
    """A PostgreSQL that is not the suite's own is somebody's choice, and may have no such commands."""
    return database.vendor == "sqlite" or "COHESION_TEST_CLUSTER" in os.environ


def _keep(database: Any, name: str) -> None:
    kept = _kept(database.vendor)
    written = kept.with_name(f"written-{database.vendor}")
    written.unlink(missing_ok=True)
    if database.vendor == "sqlite":
        copy_database(name, written)
    else:
        _run("pg_dump", "--no-owner", f"--file={written}", address=_address(database, name))
    for former in FOLDER.glob(f"{database.vendor}-*"):
        former.unlink()
    written.rename(kept)


def _put_back(database: Any, name: str) -> None:
    if database.vendor == "sqlite":
        copy_database(_kept("sqlite"), name)
    else:
        _read(_address(database, name))


def fill(address: str) -> bool:
    """Put what is kept into the empty database of this address; whether something is."""
    vendor = "sqlite" if address.startswith("sqlite") else "postgresql"
    if not _kept(vendor).exists():
        return False
    if vendor == "sqlite":
        copy_database(_kept(vendor), address.removeprefix("sqlite:///"))
    else:
        _read(address)
    return True


def copy_database(source: Path | str, copy: Path | str) -> None:
    """Make an SQLite database the same as another, whatever it held."""
    with closing(sqlite3.connect(source)) as whole, closing(sqlite3.connect(copy)) as empty:
        whole.backup(empty)


def _address(database: Any, name: str) -> str:
    values = database.settings_dict
    return f"host={values['HOST']} user={values['USER']} dbname={name}"


def _read(address: str) -> None:
    options = ("--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction", f"--file={_kept('postgresql')}")
    _run("psql", *options, address=address)


def _run(command: str, *options: str, address: str) -> None:
    """A command of the server on a database of the run's own cluster."""
    line = [binaries() / command, f"--dbname={address}", *options]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{command} : {done.stderr}")


def main() -> None:
    """Make the database of these sources, unless it is kept already."""
    django.setup()
    keep_databases(type(connection.creation))
    teardown_databases(setup_databases(verbosity=0, interactive=False), verbosity=0)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    main()
