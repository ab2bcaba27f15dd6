"""Names are ordered as a French dictionary has them; the spaces of French typography; sheets of decisions read again."""

import cohesion.lib.queries
import cohesion.lib.text
import django.core.validators
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0018_one_amount_granted_and_expected_pieces'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='offer',
            options={'ordering': [cohesion.lib.queries.InFrench('name')], 'verbose_name': 'Offre', 'verbose_name_plural': 'Offres'},
        ),
        migrations.AlterModelOptions(
            name='organization',
            options={'ordering': [cohesion.lib.queries.InFrench('name')], 'verbose_name': 'Structure', 'verbose_name_plural': 'Structures'},
        ),
        migrations.AlterModelOptions(
            name='referencedocument',
            options={'ordering': [cohesion.lib.queries.InFrench('title')], 'verbose_name': 'Document de référence', 'verbose_name_plural': 'Documents de référence'},
        ),
        migrations.AlterModelOptions(
            name='scheme',
            options={'ordering': [cohesion.lib.queries.InFrench('code')], 'verbose_name': 'Dispositif', 'verbose_name_plural': 'Dispositifs'},
        ),
        migrations.AlterModelOptions(
            name='territory',
            options={'ordering': [cohesion.lib.queries.InFrench('name'), 'valid_from'], 'verbose_name': 'Territoire', 'verbose_name_plural': 'Territoires'},
        ),
        migrations.AddField(
            model_name='decisionimport',
            name='choices',
            field=models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False, verbose_name='choix de lecture'),
        ),
        migrations.AddField(
            model_name='decisionimport',
            name='content',
            field=models.BinaryField(null=True, verbose_name='fichier déposé'),
        ),
        migrations.AlterField(
            model_name='campaign',
            name='closes_at',
            field=models.DateTimeField(help_text='À cette seconde, l’appel est clos\xa0: on ne dépose plus qu’avec une autorisation.', verbose_name='clôture'),
        ),
        migrations.AlterField(
            model_name='historicalcampaign',
            name='closes_at',
            field=models.DateTimeField(help_text='À cette seconde, l’appel est clos\xa0: on ne dépose plus qu’avec une autorisation.', verbose_name='clôture'),
        ),
        migrations.AlterField(
            model_name='historicalorganization',
            name='siret_pending',
            field=models.CharField(blank=True, default='', help_text='Quand le numéro est demandé et n’est pas encore attribué.', max_length=200, validators=[cohesion.lib.text.validate_line], verbose_name='SIRET en cours\xa0: pourquoi'),
        ),
        migrations.AlterField(
            model_name='historicalproject',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Publique. Une ligne vide sépare deux paragraphes\u202f; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='historicalterritory',
            name='code',
            field=models.CharField(db_index=True, help_text='Le code INSEE d’une commune\u202f; pour un quartier sans code officiel, un code à vous.', max_length=20, validators=[django.core.validators.RegexValidator('^[0-9A-Za-z][0-9A-Za-z\\-]*\\Z', 'Un code n’a que lettres, chiffres et tirets.')], verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='historicalterritory',
            name='is_in_perimeter',
            field=models.BooleanField(default=False, help_text='Le programme s’y applique\xa0: il compte dans les taux de couverture.', verbose_name='dans le périmètre'),
        ),
        migrations.AlterField(
            model_name='mailchoice',
            name='frequency',
            field=models.CharField(choices=[('soon', 'À chaque événement, groupés s’ils se suivent'), ('daily', 'Un courriel par jour au plus'), ('never', 'Aucun courriel\xa0: je lis mes messages ici')], default='soon', max_length=5, verbose_name='fréquence'),
        ),
        migrations.AlterField(
            model_name='organization',
            name='siret_pending',
            field=models.CharField(blank=True, default='', help_text='Quand le numéro est demandé et n’est pas encore attribué.', max_length=200, validators=[cohesion.lib.text.validate_line], verbose_name='SIRET en cours\xa0: pourquoi'),
        ),
        migrations.AlterField(
            model_name='project',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Publique. Une ligne vide sépare deux paragraphes\u202f; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AlterField(
            model_name='territory',
            name='code',
            field=models.CharField(help_text='Le code INSEE d’une commune\u202f; pour un quartier sans code officiel, un code à vous.', max_length=20, unique=True, validators=[django.core.validators.RegexValidator('^[0-9A-Za-z][0-9A-Za-z\\-]*\\Z', 'Un code n’a que lettres, chiffres et tirets.')], verbose_name='code'),
        ),
        migrations.AlterField(
            model_name='territory',
            name='is_in_perimeter',
            field=models.BooleanField(default=False, help_text='Le programme s’y applique\xa0: il compte dans les taux de couverture.', verbose_name='dans le périmètre'),
        ),
        migrations.AlterConstraint(
            model_name='expectedpiece',
            name='projects_expected_piece_once',
            constraint=models.UniqueConstraint(fields=('campaign', 'moment', 'kind'), name='projects_expected_piece_once', violation_error_message='Cette pièce est déjà attendue\xa0: une seule ligne suffit.'),
        ),
        migrations.AlterConstraint(
            model_name='invitation',
            name='projects_invitation_role_and_organization',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organization__isnull', False), ('role__in', ('declarant', 'signatory'))), models.Q(('organization__isnull', True), ('role__in', ('officer', 'elected'))), _connector='OR'), name='projects_invitation_role_and_organization', violation_error_message='Un déclarant ou un signataire agit pour une structure\u202f; un agent ou un élu, pour aucune.'),
        ),
        migrations.AlterConstraint(
            model_name='lateleave',
            name='projects_late_leave_once',
            constraint=models.UniqueConstraint(fields=('campaign', 'organization'), name='projects_late_leave_once', violation_error_message='Cette structure a déjà une autorisation\xa0: modifiez-la.'),
        ),
    ]
