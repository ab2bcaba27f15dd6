"""One change to many projects: what it would do to each, and why some cannot take it."""

import copy
import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch

from cohesion.lib.text import count_phrase
from projects.choices import ProjectStatus
from projects.models import Contribution, Place, Project
from projects.models.project import ProjectQuerySet

MOST = 10_000  # projects changed at a time
BATCH = 500
MOST_NAMED = 5


@dataclass(frozen=True)
class Change:
    """The new status and dates; what is None stays as it is."""

    status: str | None = None
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None

    @property
    def values(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if value is not None}

    def applied(self, project: Project) -> Project:
        """The project as it would be; the one given stays as it is."""
        after = copy.copy(project)
        for name, value in self.values.items():
            setattr(after, name, value)
        return after


@dataclass(frozen=True)
class Line:
    """A project before and after, and why it cannot change so (nothing when it can)."""

    before: Project
    after: Project
    refusal: str

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """What changes: the name of the field, both values as they are shown."""
        found = []
        for name, label in (("status", "État"), ("starts_on", "Début"), ("ends_on", "Fin")):
            old, new = _shown(self.before, name), _shown(self.after, name)
            if old != new:
                found.append((label, old, new))
        return found


@dataclass(frozen=True)
class Plan:
    """What a change would do; ``unchanged`` are as asked already, and are not written."""

    changed: list[Line]
    unchanged: list[Project]
    refused: list[Line]


def plan(projects: Collection[Project], change: Change) -> Plan:
    """What the change would do to projects that :func:`read` has read: no query."""
    changed: list[Line] = []
    unchanged: list[Project] = []
    refused: list[Line] = []
    for project in projects:
        after = change.applied(project)
        if all(getattr(project, name) == value for name, value in change.values.items()):
            unchanged.append(project)
            continue
        line = Line(project, after, _refusal(project, after))
        (refused if line.refusal else changed).append(line)
    return Plan(changed, unchanged, refused)


def read(keys: Collection[int], *, lock: bool = False) -> list[Project]:
    """The projects of these keys in the order of their codes, with what the rules ask; ``lock``: until the end of
    the transaction, taken in the order of the keys, so that two officers never wait for each other in a ring."""
    found: list[Project] = []
    for batch in batches(sorted(keys)):
        projects: ProjectQuerySet = Project.objects.filter(pk__in=batch).order_by("pk")
        if lock:
            projects = projects.select_for_update(of=("self",))
        main = Contribution.objects.filter(project=OuterRef("pk"), is_main=True)
        places = Place.objects.select_related("territory").defer("territory__outline")
        found += projects.annotate(has_main=Exists(main)).prefetch_related(Prefetch("places", places))
    return sorted(found, key=lambda project: (project.code_key, project.code))


def batches(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def stale(seen: dict[int, int], projects: Collection[Project]) -> list[str]:
    """What happened to projects since their versions were seen, a sentence a kind of event."""
    present = {project.pk for project in projects}
    changed = [project.code for project in projects if project.version != seen[project.pk]]
    gone = len(seen.keys() - present)
    sentences = []
    if changed:
        named = ", ".join(changed[:MOST_NAMED]) + ("…" if len(changed) > MOST_NAMED else "")
        sentences.append(
            f"{count_phrase(len(changed), 'projet a', 'projets ont')} été modifié{'s' if len(changed) > 1 else ''} "
            f"entre-temps par quelqu’un d’autre : {named}. Relisez ce qui changerait."
        )
    if gone:
        sentences.append(
            f"{count_phrase(gone, 'projet a', 'projets ont')} été supprimé{'s' if gone > 1 else ''} entre-temps."
        )
    return sentences


def _refusal(before: Project, after: Project) -> str:
    """The first rule that the change would break, in a sentence."""
    if after.starts_on and after.ends_on and after.ends_on < after.starts_on:
        return f"La fin ({after.ends_on:%d/%m/%Y}) précéderait le début ({after.starts_on:%d/%m/%Y})."
    if (before.starts_on, before.ends_on) != (after.starts_on, after.ends_on):
        sentence = after.places_refusal(after.places.all())
        if sentence:
            return sentence
    return status_refusal(before, after.status)


def status_refusal(project: Any, status: str) -> str:
    """Why a project of :func:`read` may not come to a status; nothing when it may. The one place that says so."""
    if status == project.status:
        return ""
    if status == ProjectStatus.DRAFT:
        return "Un projet déposé ne redevient pas un brouillon."
    if project.is_draft and not project.has_main:
        return "Il n’a pas d’orientation principale : seul un brouillon peut s’en passer."
    return ""


def _shown(project: Project, name: str) -> str:
    value = getattr(project, name)
    if name == "status":
        return project.get_status_display()
    return f"{value:%d/%m/%Y}" if value else "(vide)"
