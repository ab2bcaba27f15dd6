"""Databases of their own for tests that start processes, and what they hold afterwards."""

import os
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings

from tests import migrated

POSTGRES = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@contextmanager
def fresh_database(folder: Path) -> Iterator[str]:
    """The address of an empty database of the kind that the suite runs on; gone afterwards."""
    if not POSTGRES:
        yield f"sqlite:///{folder / 'essai.sqlite3'}"
        return
    name = f"essai_{uuid.uuid4().hex[:12]}"
    server = os.environ["DATABASE_URL"]
    with closing(_connect(urlunsplit(urlsplit(server)._replace(path="/postgres")))) as administration:
        administration.cursor().execute(f"CREATE DATABASE {name}")
        try:
            yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
        finally:
            administration.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def migrated_database(folder: Path) -> Iterator[str]:
    """The same, migrated: as a copy of the one that is kept for these sources, where one is."""
    with fresh_database(folder) as address:
        if not migrated.fill(address):
            manage("migrate", address=address, check=True)
        yield address


def _connect(address: str) -> Any:
    """A bare connection, past Django: what a stranger would see."""
    if address.startswith("sqlite"):
        return sqlite3.connect(address.removeprefix("sqlite:///"), isolation_level=None)
    import environ
    import psycopg2

    config = environ.Env.db_url_config(address)
    from urllib.parse import unquote

    connection = psycopg2.connect(
        dbname=config["NAME"],
        host=unquote(config["HOST"] or "") or None,
        port=config["PORT"] or None,
        user=config["USER"] or None,
        password=config["PASSWORD"] or None,
    )
    connection.autocommit = True
    return connection


def execute(address: str, statement: str) -> list[tuple[Any, ...]]:
    """Run one statement past Django and return its rows, if any."""
    with closing(_connect(address)) as connection:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def dump(address: str) -> dict[str, list[str]]:
    """Every row of every table, so that two states can be compared."""
    tables = (
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        if address.startswith("sqlite")
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    return {
        table: sorted(map(repr, execute(address, f'SELECT * FROM "{table}"'))) for (table,) in execute(address, tables)
    }


def manage(*arguments: str, address: str, check: bool = False, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``manage.py`` as a person would: a process of its own, without the suite's settings."""
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR"}}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**kept, "DATABASE_URL": address, **environment},
        capture_output=True,
        text=True,
        check=check,
        timeout=600,  # a whole base is migrated, beside other tests
    )
