"""Longer titles and summaries, a description, several leads, and codes in the order in which people count."""

import cohesion.lib.natural
import cohesion.lib.text
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from cohesion.lib.natural import natural_key


def write_keys(apps, schema_editor):
    """The key of each code that is there."""
    codes = apps.get_model("projects", "Project").objects.using(schema_editor.connection.alias).values_list("code", "pk")
    with schema_editor.connection.cursor() as cursor:
        keys = [(natural_key(code), pk) for code, pk in codes]
        cursor.executemany("UPDATE projects_project SET code_key = %s WHERE id = %s", keys)


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0005_context_and_description'),
        ('projects', '0016_links_of_each_framework'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalCoLead',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
            ],
            options={
                'verbose_name': 'historical Structure associée au portage',
                'verbose_name_plural': 'historical Structures associées au portage',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AlterModelOptions(
            name='project',
            options={'ordering': ['code_key', 'code'], 'verbose_name': 'Projet', 'verbose_name_plural': 'Projets'},
        ),
        migrations.AddField(
            model_name='historicalproject',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Publique. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AddField(
            model_name='project',
            name='code_key',
            field=cohesion.lib.natural.NaturalKeyField(db_default='', default='', editable=False, max_length=60, of='code'),
        ),
        migrations.AddField(
            model_name='project',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Publique. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='historicalproject',
            name='summary',
            field=models.CharField(blank=True, default='', help_text='Public.', max_length=1000, validators=[cohesion.lib.text.validate_text], verbose_name='résumé'),
        ),
        migrations.AlterField(
            model_name='historicalproject',
            name='title',
            field=models.CharField(max_length=255, validators=[cohesion.lib.text.validate_line], verbose_name='titre'),
        ),
        migrations.AlterField(
            model_name='project',
            name='summary',
            field=models.CharField(blank=True, default='', help_text='Public.', max_length=1000, validators=[cohesion.lib.text.validate_text], verbose_name='résumé'),
        ),
        migrations.AlterField(
            model_name='project',
            name='title',
            field=models.CharField(max_length=255, validators=[cohesion.lib.text.validate_line], verbose_name='titre'),
        ),
        migrations.CreateModel(
            name='CoLead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organization', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='co_leaderships', to='projects.organization', verbose_name='structure')),
                ('project', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='co_leaders', to='projects.project', verbose_name='projet')),
            ],
            options={
                'verbose_name': 'Structure associée au portage',
                'verbose_name_plural': 'Structures associées au portage',
                'constraints': [models.UniqueConstraint(fields=('project', 'organization'), name='projects_co_lead_once', violation_error_message='Cette structure est déjà indiquée.')],
            },
        ),
        migrations.AddField(
            model_name='project',
            name='co_leads',
            field=models.ManyToManyField(related_name='co_led', through='projects.CoLead', to='projects.organization', verbose_name='structures associées au portage'),
        ),
        migrations.AddField(
            model_name='projectimport',
            name='choices',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False, verbose_name='choix de lecture'),
        ),
        migrations.AddField(
            model_name='projectimport',
            name='content',
            field=models.BinaryField(null=True, verbose_name='fichier déposé'),
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(fields=['code_key', 'code'], name='projects_project_by_code'),
        ),
        migrations.AddField(
            model_name='historicalcolead',
            name='history_user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='historicalcolead',
            name='organization',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.organization', verbose_name='structure'),
        ),
        migrations.AddField(
            model_name='historicalcolead',
            name='project',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='projects.project', verbose_name='projet'),
        ),
    ]
