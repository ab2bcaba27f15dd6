"""The lines of projects and offers follow their dates, and those of projects for whom they are."""

from django.db import migrations

from projects.migrations import _search_years


def watch(apps, schema_editor):
    _search_years.watch(schema_editor.connection)


def watch_less(apps, schema_editor):
    _search_years.watch_less(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0045_budget_by_year"),
    ]

    operations = [
        migrations.RunPython(watch, watch_less),
    ]
