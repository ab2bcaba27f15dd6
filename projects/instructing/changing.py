"""Writing one change to many projects: all or none, and never over a colleague's change."""

import copy
import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

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

Dates = tuple[datetime.date | None, datetime.date | None]  # of a project: its start, its end


def change_projects(*, seen: dict[int, int], change: bulk.BulkChange, by: Person, reason: str) -> int:
    """Give many projects a status or dates, all or none; returns how many changed.

    ``seen`` is the version of each project that was shown. Dates are written together, each project with its line of
    history, and the pages of the framework are told once; a status is reached by a step, each with its line in the log.

    Raises:
        ValidationError: somebody changed or deleted one since, or a rule refuses the change to one of them.
    """
    with _all_or_none():
        return _change_projects(seen, change, by, reason)


def restore_dates(*, seen: dict[int, int], dates: dict[int, Dates], by: Person, reason: str) -> int:
    """Give many projects back the dates that each had, all or none, under the rules of a change; returns how many.

    Raises:
        ValidationError: somebody changed or deleted one since, or a rule refuses one its former dates.
    """
    with _all_or_none():
        return _restore_dates(seen, dates, by, reason)


@contextmanager
def _all_or_none() -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:  # what the rules look at was changed while they looked
        raise ValidationError("Un territoire de ces projets vient de changer : relisez ce qui changerait.") from error


def _held(seen: dict[int, int]) -> list["moving.MovableProject"]:
    """The projects as they were seen, nobody else's until the end of the transaction."""
    projects = bulk.read_projects(seen, lock=True)
    hold_agreements(seen)
    if sentences := bulk.stale(seen, projects):
        raise ChangedMeanwhile(sentences)
    return projects


def _restore_dates(seen: dict[int, int], dates: dict[int, Dates], by: Person, reason: str) -> int:
    keys_of: dict[Dates, list[int]] = {}
    for project in _held(seen):
        former = copy.copy(project)
        former.starts_on, former.ends_on = dates[project.pk]
        if refusal := bulk.refusal_of(project, former, bulk.BulkChange()):
            raise ValidationError(f"Rien n’a été remis : {project.code}. {refusal}")
        keys_of.setdefault(dates[project.pk], []).append(project.pk)
    for (starts_on, ends_on), keys in keys_of.items():
        _write_dates(sorted(keys), {"starts_on": starts_on, "ends_on": ends_on}, by, reason)
    stamps.raise_revision()
    return len(seen)


def _change_projects(seen: dict[int, int], change: bulk.BulkChange, by: Person, reason: str) -> int:
    plan = bulk.plan(_held(seen), change)
    if plan.refused:
        raise ValidationError(
            f"Rien n’a été changé : {count_phrase(len(plan.refused), 'projet refuse', 'projets refusent')} "
            "ce changement. Écartez-les, ou changez autrement."
        )
    keys = sorted(line.before.pk for line in plan.changed)
    if change.dates:
        _write_dates(keys, change.dates, by, reason)
    if change.status is not None:
        for line in plan.changed:
            moving.move(line.before, change.status, by=by, reason=reason, ruling=change.ruling(line.before))
    if keys:
        stamps.raise_revision()
    return len(keys)


def _write_dates(keys: list[int], dates: Mapping[str, Any], by: Person, reason: str) -> None:
    now = timezone.now()
    for batch in bulk.batches(keys):
        rows = Project.objects.filter(pk__in=batch)
        rows.update(**dates, version=F("version") + 1, updated_at=now)
        Project.history.bulk_history_create(
            list(rows), batch_size=bulk.BATCH, update=True, default_user=by, default_change_reason=reason.strip()[:100]
        )
