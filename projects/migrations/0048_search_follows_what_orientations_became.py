"""The search lines of needs and documents are written again when what their orientation became is worded otherwise."""

from django.db import migrations

from projects.migrations import _search_successors


def watch(apps, schema_editor):
    _search_successors.watch(schema_editor.connection)


def watch_less(apps, schema_editor):
    _search_successors.watch_less(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("axes", "0012_each_identifier_taken_has_its_sentence"),
        ("projects", "0047_search_lines_say_their_kind_and_years"),
    ]

    operations = [
        migrations.RunPython(watch, watch_less),
    ]
