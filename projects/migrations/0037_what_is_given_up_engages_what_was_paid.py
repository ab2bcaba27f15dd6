"""An action that was given up engages of its agreement what was paid of it, and a payment that is mended is held too."""

from django.db import migrations

from projects.migrations._engaging import create_engaging, drop_engaging


def create(apps, schema_editor):
    create_engaging(schema_editor)


def drop(apps, schema_editor):
    drop_engaging(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0036_late_report_rule"),
    ]

    operations = [
        migrations.RunPython(create, drop),
    ]
