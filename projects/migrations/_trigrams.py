"""On SQLite, the words of projects are found by an index of trigrams (FTS5), which triggers keep true.

It holds no text: ``content`` says where the texts are, and ``rowid`` is the key of the project. A row that is written
alone costs half a millisecond, rows of one statement thirty times less each. Made by 0013, taken away by 0044.
"""

import logging

from django.db import OperationalError, transaction

logger = logging.getLogger(__name__)
TABLE = "projects_project_trigrams"
ADD = f"INSERT INTO {TABLE} (rowid, search_text) VALUES (NEW.id, NEW.search_text);"
TAKE_AWAY = f"INSERT INTO {TABLE} ({TABLE}, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);"
TRIGGERS = {
    "projects_trigrams_insert": f"AFTER INSERT ON projects_project BEGIN {ADD} END",
    "projects_trigrams_update": (
        "AFTER UPDATE OF search_text ON projects_project WHEN OLD.search_text <> NEW.search_text "
        f"BEGIN {TAKE_AWAY} {ADD} END"
    ),
    "projects_trigrams_delete": f"AFTER DELETE ON projects_project BEGIN {TAKE_AWAY} END",
}


def create_table(connection):
    """The index, of all that is there. Raises where this SQLite has no trigrams (before 3.34, or without FTS5)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5("
            "search_text, content='projects_project', content_rowid='id', tokenize='trigram', detail=none, columnsize=0)"
        )
        cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('rebuild')")


def create_triggers(connection):
    """Create them where the index is."""
    drop_triggers(connection)
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = %s", [TABLE])
        if cursor.fetchone():
            for name, does in TRIGGERS.items():
                cursor.execute(f"CREATE TRIGGER {name} {does}")


def drop_triggers(connection):
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in TRIGGERS:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")


def create(schema_editor):
    """A SQLite without trigrams goes on without the index: the search then goes through all projects."""
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic(using=connection.alias):
            create_table(connection)
    except OperationalError as error:
        logger.warning("La recherche de mots parcourt tous les projets : ce SQLite n’a pas de trigrammes (%s).", error)
    create_triggers(connection)


def drop(schema_editor):
    drop_triggers(schema_editor.connection)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")
