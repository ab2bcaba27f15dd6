"""Giving several files to a colleague at once: what it would do, what it did, and putting it back."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.dispatch import Signal
from django.utils import timezone

from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from cohesion.together import states
from cohesion.together.states import ChangedMeanwhile, State
from projects.catalogue.models import Project, TransitionLog
from projects.choices import ProjectStatus
from projects.instructing.models import Review

# Sent within the transaction, with ``projects``, the files that ``by`` gave to a colleague, ``to``.
files_assigned = Signal()
PAGE = "assignment"  # whose state a form brings back
MOST = 200  # files at a time
MOST_NAMED = 5
NOTHING_DONE = "Rien n’a été fait : relisez ce qui changerait."
# By key of the file: to whom it was given before (None: nobody), the version of its instruction since, its last step.
Former = dict[str, tuple[int | None, int, int | None]]


@dataclass(frozen=True)
class AssignmentLine:
    """A file, and who has it now (None: nobody)."""

    project: Project
    holder: Person | None
    last_step: int | None

    @property
    def state(self) -> str:
        """What is compared with what the page showed."""
        return str(self.holder.pk) if self.holder else ""

    @property
    def held_by(self) -> str:
        return name_of(self.holder)


@dataclass(frozen=True)
class AssignmentPlan:
    """What giving files to somebody would do; ``unchanged`` are theirs already."""

    changed: list[AssignmentLine]
    unchanged: list[AssignmentLine]

    @property
    def seen(self) -> str:
        """Who has each file as the page shows it, sealed."""
        return states.seal({str(line.project.pk): line.state for line in self.changed}, PAGE)


@dataclass
class PutBack:
    """What putting back did, in files: ``returned`` to whom they were given before; ``changed`` since, so left as they
    are; ``without_holder``, left because whoever had them instructs no more."""

    returned: int = 0
    changed: int = 0
    without_holder: int = 0


def name_of(person: Person | None) -> str:
    """A colleague as the others know them."""
    return person.display_name if person else "personne"


def plan(keys: Collection[int], to: Person | None) -> AssignmentPlan:
    """What giving these files to somebody, or to nobody, would do; drafts are nobody's to instruct."""
    lines = _lines(keys)
    changed = [line for line in lines if line.holder != to]
    return AssignmentPlan(changed, [line for line in lines if line.holder == to])


@transaction.atomic
def assign(*, seen: State, to: Person | None, by: Person) -> Former:
    """Give files to somebody, all or none; returns what :func:`put_back` asks for. Done twice, it changes nothing more.

    ``seen`` is who had each, by key, when that was shown.

    Raises:
        ChangedMeanwhile: a colleague gave one to somebody else since, or ``seen`` names no file, or one that is gone.
    """
    keys = sorted(map(int, seen))
    list(Project.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    shown = _lines(keys)
    if not shown or len(shown) < len(seen):
        raise ChangedMeanwhile(f"Cette page n’était plus à jour. {NOTHING_DONE}")
    lines = [line for line in shown if line.holder != to]
    moved = [line.project.code for line in lines if line.state != seen[str(line.project.pk)]]
    if moved:
        named = ", ".join(moved[:MOST_NAMED]) + ("…" if len(moved) > MOST_NAMED else "")
        raise ChangedMeanwhile(
            f"{count_phrase(len(moved), 'dossier a', 'dossiers ont')} changé de mains entre-temps : {named}. "
            f"{NOTHING_DONE}"
        )
    former: Former = {}
    reviews = []
    for line in lines:
        review = getattr(line.project, "review", None) or Review(project=line.project, version=0)
        review.assigned_to = to
        reviews.append(review)
        former[str(line.project.pk)] = (line.holder.pk if line.holder else None, review.version + 1, line.last_step)
    _sign(reviews, by)
    if to is not None:
        tell_assigned([line.project for line in lines], to=to, by=by)
    return former


def tell_assigned(projects: list[Project], *, to: Person, by: Person) -> None:
    """Let whoever was given files know of it, unless they gave them to themselves."""
    if projects and to.pk != by.pk:
        files_assigned.send(sender=Review, projects=projects, to=to, by=by)


@transaction.atomic
def put_back(former: Mapping[str, Any], *, people: Collection[int], by: Person) -> PutBack:
    """Give files back to whoever had them, but for those that somebody has written in or taken a step of since.

    ``people`` are the keys of those who may have a file.
    """
    keys = sorted(map(int, former))
    list(Project.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))
    outcome = PutBack()
    returned = []
    for line in _lines(keys):
        holder, *since = former[str(line.project.pk)]
        review = getattr(line.project, "review", None)
        if review is None or [review.version, line.last_step] != since:
            outcome.changed += 1
        elif holder is not None and holder not in people:
            outcome.without_holder += 1
        else:
            review.assigned_to_id = holder
            returned.append(review)
    _sign(returned, by)
    outcome.returned = len(returned)
    return outcome


def _lines(keys: Collection[int]) -> list[AssignmentLine]:
    steps = TransitionLog.objects.filter(project=OuterRef("pk")).order_by("-pk")
    projects = Project.objects.filter(pk__in=list(keys)).exclude(status=ProjectStatus.DRAFT)
    handed_in = projects.annotate(last_step=Subquery(steps.values("pk")[:1]))
    lines = []
    for project in handed_in.select_related("organization", "review__assigned_to").order_by("code_key", "code"):
        review = getattr(project, "review", None)
        lines.append(AssignmentLine(project, review.assigned_to if review else None, project.last_step))
    return lines


def _sign(reviews: list[Review], by: Person) -> None:
    """Write to whom some files are given, as their next version, in a constant number of queries."""
    now = timezone.now()
    for review in reviews:
        review.saved_by, review.saved_at = by, now
        review.version += 1
    begun = [review for review in reviews if review.pk is not None]
    others = [review for review in reviews if review.pk is None]
    Review.objects.bulk_create(others)  # not the tree
    Review.objects.bulk_update(begun, ["assigned_to", "saved_by", "saved_at", "version"])  # not the tree
