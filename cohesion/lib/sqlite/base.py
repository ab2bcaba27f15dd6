"""The database engine of the embedded default: ``cohesion.lib.sqlite`` in the settings.

To add or change a column that may not be empty, Django makes a second table, copies the rows and drops the first one.
SQLite then loses the triggers of that table, and refuses the change while a trigger of another table names it. Here
they step aside for the rebuilding and come back as they were, so that a migration need not know of them.
"""

from typing import Any

from django.db.backends.sqlite3.base import DatabaseWrapper as Wrapper
from django.db.backends.sqlite3.schema import DatabaseSchemaEditor as Editor
from django.db.models import Model


class DatabaseSchemaEditor(Editor):
    """Changes tables and keeps their triggers."""

    def _remake_table(self, model: type[Model], *args: Any, **kwargs: Any) -> None:
        triggers = self._triggers_that_name(model._meta.db_table)
        for name in triggers:
            self.execute(f"DROP TRIGGER {self.quote_name(name)}")
        super()._remake_table(model, *args, **kwargs)  # type: ignore[misc]  # not in Django’s stubs
        for statement in triggers.values():
            self.execute(statement)

    def _triggers_that_name(self, table: str) -> dict[str, str]:
        """What made each trigger of this table, and each one of another table that speaks of it, by its name."""
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND instr(sql, %s)", [table])
            return dict(cursor.fetchall())


class DatabaseWrapper(Wrapper):
    """Django's connection, with the editor above."""

    SchemaEditorClass = DatabaseSchemaEditor
