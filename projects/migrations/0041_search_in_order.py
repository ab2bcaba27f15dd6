"""Entries are filed in the order in which a search gives them, and their words keep theirs."""

from django.db import migrations, models

from projects.migrations import _search, _search_places


def create(apps, schema_editor):
    _search_places.create(schema_editor.connection)


def drop(apps, schema_editor):
    _search_places.drop(schema_editor.connection, _search.INDEXED, _search.FILING)


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0040_open_files_made_once"),
    ]

    operations = [
        migrations.AddField(
            model_name='searchentry',
            name='words',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.RunPython(create, drop),
    ]
