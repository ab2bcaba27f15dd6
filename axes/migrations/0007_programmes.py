"""A framework is of a programme: those that are there are of the reference one, which this makes."""

import cohesion.lib.text
import django.core.validators
import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


def make_the_reference(apps, schema_editor):
    """Its key is the first: nothing was in the table before."""
    apps.get_model("axes", "Programme").objects.using(schema_editor.connection.alias).create(
        name="Cohésion sociale et territoriale",
        short_name="Cohésion sociale",
        slug="cohesion-sociale",
        is_reference=True,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0006_french_spaces'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalProgramme',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=200, validators=[cohesion.lib.text.validate_line], verbose_name='nom')),
                ('short_name', models.CharField(help_text='Ou son sigle\xa0: ce que montrent les colonnes et les menus.', max_length=40, validators=[cohesion.lib.text.validate_line], verbose_name='nom court')),
                ('slug', models.SlugField(help_text='Dans un fichier, il précède les codes de ses orientations\xa0: «\xa0contrat-de-ville:1.2\xa0».', verbose_name='identifiant')),
                ('description', models.TextField(blank=True, default='', help_text='Ce que c’est, qui le signe, à qui il s’adresse.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(2000)], verbose_name='description')),
                ('is_reference', models.BooleanField(default=False, editable=False, verbose_name='programme de référence')),
                ('order', models.PositiveSmallIntegerField(default=1, help_text='Dans les listes, après le programme de référence.', verbose_name='rang')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.TextField(null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'historical Programme',
                'verbose_name_plural': 'historical Programmes',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Programme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, validators=[cohesion.lib.text.validate_line], verbose_name='nom')),
                ('short_name', models.CharField(help_text='Ou son sigle\xa0: ce que montrent les colonnes et les menus.', max_length=40, validators=[cohesion.lib.text.validate_line], verbose_name='nom court')),
                ('slug', models.SlugField(help_text='Dans un fichier, il précède les codes de ses orientations\xa0: «\xa0contrat-de-ville:1.2\xa0».', unique=True, verbose_name='identifiant')),
                ('description', models.TextField(blank=True, default='', help_text='Ce que c’est, qui le signe, à qui il s’adresse.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(2000)], verbose_name='description')),
                ('is_reference', models.BooleanField(default=False, editable=False, verbose_name='programme de référence')),
                ('order', models.PositiveSmallIntegerField(default=1, help_text='Dans les listes, après le programme de référence.', verbose_name='rang')),
            ],
            options={
                'verbose_name': 'Programme',
                'verbose_name_plural': 'Programmes',
                'ordering': ['-is_reference', 'order', 'name'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_reference', True)), fields=('is_reference',), name='axes_programme_one_reference', violation_error_message='Un seul programme est celui de référence.'), models.CheckConstraint(condition=models.Q(models.Q(('is_reference', True), ('pk', 1)), models.Q(models.Q(('pk', 1), _negated=True), ('is_reference', False)), _connector='OR'), name='axes_programme_reference_is_the_first', violation_error_message='Le programme de référence ne change pas.')],
            },
        ),
        migrations.RunPython(make_the_reference, migrations.RunPython.noop),
        migrations.AddField(
            model_name='framework',
            name='programme',
            field=models.ForeignKey(db_default=1, default=1, on_delete=django.db.models.deletion.PROTECT, related_name='frameworks', to='axes.programme', verbose_name='programme'),
        ),
        migrations.AddField(
            model_name='historicalframework',
            name='programme',
            field=models.ForeignKey(blank=True, db_constraint=False, db_default=1, default=1, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='axes.programme', verbose_name='programme'),
        ),
        migrations.AddConstraint(
            model_name='framework',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('status', 'programme'), name='axes_framework_one_of_a_programme', violation_error_message='Un autre cadre de ce programme est déjà en vigueur\xa0: archivez-le d’abord.'),
        ),
        migrations.RemoveConstraint(model_name='framework', name='axes_framework_one_in_force'),
    ]
