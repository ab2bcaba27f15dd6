"""Documents that are read as frameworks, with their rows."""

import cohesion.lib.text
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('axes', '0010_preparing'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filename', models.CharField(max_length=200, verbose_name='fichier')),
                ('digest', models.CharField(max_length=64, verbose_name='empreinte SHA-256')),
                ('state', models.CharField(choices=[('ready', 'Prêt à appliquer'), ('refused', 'Refusé'), ('applied', 'Appliqué'), ('cancelled', 'Abandonné')], default='ready', max_length=10, verbose_name='état')),
                ('rows', models.JSONField(default=list, verbose_name='lignes lues')),
                ('report', models.JSONField(default=dict, verbose_name='rapport')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='déposé le')),
                ('begun_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='application commencée le')),
                ('applied_at', models.DateTimeField(blank=True, null=True, verbose_name='appliqué le')),
                ('content', models.BinaryField(null=True, verbose_name='fichier déposé')),
                ('choices', models.JSONField(db_default=models.Value({}, models.JSONField()), default=dict, editable=False, verbose_name='choix de lecture')),
                ('name', models.CharField(blank=True, max_length=300, validators=[cohesion.lib.text.validate_line], verbose_name='titre du cadre à créer')),
                ('framework', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='readings', to='axes.framework', verbose_name='cadre créé')),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='par')),
            ],
            options={
                'verbose_name': 'Lecture d’un document',
                'verbose_name_plural': 'Lectures de documents',
                'ordering': ['-created_at'],
                'abstract': False,
            },
        ),
    ]
