from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0012_when_an_import_began'),
    ]

    operations = [
        migrations.AddField(
            model_name='declaration',
            name='form',
            field=models.UUIDField(blank=True, editable=False, null=True, unique=True, verbose_name='formulaire'),
        ),
    ]
