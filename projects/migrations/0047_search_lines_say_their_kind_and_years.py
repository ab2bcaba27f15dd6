"""The lines of a search say their kind, their years and the commune of their quarters: all are written again."""

from django.db import migrations

from projects.migrations._search import EVERYTHING, STALE


def write_again(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {STALE} (source, key) {' UNION ALL '.join(EVERYTHING)}")


class Migration(migrations.Migration):

    dependencies = [
        ("projects", "0046_search_lines_say_their_years"),
    ]

    operations = [
        migrations.RunPython(write_again, write_again),
    ]
