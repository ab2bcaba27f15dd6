"""Failures of the database as its driver raises them, at the moment that a test chooses."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg2
from django.db import DatabaseError, DataError, InternalError, OperationalError, connection
from psycopg2 import errors


def postgresql(code: str) -> Exception:
    """The driver's exception for one of PostgreSQL's codes."""
    kind = errors.lookup(code)
    return type(kind.__name__, (kind,), {"pgcode": code})(f"code {code}")


def sqlite(name: str, message: str) -> Exception:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorname = name
    return error


def as_django_says(cause: Exception) -> Exception:
    """The exception that the views see: Django's own, caused by the driver's."""
    kinds = {
        psycopg2.InternalError: InternalError,
        psycopg2.DataError: DataError,
        psycopg2.OperationalError: OperationalError,
        sqlite3.OperationalError: OperationalError,
        psycopg2.DatabaseError: DatabaseError,
    }
    kind = next(ours for theirs, ours in kinds.items() if isinstance(cause, theirs))
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@contextmanager
def failing(cause: Exception, *, at: str = "") -> Iterator[None]:
    """Each statement that begins with ``at`` fails; without it, all do."""

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(at.upper()):
            raise as_django_says(cause)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(fail):
        yield


@contextmanager
def failing_commit(monkeypatch: Any, cause: Exception) -> Iterator[None]:
    """Every statement succeeds, and COMMIT does not: nothing is kept."""

    def commit() -> None:
        connection.connection.rollback()
        raise as_django_says(cause)

    with monkeypatch.context() as patch:
        patch.setattr(connection, "_commit", commit)
        yield
