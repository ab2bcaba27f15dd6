"""What a meeting spends: the envelope of its call, what it has granted, what is asked and proposed, what is left."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from cohesion.lib.text import euros
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import GRANTED
from projects.instructing.deciding import GRANTING
from projects.instructing.models import Committee, Decision

ZERO = Decimal(0)
PROPOSED = "review__proposed_amount"  # its path from a project


@dataclass(frozen=True)
class Envelope:
    """Amounts in euros. ``budget``: that of the call (None: it has none); ``granted``: as :func:`granted_by` has it;
    ``requested`` and ``proposed``: of what is before the meeting.

    What a PST asks is not added to what its parts ask, which it says again. What is proposed and granted is decided
    file by file: each amount is money that leaves the envelope, and all of it counts.
    """

    budget: Decimal | None
    granted: Decimal
    requested: Decimal
    proposed: Decimal

    @property
    def left(self) -> Decimal | None:
        """What may still be granted."""
        return None if self.budget is None else self.budget - self.granted

    @property
    def left_if_followed(self) -> Decimal | None:
        """What would be left were all granted as it is proposed."""
        return None if self.left is None else self.left - self.proposed

    @property
    def is_short(self) -> bool:
        return self.left_if_followed is not None and self.left_if_followed < 0

    @property
    def left_in_words(self) -> str:
        return "" if self.left is None else in_words(self.left)

    @property
    def followed_in_words(self) -> str:
        return "" if self.left_if_followed is None else in_words(self.left_if_followed)


def in_words(left: Decimal) -> str:
    """What is left of an envelope, or by how much it is exceeded."""
    return euros(left) if left >= 0 else f"dépassée de {euros(-left)}"


def envelope_of(meeting: Committee, before_it: ProjectQuerySet) -> Envelope:
    """The sums of a meeting, in two queries."""
    files, granted = before_it.order_by(), granted_by(meeting)
    requested = Sum("requested", filter=~files.said_by_parts("requested"))
    sums: dict[str, Any] = files.aggregate(requested=requested, proposed=Sum(PROPOSED))
    sums |= granted.aggregate(granted=Sum("granted"))
    budget = meeting.campaign.budget if meeting.campaign else None
    return Envelope(budget, **{name: amount or ZERO for name, amount in sums.items()})


def granted_by(meeting: Committee) -> ProjectQuerySet:
    """What the whole call of a meeting has granted; this meeting alone, where it is of no call."""
    if meeting.campaign is not None:
        return Project.objects.filter(granted_in(meeting.campaign.pk))
    return Project.objects.filter(_granted(meeting.decisions.all()))


def granted_in(call: int) -> Q:
    """What a call has granted, by its key: to what answers it, and to what else one of its committees decided."""
    decided = Decision.objects.filter(committee__campaign=call)
    return Q(declaration__campaign=call, status__in=GRANTED) | _granted(decided)


def granted_by_call() -> dict[int, Decimal]:
    """What each call has granted, by its key, in two queries: as :func:`granted_in` has it."""
    answers = Project.objects.filter(status__in=GRANTED, declaration__campaign__isnull=False)
    decided = Decision.objects.filter(
        outcome__in=GRANTING, committee__campaign__isnull=False, project__status__in=GRANTED
    )
    rows = [
        *answers.values_list("declaration__campaign", "pk", "granted"),
        *decided.order_by().values_list("committee__campaign", "project", "project__granted"),
    ]
    amounts: dict[int, dict[int, Decimal]] = {}
    for call, project, granted in rows:
        amounts.setdefault(call, {})[project] = granted or ZERO
    return {call: sum(by_project.values(), ZERO) for call, by_project in amounts.items()}


def _granted(decisions: QuerySet[Decision]) -> Q:
    granting = decisions.filter(outcome__in=GRANTING).order_by()
    return Q(pk__in=granting.values("project"), status__in=GRANTED)


def left_after(envelope: Envelope, projects: list[Project]) -> dict[int, str]:
    """In words, by key of the project: what would be left once it and those before it in the list are granted as
    proposed; nothing where the call has no envelope."""
    left = envelope.left
    if left is None:
        return {}
    running: dict[int, str] = {}
    for project in projects:
        left -= _proposed(project)
        running[project.pk] = f"reste {euros(left)}" if left >= 0 else f"enveloppe {in_words(left)}"
    return running


def _proposed(project: Project) -> Decimal:
    review = getattr(project, "review", None)
    return (review.proposed_amount if review else None) or ZERO
