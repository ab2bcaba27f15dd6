from django.db import migrations, models

from cohesion.audit import triggers
from cohesion.choices import AuditKind


class Migration(migrations.Migration):
    dependencies = [("cohesion", "0004_events_of_the_log_are_not_replaced")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="erased_at",
            field=models.DateTimeField("effacé le", null=True, blank=True, editable=False),
        ),
        migrations.AlterField(
            model_name="auditevent",
            name="kind",
            field=models.CharField("événement", max_length=20, choices=AuditKind.choices),
        ),
        migrations.RunPython(triggers.let_names_change, triggers.keep_names),
    ]
