"""Lists of another table as one text a row, made by the database."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Subquery, TextField
from django.db.models.sql.compiler import SQLCompiler


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
