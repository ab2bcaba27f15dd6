"""One change to many projects: what it would do to each, and why some cannot take it."""

import copy
import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch

from cohesion.lib.text import count_phrase, euros, number_fr
from projects.catalogue.models import Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import OUTCOMES
from projects.instructing import moving
from projects.instructing.deciding import GRANTING, Ruling

MOST = 10_000  # projects changed at a time
BATCH = 500
MOST_NAMED = 5
# Which amount each project is granted where a decision grants one.
PROPOSED, REQUESTED = "propose", "demande"
AMOUNTS = {PROPOSED: "celui que propose son avis", REQUESTED: "celui que demande sa structure"}


@dataclass(frozen=True)
class Decided:
    """What a decision about many projects says of all: its day, its deliberation, which amount (:data:`AMOUNTS`)."""

    decided_on: datetime.date | None = None
    deliberation: str = ""
    amounts: str = ""


@dataclass(frozen=True)
class BulkChange:
    """The new status and dates; what is None stays as it is. ``decided`` and ``reason`` are what the step asks for."""

    status: str | None = None
    starts_on: datetime.date | None = None
    ends_on: datetime.date | None = None
    decided: Decided = Decided()
    reason: str = ""

    @property
    def dates(self) -> dict[str, Any]:
        return {name: value for name in ("starts_on", "ends_on") if (value := getattr(self, name)) is not None}

    @property
    def values(self) -> dict[str, Any]:
        return ({} if self.status is None else {"status": self.status}) | self.dates

    @property
    def is_decision(self) -> bool:
        return self.status in OUTCOMES

    def ruling(self, project: Project) -> Ruling | None:
        """What is decided of a project; None where the new status is no decision."""
        if self.status is None or not self.is_decision:
            return None
        review = getattr(project, "review", None)
        return Ruling(
            self.status,
            self.decided.decided_on,
            self._amount(project),
            self.decided.deliberation,
            self.reason,
            review.committee if review else None,
        )

    def _amount(self, project: Project) -> Decimal | None:
        if self.status not in GRANTING:
            return None
        if self.decided.amounts == REQUESTED:
            return project.requested
        review = getattr(project, "review", None)
        return review.proposed_amount if review and self.decided.amounts == PROPOSED else None

    def applied(self, project: Project) -> Project:
        """The project as it would be; the one given stays as it is."""
        after = copy.copy(project)
        for name, value in self.values.items():
            setattr(after, name, value)
        if self.is_decision and project.status != self.status:
            after.granted = self._amount(project)
        return after


TOO_MANY = f"Au plus {number_fr(moving.MOST)} changements d’état à la fois : recommencez pour ceux-ci."
LABELS = {"status": "État", "granted": "Accordé", "starts_on": "Début", "ends_on": "Fin"}


@dataclass(frozen=True)
class BulkLine:
    """A project before and after, and why it cannot change so (nothing when it can)."""

    before: Project
    after: Project
    refusal: str

    @property
    def cells(self) -> list[tuple[str, str, str]]:
        """What changes: the name of the field, both values as they are shown."""
        cells = []
        for name, label in LABELS.items():
            old, new = _shown(self.before, name), _shown(self.after, name)
            if old != new:
                cells.append((label, old, new))
        return cells


@dataclass(frozen=True)
class BulkPlan:
    """What a change would do; ``unchanged`` are as asked already, and are not written."""

    changed: list[BulkLine]
    unchanged: list[Project]
    refused: list[BulkLine]


def plan(projects: Collection["moving.MovableProject"], change: BulkChange) -> BulkPlan:
    """What the change would do to projects that :func:`read_projects` has read: no query."""
    changed: list[BulkLine] = []
    unchanged: list[Project] = []
    refused: list[BulkLine] = []
    moving_on = 0
    for project in projects:
        after = change.applied(project)
        if all(getattr(project, name) == value for name, value in change.values.items()):
            unchanged.append(project)
            continue
        moving_on += project.status != after.status
        line = BulkLine(project, after, TOO_MANY if moving_on > moving.MOST else refusal_of(project, after, change))
        (refused if line.refusal else changed).append(line)
    return BulkPlan(changed, unchanged, refused)


def read_projects(keys: Collection[int], *, lock: bool = False) -> list["moving.MovableProject"]:
    """The projects of these keys in the order of their codes, with what the rules ask; ``lock``: until the end of
    the transaction, taken in the order of the keys, so that two officers never wait for each other in a ring."""
    known: list[moving.MovableProject] = []
    for batch in batches(sorted(keys)):
        projects: ProjectQuerySet = Project.objects.filter(pk__in=batch).order_by("pk")
        if lock:
            projects = projects.select_for_update(of=("self",))
        places = Place.objects.select_related("territory").defer("territory__outline")
        movable: Any = moving.known(projects).prefetch_related(Prefetch("places", places))
        known += movable
    return sorted(known, key=lambda project: (project.code_key, project.code))


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
            f"entre-temps par quelqu’un d’autre : {named}. Relisez ce qui changerait."
        )
    if gone:
        sentences.append(
            f"{count_phrase(gone, 'projet a', 'projets ont')} été supprimé{'s' if gone > 1 else ''} entre-temps."
        )
    return sentences


def refusal_of(before: "moving.MovableProject", after: Project, change: BulkChange) -> str:
    """The first rule that the change would break, in a sentence."""
    if after.starts_on and after.ends_on and after.ends_on < after.starts_on:
        return f"La fin ({after.ends_on:%d/%m/%Y}) précéderait le début ({after.starts_on:%d/%m/%Y})."
    if (before.starts_on, before.ends_on) != (after.starts_on, after.ends_on):
        sentence = after.places_refusal(after.places.all())
        if sentence:
            return sentence
    return moving.refusal(before, after.status, change.ruling(before))


def _shown(project: Project, name: str) -> str:
    value = getattr(project, name)
    if name == "status":
        return project.get_status_display()
    if name == "granted":
        return "(rien)" if value is None else euros(value)
    return f"{value:%d/%m/%Y}" if value else "(vide)"
