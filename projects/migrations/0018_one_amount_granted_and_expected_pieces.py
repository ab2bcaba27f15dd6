"""What a project is granted is said once, by its last decision where there is one; and what a call expects is listed.

Where a project said another amount than its last decision, the decision is right: what the project said stays in its
history, with a line that says so. What the agglomération's own funding line said goes the same way.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

from projects.migrations._triggers import create_amounts, drop_amounts


def unite_amounts(apps, schema_editor):
    alias = schema_editor.connection.alias  # a restore migrates beside the database that serves
    projects = apps.get_model("projects", "Project").objects.using(alias)
    decisions = apps.get_model("projects", "Decision").objects.using(alias).order_by("project_id", "pk")
    decided = dict(decisions.values_list("project_id", "amount"))  # the last of each
    lines = apps.get_model("projects", "FundingLine").objects.using(alias)
    lines = lines.filter(kind="agglomeration", granted__isnull=False)
    funded = dict(lines.values_list("project_id", "granted"))
    lines.update(granted=None)
    for project in projects.filter(pk__in=[*decided, *funded]).iterator():
        other = funded.get(project.pk)
        amount = decided[project.pk] if project.pk in decided else project.granted
        if project.pk not in decided and amount is None:
            amount = other
        told = {said for said in (project.granted, other) if said is not None and said != amount}
        if amount != project.granted or told:
            _write(apps, alias, project, amount, told)


def _write(apps, alias, project, amount, told):
    """The amount, in the project and in its history, with the others that were said."""
    said = ", ".join(f"{one} €" for one in sorted(told))
    project.granted = amount
    apps.get_model("projects", "Project").objects.using(alias).filter(pk=project.pk).update(
        granted=amount, version=models.F("version") + 1
    )
    history = apps.get_model("projects", "HistoricalProject")
    names = [field.attname for field in history._meta.fields if not field.name.startswith("history_")]
    history.objects.using(alias).create(
        **{name: getattr(project, name) for name in names},
        history_date=timezone.now(),
        history_type="~",
        history_change_reason=f"Montant accordé repris de la décision{f' ; on lisait aussi {said}' if said else ''}"[:100],
    )


def create(apps, schema_editor):
    create_amounts(schema_editor)


def drop(apps, schema_editor):
    drop_amounts(schema_editor)


class Migration(migrations.Migration):
    dependencies = [("projects", "0017_real_plans_fit")]
    operations = [
        migrations.AlterField(
            model_name='attachment',
            name='kind',
            field=models.CharField(choices=[('statutes', 'Statuts'), ('bank_details', 'Relevé d’identité bancaire'), ('accounts', 'Comptes du dernier exercice'), ('activity_report', 'Rapport d’activité'), ('last_report', 'Bilan de l’action de l’an dernier'), ('financial', 'Compte rendu financier de l’action'), ('mandate', 'Pouvoir donné au signataire'), ('other', 'Autre pièce')], max_length=15, verbose_name='nature'),
        ),
        migrations.CreateModel(
            name='ExpectedPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('request', 'Pour la demande'), ('report', 'Pour le bilan')], default='request', max_length=7, verbose_name='attendue')),
                ('kind', models.CharField(choices=[('statutes', 'Statuts'), ('bank_details', 'Relevé d’identité bancaire'), ('accounts', 'Comptes du dernier exercice'), ('activity_report', 'Rapport d’activité'), ('last_report', 'Bilan de l’action de l’an dernier'), ('financial', 'Compte rendu financier de l’action'), ('mandate', 'Pouvoir donné au signataire'), ('other', 'Autre pièce')], max_length=15, verbose_name='pièce')),
                ('rule', models.CharField(choices=[('refuse', 'Sans elle, rien n’est reçu'), ('reason', 'Sans elle, un motif est demandé')], default='reason', max_length=6, verbose_name='règle')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='expected_pieces', to='projects.campaign', verbose_name='appel')),
            ],
            options={
                'verbose_name': 'Pièce attendue',
                'verbose_name_plural': 'Pièces attendues',
                'ordering': ['moment', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('campaign', 'moment', 'kind'), name='projects_expected_piece_once', violation_error_message='Cette pièce est déjà attendue : une seule ligne suffit.')],
            },
        ),
        migrations.RunPython(unite_amounts, migrations.RunPython.noop),
        migrations.RunPython(create, drop),
    ]
