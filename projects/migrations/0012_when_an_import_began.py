from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('projects', '0011_who_wrote_an_instruction_and_imports_of_decisions'),
    ]

    operations = [
        migrations.AddField(
            model_name='decisionimport',
            name='begun_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='application commencée le'),
        ),
        migrations.AddField(
            model_name='projectimport',
            name='begun_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='application commencée le'),
        ),
    ]
