from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0001_framework_and_orientations'),
    ]

    operations = [
        migrations.AddField(
            model_name='importjob',
            name='begun_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='application commencée le'),
        ),
    ]
