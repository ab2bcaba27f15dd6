"""An officer puts grants in an envelope, whatever the rule says, or gives them back to the rule."""

from collections.abc import Collection, Sequence

from django.core.exceptions import ValidationError
from django.db import transaction

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from projects.catalogue.models import Project
from projects.programming.models import BudgetEnvelope, EnvelopeChoice
from projects.programming.placing import granted_projects, with_year

MOST = 500  # grants at a time


@transaction.atomic
def choose_envelope(keys: Collection[int], envelope: BudgetEnvelope | None, *, by: Person) -> int:
    """Put the grants of these projects in an envelope; None: where the rule puts them. Says how many changed.

    Raises:
        ValidationError: one of them is granted nothing any more, or is charged to another year.
    """
    projects = list(Project.objects.select_for_update().filter(pk__in=keys).order_by("pk"))
    if sentence := _refusal(projects, envelope):
        raise ValidationError(sentence)
    choices = {choice.project_id: choice for choice in EnvelopeChoice.objects.filter(project__in=projects)}
    changed = 0
    for project in projects:
        former = choices.get(project.pk)
        if (former.envelope_id if former else None) == (envelope.pk if envelope else None):
            continue
        changed += 1
        before = str(former.envelope) if former else "selon la règle"
        if envelope is None and former is not None:
            former.delete()
        elif envelope is not None:
            EnvelopeChoice.objects.update_or_create(project=project, defaults={"envelope": envelope, "by": by})
        after = str(envelope) if envelope else "selon la règle"
        record(AuditKind.DECISION, on=project, by=by, before={"enveloppe": before}, after={"enveloppe": after})
    return changed


def _refusal(projects: Sequence[Project], envelope: BudgetEnvelope | None) -> str:
    """Why these are not put there; nothing where they may be."""
    grants = with_year(granted_projects().filter(pk__in=[project.pk for project in projects]))
    year_of = dict(grants.values_list("pk", "budget_year"))
    if gone := [project.code for project in projects if project.pk not in year_of]:
        return f"Rien n’a été rangé : il n’est plus rien accordé à {', '.join(gone)}. Relisez la liste."
    if envelope is None:
        return ""
    elsewhere = [project.code for project in projects if year_of[project.pk] != envelope.year]
    if not elsewhere:
        return ""
    return (
        f"Rien n’a été rangé : {', '.join(elsewhere)} ne compte pas en {envelope.year}. L’exercice d’une subvention se "
        "change sur sa page."
    )
