"""On PostgreSQL, words are found in the texts of projects by an index of trigrams, where the extension may be had."""

import logging

from django.db import Error, migrations, transaction

logger = logging.getLogger(__name__)

INDEX = "projects_project_search_trigrams"


def create(apps, schema_editor):
    """A role that may not create extensions, or a server without this one, goes on without the index."""
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(f"CREATE INDEX {INDEX} ON projects_project USING gin (search_text gin_trgm_ops)")
    except Error as error:
        logger.warning(
            "L’extension pg_trgm n’a pas pu être créée (%s) : la recherche de mots parcourt tous les projets. Pour "
            "l’accélérer, un administrateur de la base exécute CREATE EXTENSION pg_trgm, puis CREATE INDEX %s ON "
            "projects_project USING gin (search_text gin_trgm_ops).",
            str(error).splitlines()[0],
            INDEX,
        )


def drop(apps, schema_editor):
    """The extension stays: it may serve others."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {INDEX}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0005_dates_hold_across_rows")]
    operations = [migrations.RunPython(create, drop)]
