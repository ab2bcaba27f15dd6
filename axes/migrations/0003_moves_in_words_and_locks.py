"""The history says a move in words; a framework in force is locked."""

from django.db import migrations, models


def lock(apps, schema_editor):
    frameworks = apps.get_model("axes", "Framework").objects.using(schema_editor.connection.alias)
    frameworks.filter(status="in_force").update(is_locked=True)


class Migration(migrations.Migration):
    dependencies = [("axes", "0002_when_an_import_began")]

    operations = [
        migrations.AddField(
            model_name="historicalorientation",
            name="moved_from",
            field=models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="place avant"),
        ),
        migrations.AddField(
            model_name="historicalorientation",
            name="moved_to",
            field=models.CharField(blank=True, db_default="", default="", max_length=100, verbose_name="place après"),
        ),
        migrations.RunPython(lock, migrations.RunPython.noop, elidable=True),
    ]
