import cohesion.lib.text
import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0003_moves_in_words_and_locks'),
        ('axes', '0004_files_read_again'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicalorientation',
            name='context',
            field=models.TextField(blank=True, db_default='', default='', help_text='Le constat dont elle part. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='contexte'),
        ),
        migrations.AddField(
            model_name='historicalorientation',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Ce qu’elle recouvre, au-delà de son titre. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
        migrations.AddField(
            model_name='orientation',
            name='context',
            field=models.TextField(blank=True, db_default='', default='', help_text='Le constat dont elle part. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='contexte'),
        ),
        migrations.AddField(
            model_name='orientation',
            name='description',
            field=models.TextField(blank=True, db_default='', default='', help_text='Ce qu’elle recouvre, au-delà de son titre. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.', validators=[cohesion.lib.text.validate_text, django.core.validators.MaxLengthValidator(20000)], verbose_name='description'),
        ),
    ]
