"""How long a statement waits for whoever is writing: on SQLite, which has one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def impatient(milliseconds: int) -> Iterator[None]:
    """Wait for a writer no longer than so: then the statement is refused (``OperationalError``).

    PostgreSQL locks rows, for as long as a statement: nothing is said to it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1_000)
    _wait_at_most(milliseconds)
    try:
        yield
    finally:
        _wait_at_most(usual)


def _wait_at_most(milliseconds: int) -> None:
    connection.ensure_connection()
    connection.connection.execute(f"PRAGMA busy_timeout = {milliseconds}")
