"""Writing one change to many projects: all or none, and never over a colleague's change."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue import stamps
from projects.catalogue.granting import hold_agreements
from projects.catalogue.models import Project
from projects.instructing import bulk, moving


def change_projects(*, seen: dict[int, int], change: bulk.BulkChange, by: Person, reason: str) -> int:
    """Give many projects a status or dates, all or none; returns how many changed.

    ``seen`` is the version of each project that was shown. Dates are written together, each project with its line of
    history, and the pages of the framework are told once; a status is reached by a step, each with its line in the log.

    Raises:
        ValidationError: somebody changed or deleted one since, or a rule refuses the change to one of them.
    """
    try:
        with transaction.atomic():
            return _change_projects(seen, change, by, reason)
    except IntegrityError as error:  # what the rules look at was changed while they looked
        raise ValidationError("Un territoire de ces projets vient de changer : relisez ce qui changerait.") from error


def _change_projects(seen: dict[int, int], change: bulk.BulkChange, by: Person, reason: str) -> int:
    projects = bulk.read_projects(seen, lock=True)
    hold_agreements(seen)
    if sentences := bulk.stale(seen, projects):
        raise ChangedMeanwhile(sentences)
    plan = bulk.plan(projects, change)
    if plan.refused:
        raise ValidationError(
            f"Rien n’a été changé : {count_phrase(len(plan.refused), 'projet refuse', 'projets refusent')} "
            "ce changement. Écartez-les, ou changez autrement."
        )
    keys = sorted(line.before.pk for line in plan.changed)
    if change.dates:
        _write_dates(keys, change, by, reason)
    if change.status is not None:
        for line in plan.changed:
            moving.move(line.before, change.status, by=by, reason=reason, ruling=change.ruling(line.before))
    if keys:
        stamps.raise_revision()
    return len(keys)


def _write_dates(keys: list[int], change: bulk.BulkChange, by: Person, reason: str) -> None:
    now = timezone.now()
    for batch in bulk.batches(keys):
        rows = Project.objects.filter(pk__in=batch)
        rows.update(**change.dates, version=F("version") + 1, updated_at=now)
        Project.history.bulk_history_create(
            list(rows), batch_size=bulk.BATCH, update=True, default_user=by, default_change_reason=reason.strip()[:100]
        )
