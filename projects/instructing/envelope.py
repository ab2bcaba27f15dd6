"""What a meeting spends: the envelope of its call, what it has granted, what is asked and proposed, what is left."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from cohesion.lib.text import euros
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import GRANTED
from projects.instructing.models import Committee

ZERO = Decimal(0)


@dataclass(frozen=True)
class Envelope:
    """Amounts in euros. ``budget``: that of the call (None: it has none); ``granted``: by the whole call so far, or by
    this meeting where it is of no call; ``requested`` and ``proposed``: of what is before the meeting."""

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
    """The sums of a meeting, in two queries. What a PST asks is not added to what its actions ask."""
    parts = before_it.filter(host__isnull=False, requested__gt=0).order_by().values("host")
    sums: dict[str, Any] = before_it.order_by().aggregate(
        requested=Sum("requested", filter=~Q(pk__in=parts)), proposed=Sum("review__proposed_amount")
    )
    if meeting.campaign is not None:
        of_call = Project.objects.filter(declaration__campaign=meeting.campaign)
    else:
        of_call = Project.objects.filter(pk__in=meeting.decisions.order_by().values("project"))
    granted = of_call.filter(status__in=GRANTED).aggregate(sum=Sum("granted"))["sum"]
    budget = meeting.campaign.budget if meeting.campaign else None
    return Envelope(budget, granted or ZERO, sums["requested"] or ZERO, sums["proposed"] or ZERO)


def left_after(envelope: Envelope, projects: list[Project]) -> dict[int, str]:
    """In words, by key of the project: what would be left once it and those before it in the list are granted as
    proposed; nothing where the call has no envelope."""
    left = envelope.left
    if left is None:
        return {}
    running: dict[int, str] = {}
    for project in projects:
        review = getattr(project, "review", None)
        left -= (review.proposed_amount if review else None) or ZERO
        running[project.pk] = f"reste {euros(left)}" if left >= 0 else f"enveloppe {in_words(left)}"
    return running
