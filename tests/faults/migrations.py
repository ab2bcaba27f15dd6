"""Every migration taken back, one at a time, on a database that is full, then applied again; all is compared.

``python -m tests.faults.migrations`` on SQLite, or on PostgreSQL with ``TEST_DB=postgres``: the demonstration goes back
to the first migration of each application and forth again. What every state in between can hold is the same row by row;
each state has the same tables, columns, constraints and triggers on the way back as on the way forth. For each step it
prints how long it takes and which tables it locks against readers. Exits 1 on any difference.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import postgres

OURS = ("cohesion", "axes", "projects")
Key = tuple[str, str]
LOCKED = """SELECT DISTINCT relation::regclass::text FROM pg_locks JOIN pg_class c ON c.oid = relation
    WHERE pid = pg_backend_pid() AND mode = 'AccessExclusiveLock' AND c.relkind = 'r' ORDER BY 1"""


def steps() -> list[Key]:
    """Our migrations that may be taken back, the oldest first: all but the first of each application."""
    from django.db.migrations.loader import MigrationLoader

    graph = MigrationLoader(None).graph
    plan: list[Key] = []
    for leaf in sorted(graph.leaf_nodes()):
        plan += [key for key in graph.forwards_plan(leaf) if key not in plan]
    return [key for key in plan if key[0] in OURS and not key[1].startswith("0001_")]


def before(key: Key) -> Key:
    """The migration of the same application that stands before."""
    from django.db.migrations.loader import MigrationLoader

    parents = [one.key for one in MigrationLoader(None).graph.node_map[key].parents if one.key[0] == key[0]]
    return max(parents)


def migrate(target: Key) -> set[str]:
    """Go to a state; the tables that were locked against their readers on the way (PostgreSQL)."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    locked: set[str] = set()
    there = set(connection.introspection.table_names())
    commit = connection._commit

    def watched() -> None:
        if connection.vendor == "postgresql":
            with connection.connection.cursor() as cursor:
                cursor.execute(LOCKED)
                locked.update(name for (name,) in cursor.fetchall())
        commit()

    connection._commit = watched
    try:
        MigrationExecutor(connection).migrate([target])
    finally:
        del connection._commit
    return locked & there


# --- what is there --------------------------------------------------------------------------------------------


def columns() -> dict[str, frozenset[str]]:
    from django.db import connection

    with connection.cursor() as cursor:
        return {
            table: frozenset(one.name for one in connection.introspection.get_table_description(cursor, table))
            for table in connection.introspection.table_names()
        }


def shape() -> set[str]:
    """Tables, columns, constraints, indexes and triggers, whatever their order."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = {f"déclencheur {name} sur {table}" for name, table in triggers(cursor)}
        if connection.vendor == "sqlite":
            return found | _as_written(cursor)
        for table in connection.introspection.table_names():
            for one in connection.introspection.get_table_description(cursor, table):
                found.add(f"{table}.{one.name} : {one.type_code}, {'nul permis' if one.null_ok else 'non nul'}")
            for one in connection.introspection.get_constraints(cursor, table).values():
                kinds = [kind for kind in ("primary_key", "unique", "index", "check") if one[kind]]
                found.add(f"{table} : {kinds} {sorted(one['columns'] or [])} {one['foreign_key'] or ''}")
    return found


def _as_written(cursor: Any) -> set[str]:
    """SQLite keeps the words that made each table: a line for each column, constraint and index."""
    cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL")
    found = set()
    for table, words in cursor.fetchall():
        inside = words[words.index("(") + 1 : words.rindex(")")] if words.startswith("CREATE TABLE") else words
        found |= {f"{table} : {line.strip()}" for line in re.split(r', (?="|CONSTRAINT)', inside)}
    return found


def triggers(cursor: Any) -> list[tuple[str, str]]:
    from django.db import connection

    query = (
        "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    cursor.execute(query)
    return list(cursor.fetchall())


def read(held: dict[str, frozenset[str]]) -> dict[str, list[dict[str, Any]]]:
    """Every row of these tables, by these columns."""
    from django.db import connection

    found = {}
    with connection.cursor() as cursor:
        for table, names in held.items():
            wanted = sorted(names)
            quoted = ", ".join(connection.ops.quote_name(name) for name in wanted)
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
            found[table] = [dict(zip(wanted, row, strict=True)) for row in cursor.fetchall()]
    return found


# What a migration notes in passing, or what is to be written again after it: more of it is no loss.
NOTED = {"django_migrations", "projects_staleentry"}


def projected(rows: list[dict[str, Any]], names: frozenset[str]) -> list[str]:
    return sorted(repr([row[name] for name in sorted(names)]) for row in rows)


def common(one: dict[str, frozenset[str]], other: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    return {table: one[table] & other[table] for table in one.keys() & other.keys() if table not in NOTED}


# --- back and forth -------------------------------------------------------------------------------------------


def back_and_forth(keys: list[Key], say: Callable[[str], None] = lambda line: None) -> Iterator[str]:
    """Take these migrations back, the newest first, and apply them again; yields each difference."""
    shapes = {}
    held = columns()
    full, first = read(held), shape()
    for key in reversed(keys):
        shapes[key] = shape()
        _step("←", key, before(key), say)
        held = common(held, columns())
    for key in keys:
        _step("→", key, key, say)
        for one in sorted(shapes[key] ^ shape()):
            yield f"{'.'.join(key)}, défaite puis refaite : {one}"
    for one in sorted(first ^ shape()):
        yield f"à la fin : {one}"
    again, number = read(held), 0
    for table, names in held.items():
        if projected(full[table], names) != projected(again[table], names):
            yield f"{table} : {len(full[table])} lignes avant, {len(again[table])} après, ou d’autres valeurs"
        number += len(again[table])
    say(f"  {number} lignes de {len(held)} tables comparées")


def _step(arrow: str, key: Key, target: Key, say: Callable[[str], None]) -> None:
    begun = time.perf_counter()
    locked = migrate(target)
    lasted = (time.perf_counter() - begun) * 1000
    say(f"  {arrow} {'.'.join(key):<66}{lasted:>7.0f} ms  {_said(locked)}".rstrip())


def _said(locked: set[str]) -> str:
    return f"verrouille {', '.join(sorted(locked))}" if locked else ""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


@contextmanager
def filled(address: str) -> Iterator[None]:
    os.environ |= {"DATABASE_URL": address, "MAINTENANCE": "1", "DJANGO_SETTINGS_MODULE": "cohesion.settings"}
    os.environ["LOG_LEVEL"] = "ERROR"
    import django

    django.setup()
    from cohesion import demo

    demo.prepare()
    yield


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as name:
        address = postgres.of_a_command(Path(name))
        with filled(address):
            from axes import tree

            keys = steps()
            sys.stdout.write(f"{address.partition(':')[0]}, {len(keys)} migrations défaites puis refaites\n")
            lost = list(back_and_forth(keys, _say))
            lost += [one.sentence for one in tree.check()]
    lines = [f"✗ {sentence}" for sentence in lost] or ["✓ tout est là, et chaque état est le même dans les deux sens"]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
