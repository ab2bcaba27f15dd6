"""The spaces of French typography in helps and refusals: no table is altered."""

import cohesion.lib.text
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0005_context_and_description'),
    ]

    operations = [
        migrations.AlterField(
            model_name='framework',
            name='perimeter',
            field=models.CharField(blank=True, default='', help_text='Où le cadre s’applique, par exemple\xa0: les 37 communes de l’agglomération.', max_length=200, validators=[cohesion.lib.text.validate_line], verbose_name='périmètre'),
        ),
        migrations.AlterField(
            model_name='historicalframework',
            name='perimeter',
            field=models.CharField(blank=True, default='', help_text='Où le cadre s’applique, par exemple\xa0: les 37 communes de l’agglomération.', max_length=200, validators=[cohesion.lib.text.validate_line], verbose_name='périmètre'),
        ),
        migrations.AlterField(
            model_name='historicalorientation',
            name='context',
            field=models.TextField(blank=True, db_default='', default='', help_text='Le constat dont elle part. Une ligne vide sépare deux paragraphes\u202f; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='contexte'),
        ),
        migrations.AlterField(
            model_name='historicalorientation',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Ce qu’elle recouvre, au-delà de son titre. Une ligne vide sépare deux paragraphes\u202f; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='historicalorientation',
            name='label',
            field=models.CharField(blank=True, default='', help_text='Ce que le document imprime devant le titre, à la lettre («\xa0AXE 1\xa0: »).', max_length=40, validators=[cohesion.lib.text.validate_line], verbose_name='mention imprimée'),
        ),
        migrations.AlterField(
            model_name='orientation',
            name='context',
            field=models.TextField(blank=True, db_default='', default='', help_text='Le constat dont elle part. Une ligne vide sépare deux paragraphes\u202f; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='contexte'),
        ),
        migrations.AlterField(
            model_name='orientation',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Ce qu’elle recouvre, au-delà de son titre. Une ligne vide sépare deux paragraphes\u202f; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='orientation',
            name='label',
            field=models.CharField(blank=True, default='', help_text='Ce que le document imprime devant le titre, à la lettre («\xa0AXE 1\xa0: »).', max_length=40, validators=[cohesion.lib.text.validate_line], verbose_name='mention imprimée'),
        ),
        migrations.AlterConstraint(
            model_name='framework',
            name='axes_framework_one_in_force',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'in_force')), fields=('status',), name='axes_framework_one_in_force', violation_error_message='Un autre cadre est déjà en vigueur\xa0: archivez-le d’abord.'),
        ),
        migrations.AlterConstraint(
            model_name='framework',
            name='axes_framework_status_known',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'in_force', 'archived'])), name='axes_framework_status_known', violation_error_message='L’état doit être «\xa0en préparation\xa0», «\xa0en vigueur\xa0» ou «\xa0archivé\xa0».'),
        ),
        migrations.AlterConstraint(
            model_name='orientation',
            name='axes_orientation_roots_are_axes',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('level', 'axis'), ('parent__isnull', True)), models.Q(models.Q(('level', 'axis'), _negated=True), ('parent__isnull', False)), _connector='OR'), name='axes_orientation_roots_are_axes', violation_error_message='Un axe ne se place sous rien\u202f; tout autre niveau, sous une orientation.'),
        ),
    ]
