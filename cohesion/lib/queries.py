"""What queries are made of, where Django's own words do not suffice."""

from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist
from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Func, Model, QuerySet, Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler

from cohesion.lib.french import folded


class Unindexed(Func):
    """A column for which SQLite is to consult no index: it has no figures of what its indexes are worth.

    PostgreSQL has, and is told nothing.
    """

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)


class InFrench(Func):
    """Names to order by as a French dictionary does: « Évreux » under E, whatever the accents and the ligatures."""

    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s COLLATE french", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template='%(expressions)s COLLATE "fr-x-icu"', **context)


def in_french(model: type[Model], term: object) -> Any:
    """A term of an order, as a French dictionary has it where it is a text of the model that people read."""
    if not isinstance(term, str):
        return term
    try:
        field = model._meta.get_field(term.removeprefix("-"))
    except FieldDoesNotExist:
        return term
    if not isinstance(field, CharField | TextField) or field.choices:
        return term
    ordered = InFrench(field.name)
    return ordered.desc() if term.startswith("-") else ordered.asc()


def teach_french(connection: Any, **kwargs: Any) -> None:
    """Give a new connection to SQLite the order that PostgreSQL has by itself."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation("french", _compare)


def _compare(text: str, other: str) -> int:
    first, second = (folded(text), text), (folded(other), other)
    return (first > second) - (first < second)


def recount_once_written(*models: type[Model]) -> None:
    """After the transaction, let PostgreSQL count again what these tables hold.

    It would in a minute or two by itself. Meanwhile it takes thousands of new rows for one or two, and reads them all
    again for each of the others: a page of a second lasted twenty.
    """
    using = router.db_for_write(models[0])
    if connections[using].vendor == "postgresql":
        transaction.on_commit(partial(_recount, using, models), using=using, robust=True)


def _recount(using: str, models: tuple[type[Model], ...]) -> None:
    connection = connections[using]
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")


class Joined(Subquery):
    """The values of a query of one column, named ``item``, with a bar between them, in no known order.

    Empty or null where there is none.
    """

    template = "(SELECT GROUP_CONCAT(item, '|') FROM (%(subquery)s))"
    output_field = TextField()

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **extra: Any
    ) -> tuple[str, tuple[Any, ...]]:
        template = "ARRAY_TO_STRING(ARRAY(%(subquery)s), '|')"
        return self.as_sql(compiler, connection, template=template, **extra)


def bare(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """All that a ``values_list`` asks, without what Django does to each row: for thousands of numbers and texts.

    Other values (dates, booleans, JSON) come as each database writes them.
    """
    try:
        question = rows.query.sql_with_params()
    except EmptyResultSet:  # nothing can fulfil its conditions: there is no question to ask
        return []
    with connections[rows.db].cursor() as cursor:
        cursor.execute(*question)
        return cursor.fetchall()
