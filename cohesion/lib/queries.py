"""What queries are made of, where Django's own words do not suffice."""

from typing import Any

from django.db.models import Func


class Unindexed(Func):
    """A column for which SQLite is to consult no index: it has no figures of what its indexes are worth.

    PostgreSQL has, and is told nothing.
    """

    template = "%(expressions)s"
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="+%(expressions)s", **context)
