"""One table of all that a search finds, under each database's own index of words, and what of it is stale."""

from django.conf import settings
from django.db import migrations, models

from projects.migrations import _search


def create(apps, schema_editor):
    _search.create(schema_editor.connection)


def drop(apps, schema_editor):
    _search.drop(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0011_readings'),
        ('projects', '0028_pending_and_perimeters'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word', models.CharField(editable=False, max_length=60, unique=True, verbose_name='mot')),
                ('spelling', models.CharField(max_length=60, verbose_name='orthographe')),
            ],
            options={
                'verbose_name': 'Mot de la recherche',
                'verbose_name_plural': 'Mots de la recherche',
            },
        ),
        migrations.CreateModel(
            name='StaleEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=12)),
                ('key', models.BigIntegerField()),
            ],
            options={
                'verbose_name': 'Entrée à refaire',
                'verbose_name_plural': 'Entrées à refaire',
            },
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('orientation', 'Orientation'), ('territory', 'Territoire'), ('pst', 'PST ou PRH'), ('project', 'Projet'), ('organization', 'Structure'), ('offer', 'Offre'), ('need', 'Besoin entendu'), ('document', 'Document de référence'), ('page', 'Page du site'), ('file', 'Dossier'), ('person', 'Personne')], max_length=12)),
                ('rank', models.PositiveSmallIntegerField()),
                ('key', models.BigIntegerField()),
                ('length', models.PositiveSmallIntegerField()),
                ('is_public', models.BooleanField(default=False)),
                ('code', models.CharField(blank=True, default='', max_length=40)),
                ('title', models.CharField(max_length=300)),
                ('context', models.CharField(blank=True, default='', max_length=500)),
                ('address', models.CharField(max_length=300)),
                ('tokens', models.TextField(default='')),
            ],
            options={
                'verbose_name': 'Entrée de la recherche',
                'verbose_name_plural': 'Entrées de la recherche',
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='projects_search_entry_once')],
            },
        ),
        migrations.RunPython(create, drop),
    ]
