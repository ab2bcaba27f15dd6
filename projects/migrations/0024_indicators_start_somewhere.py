import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0023_messages_to_several'),
    ]

    operations = [
        migrations.AddField(
            model_name='indicator',
            name='baseline',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='point de départ'),
        ),
        migrations.AddField(
            model_name='indicator',
            name='direction',
            field=models.CharField(choices=[('more', 'Une hausse'), ('less', 'Une baisse')], db_default='more', default='more', max_length=4, verbose_name='progrès visé'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.CheckConstraint(condition=models.Q(('baseline__isnull', True), ('baseline__gte', 0), _connector='OR'), name='projects_indicator_baseline_not_negative', violation_error_message='Un point de départ n’est pas négatif.'),
        ),
    ]
