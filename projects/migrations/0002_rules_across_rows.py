"""Rules that a CHECK cannot state, since they look at another row: held by triggers, with a French sentence."""

from django.db import migrations

from projects.migrations import _triggers


def create(apps, schema_editor):
    _triggers.create(schema_editor, _triggers.ACROSS_ROWS)


def drop(apps, schema_editor):
    _triggers.drop(schema_editor, _triggers.ACROSS_ROWS)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_projects_territories_and_links")]
    operations = [migrations.RunPython(create, drop)]
