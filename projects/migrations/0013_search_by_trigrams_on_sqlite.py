"""On SQLite too, words are found in the texts of projects by an index of trigrams, where it knows them."""

from django.db import migrations

from projects.migrations import _trigrams


def create(apps, schema_editor):
    _trigrams.create(schema_editor)


def drop(apps, schema_editor):
    _trigrams.drop(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_when_an_import_began")]
    operations = [migrations.RunPython(create, drop)]
