from django.db import migrations

from cohesion.audit import triggers


class Migration(migrations.Migration):

    dependencies = [
        ('cohesion', '0003_forms_sent_once'),
    ]

    operations = [
        migrations.RunPython(triggers.forbid_replacing, triggers.allow_replacing),
    ]
