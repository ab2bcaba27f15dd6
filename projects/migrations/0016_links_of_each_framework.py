"""A project keeps its links to each framework of its time, with one main orientation in each."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_frameworks(apps, schema_editor):
    """Write beside each link the framework of its orientation."""
    links = apps.get_model("projects", "Contribution").objects.using(schema_editor.connection.alias)
    own = apps.get_model("axes", "Orientation").objects.filter(pk=OuterRef("orientation"))
    links.filter(framework=None).update(framework=Subquery(own.values("framework")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("axes", "0002_when_an_import_began"),
        ("projects", "0013_search_by_trigrams_on_sqlite"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contribution",
            name="framework",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="axes.framework",
                verbose_name="cadre",
            ),
        ),
        migrations.CreateModel(
            name="UncarriedLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("noted_at", models.DateTimeField(auto_now_add=True, verbose_name="relevé le")),
                ("settled_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="réglé le")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=500,
                        verbose_name="ce qui a été décidé",
                    ),
                ),
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="uncarried",
                        to="projects.contribution",
                        verbose_name="rattachement",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="réglé par",
                    ),
                ),
            ],
            options={
                "verbose_name": "Rattachement à refaire",
                "verbose_name_plural": "Rattachements à refaire",
                "ordering": ["link__project__code", "-link__is_main", "link__orientation__lft"],
            },
        ),
        migrations.AddConstraint(
            model_name="contribution",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_main", True)),
                fields=("project", "framework"),
                name="projects_contribution_main",
                violation_error_message="Un projet n’a qu’une orientation principale dans un cadre.",
            ),
        ),
        migrations.RemoveConstraint(model_name="contribution", name="projects_contribution_one_main"),
        migrations.RunPython(name_frameworks, migrations.RunPython.noop, elidable=True),
    ]
