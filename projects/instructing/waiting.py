"""What waits for the officers, at a glance: by what there is to do, the oldest first, and the committee that comes."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Prefetch, Q, Sum, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from cohesion.lib.people import Person
from projects.catalogue.models import Contribution, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import OFFICERS_TURN
from projects.choices import ProjectStatus as S
from projects.declaring.models import Campaign, Remark
from projects.instructing.envelope import PROPOSED
from projects.instructing.models import Committee
from projects.instructing.sheet import proposals
from projects.instructing.turns import QueueLine, is_late, noted, placed

SHOWN = 3  # files of each lane
TASKS = {
    S.SUBMITTED: "Vérifier la recevabilité",
    S.ADMISSIBLE: "Commencer l’instruction",
    S.IN_REVIEW: "Finir l’avis",
    S.REPORT_RECEIVED: "Contrôler les bilans",
}


def queue_address(**filters: str) -> str:
    """The queue, narrowed by its own filters."""
    return f"{reverse('projects:instruction')}?{urlencode(filters)}"


@dataclass(frozen=True)
class Lane:
    """The files on which one thing is to be done: how many, the oldest of them, and the page that has them all."""

    title: str
    number: int
    address: str
    lines: list[QueueLine]


@dataclass(frozen=True)
class ComingCommittee:
    """The next committee: how many files are ready for it, and what is proposed (euros) of its envelope."""

    committee: Committee
    ready: int
    proposed: Any

    @property
    def envelope(self) -> Any:
        return self.committee.campaign.budget if self.committee.campaign else None


@dataclass(frozen=True)
class Waiting:
    """What waits: for officers (``total``), of which theirs who asks (``own``); ``late`` counts, as the queue does,
    what is overdue for officers and for leads.
    """

    lanes: list[Lane]
    total: int
    own: int
    late: int
    with_leads: int
    reports: int
    coming: ComingCommittee | None


def waiting(user: Person) -> Waiting:
    """What waits for the officers, as one of them sees it; the number of queries is constant."""
    counts = _counts(user)
    today = timezone.localdate()
    lines: dict[str, list[QueueLine]] = {status.value: [] for status in TASKS}
    for project in _oldest():
        lines[project.status].append(QueueLine.of(project, today))
    lanes = [
        Lane(title, counts[status.value], queue_address(etat=status.value), lines[status.value])
        for status, title in TASKS.items()
    ]
    return Waiting(
        lanes=lanes,
        total=sum(lane.number for lane in lanes),
        own=counts["own"],
        late=counts["late"],
        with_leads=counts["with_leads"],
        reports=counts["reports"],
        coming=coming_committee(today),
    )


def _counts(user: Person) -> dict[str, int]:
    in_status = {status.value: Count("pk", filter=Q(status=status)) for status in TASKS}
    handed_in = placed(Project.objects.exclude(status=S.DRAFT)).order_by()
    return handed_in.aggregate(
        own=Count("pk", filter=Q(status__in=OFFICERS_TURN, review__assigned_to=user.pk)),
        late=Count("pk", filter=is_late(list(Campaign.objects.all()))),
        with_leads=Count("pk", filter=Q(status=S.TO_COMPLETE)),
        reports=Count("pk", filter=Q(status=S.REPORT_DUE)),
        **in_status,
    )


def _oldest() -> list[Any]:
    """The files of each lane that have waited longest."""
    links = Contribution.objects.in_force().filter(is_main=True).select_related("orientation__framework")
    projects: ProjectQuerySet = noted(placed(Project.objects.filter(status__in=list(TASKS))))
    in_lane = Window(RowNumber(), partition_by=F("status"), order_by=[F("since").asc(nulls_last=True), F("pk").asc()])
    ranked = projects.annotate(rank_in_lane=in_lane).filter(rank_in_lane__lte=SHOWN)
    with_names = ranked.select_related("organization", "declaration__campaign", "review")
    return list(
        with_names.prefetch_related(
            Prefetch("contributions", links, to_attr="main_links"),
            Prefetch("remarks", Remark.objects.filter(closed_at=None), to_attr="open_remarks"),
        ).order_by(F("since").asc(nulls_last=True), "pk")
    )


def coming_committee(today: datetime.date) -> ComingCommittee | None:
    """The next committee with its files; None while none is planned."""
    planned = Committee.objects.filter(held_on__gte=today).select_related("campaign")
    committee = planned.order_by("held_on", "pk").first()
    if committee is None:
        return None
    ready = proposals(committee).order_by()
    sums = ready.aggregate(number=Count("pk"), proposed=Sum(PROPOSED))
    return ComingCommittee(committee, sums["number"], sums["proposed"] or 0)
