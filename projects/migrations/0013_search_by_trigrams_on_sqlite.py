"""On SQLite too, words are found in the texts of projects by an index of trigrams, where it knows them."""

import logging

from django.db import OperationalError, migrations, transaction

from projects.migrations import _trigrams

logger = logging.getLogger(__name__)


def create(apps, schema_editor):
    """A SQLite without trigrams goes on without the index: the search then goes through all projects."""
    connection = schema_editor.connection
    if connection.vendor != "sqlite":
        return
    try:
        with transaction.atomic(using=connection.alias):
            _trigrams.create_table(connection)
    except OperationalError as error:
        logger.warning("La recherche de mots parcourt tous les projets : ce SQLite n’a pas de trigrammes (%s).", error)
    _trigrams.create_triggers(connection)


def drop(apps, schema_editor):
    _trigrams.drop_triggers(schema_editor.connection)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(f"DROP TABLE IF EXISTS {_trigrams.TABLE}")


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_when_an_import_began")]
    operations = [migrations.RunPython(create, drop)]
