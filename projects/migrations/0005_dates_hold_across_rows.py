"""The dates of a project go with its territories', whichever changes: held by triggers, with a French sentence."""

from django.db import migrations

from projects.migrations._triggers import ACROSS_ROWS, DATES, create, drop


def forwards(apps, schema_editor):
    create(schema_editor, ACROSS_ROWS | DATES)


def backwards(apps, schema_editor):
    drop(schema_editor, DATES)


class Migration(migrations.Migration):
    dependencies = [("projects", "0004_history_of_what_hangs_on_projects")]
    operations = [migrations.RunPython(forwards, backwards)]
