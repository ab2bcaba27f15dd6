"""The order of each framework is kept day by day, beginning with how it stands."""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def keep_present_order(apps, schema_editor):
    orientations = apps.get_model("axes", "Orientation")._base_manager
    links = apps.get_model("axes", "Orientation").applies_to.through._base_manager
    outlines = apps.get_model("axes", "Outline")._base_manager
    for framework in apps.get_model("axes", "Framework")._base_manager.values_list("pk", flat=True):
        nodes = orientations.filter(framework=framework).order_by("tree_id", "lft")
        order = list(nodes.values_list("pk", flat=True))
        pairs = links.filter(from_orientation__framework=framework).values_list(
            "from_orientation_id", "to_orientation_id"
        )
        if order:
            merged = [list(pair) for pair in sorted(pairs)]
            outlines.create(framework_id=framework, day=timezone.localdate(), order=order, merged=merged)


class Migration(migrations.Migration):
    dependencies = [("axes", "0008_descents")]

    operations = [
        migrations.CreateModel(
            name="Outline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(verbose_name="jour")),
                (
                    "order",
                    models.JSONField(default=list, verbose_name="clés des orientations, dans l’ordre du document"),
                ),
                (
                    "merged",
                    models.JSONField(default=list, verbose_name="cellules fusionnées, et ce que chacune concerne"),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outlines",
                        to="axes.framework",
                        verbose_name="cadre",
                    ),
                ),
            ],
            options={
                "verbose_name": "Ordre d’un jour",
                "verbose_name_plural": "Ordres d’un jour",
                "constraints": [
                    models.UniqueConstraint(fields=("framework", "day"), name="axes_outline_one_a_day"),
                ],
            },
        ),
        migrations.RunPython(keep_present_order, migrations.RunPython.noop, elidable=True),
    ]
