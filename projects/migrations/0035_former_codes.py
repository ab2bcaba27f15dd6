"""The codes that projects had, and a trigger that keeps each one that changes."""

import django.db.models.deletion
from django.db import migrations, models

from projects.migrations import _former_codes

STALE = (
    "INSERT INTO projects_staleentry (source, key) SELECT 'project', id FROM projects_project",
    "INSERT INTO projects_staleentry (source, key) SELECT 'offer', id FROM projects_offer",
)


def create(apps, schema_editor):
    """What the search found was at addresses that bear numbers: it is written again."""
    for statement in (_former_codes.FROM_HISTORY, *STALE):
        schema_editor.execute(statement)
    _former_codes.create(schema_editor)


def drop(apps, schema_editor):
    _former_codes.drop(schema_editor)


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0034_webhooks'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(error_messages={'unique': 'Cet ancien code mène déjà à un projet.'}, max_length=30, unique=True, verbose_name='ancien code')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_codes', to='projects.project', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'Ancien code',
                'verbose_name_plural': 'Anciens codes',
            },
        ),
        migrations.RunPython(create, drop),
    ]
