"""PostgreSQL in and out, by its own tools (pg_dump, pg_restore, psql), each in one transaction."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import connection, connections

from cohesion import database
from cohesion.backup.archive import Manifest, Unusable
from cohesion.backup.files import BackupContents, left_out

WAIT = 20  # seconds for those who are working in the tables
NO_ROOM = "No space left on device"


@contextmanager
def snapshot(target: Path) -> Iterator[BackupContents]:
    """Dump the database to ``target``, and count it in the very same snapshot.

    Raises:
        Unusable: pg_dump is not there, or fails.
    """
    own = connections.create_connection("default")
    try:
        with own.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            shared = cursor.fetchone()[0]
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
            tables = [name for (name,) in cursor.fetchall()]
            rows = {}
            for table in tables:
                cursor.execute(f"SELECT count(*) FROM {own.ops.quote_name(table)}")
                rows[table] = 0 if table in left_out() else cursor.fetchone()[0]
            migrations = []
            if "django_migrations" in tables:
                cursor.execute("SELECT DISTINCT app, name FROM django_migrations")
                migrations = sorted(cursor.fetchall())
            options = ["--no-owner", "--no-privileges", "--no-comments", f"--snapshot={shared}"]
            without = [f"--exclude-table-data={table}" for table in left_out()]
            _run("pg_dump", "--format=custom", *options, *without, f"--file={target}", _name())
    finally:
        own.close()
    yield BackupContents(rows, migrations)


def load(source: Path, manifest: Manifest, *, is_older: bool) -> None:
    """Drop what is there, load the dump, count it: all in one transaction, which any failure undoes.

    Raises:
        Unusable: somebody keeps working, or the dump does not load; the former database is untouched.
    """
    script = source.with_suffix(".sql")
    plain = source.with_suffix(".plain")
    _run("pg_restore", "--no-owner", "--no-privileges", "--no-comments", f"--file={plain}", str(source))
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
    with script.open("wb") as written, plain.open("rb") as read:
        opening = [f"SET lock_timeout = '{WAIT}s'", "SET statement_timeout = 0", *database.drop_statements()]
        written.write("".join(f"{statement};\n" for statement in opening).encode())
        shutil.copyfileobj(read, written)
        written.write(_counting(schema, manifest).encode())
    plain.unlink()
    connection.close()  # it must not be among those for whom the script waits
    _run("psql", "-X", "-q", "--single-transaction", "-v", "ON_ERROR_STOP=1", f"--file={script}", _name())
    if is_older:
        call_command("migrate", interactive=False, verbosity=0)


def _counting(schema: str, manifest: Manifest) -> str:
    """Statements that fail unless each table has the rows that the manifest says."""
    checks = "\n".join(
        f"IF (SELECT count(*) FROM {connection.ops.quote_name(schema)}.{table}) <> {rows} THEN "
        f"RAISE EXCEPTION 'table {table} : {rows} lignes attendues'; END IF;"
        for table, rows in manifest.rows.items()
    )
    return f"\nDO $verification$ BEGIN\n{checks}\nEND $verification$;\n"


def _name() -> str:
    return f"--dbname={connection.settings_dict['NAME']}"


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's tools on the site's database; the password goes by the environment, seen by nobody."""
    path = shutil.which(program)
    if path is None:
        raise Unusable(f"L’outil {program} de PostgreSQL n’est pas installé ici : installez « postgresql-client ».")
    config = connection.settings_dict
    variables = {
        "PGHOST": config.get("HOST"),
        "PGPORT": config.get("PORT"),
        "PGUSER": config.get("USER"),
        "PGPASSWORD": config.get("PASSWORD"),
        "PGSSLMODE": config.get("OPTIONS", {}).get("sslmode"),
        "PGCONNECT_TIMEOUT": config.get("OPTIONS", {}).get("connect_timeout"),
    }
    environment = {**os.environ, "LC_ALL": "C", **{name: str(value) for name, value in variables.items() if value}}
    answer = subprocess.run([path, *arguments], env=environment, capture_output=True, text=True, check=False)
    if answer.returncode:
        if NO_ROOM in answer.stderr:
            raise Unusable(f"{program} a échoué : il n’y a plus de place sur le disque. Rien n’a été modifié.")
        errors = (line for line in answer.stderr.splitlines() if "error" in line.lower())
        reason = next(errors, answer.stderr)
        raise Unusable(f"{program} a échoué : {reason.strip()} Rien n’a été modifié.")
