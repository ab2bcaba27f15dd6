"""What is in the calendar, and for whom: everybody, those who read the instruction, those who lead a project."""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from axes.document import kept
from axes.models import Framework
from cohesion.lib.dates import clock
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP
from projects.catalogue.due import with_last_report
from projects.catalogue.models import Project, ReferenceDocument
from projects.catalogue.rules import READ_INSTRUCTION, WRITE_INSTRUCTION
from projects.catalogue.workflow import REPORT_OPEN
from projects.choices import PieceMoment
from projects.declaring.models import Campaign, LateLeave
from projects.figures.gaps import awaiting
from projects.instructing.models import Committee
from projects.members.rules import memberships
from projects.messaging.telling import lead_path, officer_path

CALL, COMMITTEE, REPORT, DOCUMENT = "appel", "comite", "bilan", "document"
KINDS = {CALL: "Appels", COMMITTEE: "Comités", REPORT: "Bilans", DOCUMENT: "Documents"}


@dataclass(frozen=True)
class AgendaEvent:
    """Something on a day, or at a moment of it. ``key`` names it for ever; ``path``: the page about it, if any."""

    key: str
    kind: str
    when: datetime.date | datetime.datetime
    title: str
    detail: str = ""
    path: str = ""

    @property
    def day(self) -> datetime.date:
        return timezone.localdate(self.when) if isinstance(self.when, datetime.datetime) else self.when

    @property
    def hour(self) -> str:
        """« 18 h », of what is at a moment."""
        return clock(self.when) if isinstance(self.when, datetime.datetime) else ""

    @cached_property
    def kind_words(self) -> str:
        return KINDS[self.kind].removesuffix("s")

    @property
    def order(self) -> tuple[datetime.date, str, str]:
        return self.day, self.hour, self.title


def events(user: Person | None) -> list[AgendaEvent]:
    """What somebody may know of (None: anybody), the earliest first."""
    is_reader = user is not None and user.is_active and user.has_perm(READ_INSTRUCTION)
    everything = [*_calls(), *_documents(_every_document() if is_reader else _public_documents())]
    if is_reader:
        everything += _committees()
    if user is not None and user.is_active:
        everything += _own(user)
    return sorted(everything, key=lambda event: event.order)


def _calls() -> Iterator[AgendaEvent]:
    for campaign in Campaign.objects.announced().prefetch_related("expected_pieces"):
        key, name = f"appel-{campaign.pk}", f"«{NBSP}{campaign.name}{NBSP}»"
        path = reverse("projects:declaration_new")
        yield AgendaEvent(f"{key}-ouverture", CALL, campaign.opens_at, f"Ouverture de l’appel {name}", "", path)
        detail = " ".join(["Ensuite, plus rien ne se dépose.", _pieces(campaign)]).strip()
        yield AgendaEvent(f"{key}-cloture", CALL, campaign.closes_at, f"Clôture de l’appel {name}", detail, path)


def _pieces(campaign: Campaign) -> str:
    """The pieces that go with a request, in a sentence; nothing where none is expected."""
    kinds = [
        piece.get_kind_display() for piece in campaign.expected_pieces.all() if piece.moment == PieceMoment.REQUEST
    ]
    return f"Pièces attendues{NBSP}: {', '.join(kinds)}." if kinds else ""


def _every_document() -> Iterable[ReferenceDocument]:
    return ReferenceDocument.objects.exclude(review_on=None, ends_on=None).select_related("owner")


def _public_documents() -> Iterable[ReferenceDocument]:
    """Those that the coverage page names: the others are public nowhere."""
    framework = Framework.objects.in_force().first()
    nodes = kept(framework) if framework else []
    return [document for document, _ in awaiting(nodes)]


def _documents(dated: Iterable[ReferenceDocument]) -> Iterator[AgendaEvent]:
    for document in dated:
        key, name = f"document-{document.pk}", f"«{NBSP}{document.title}{NBSP}»"
        owner = f"Responsable{NBSP}: {document.owner.name}" if document.owner else ""
        if document.review_on:
            yield AgendaEvent(f"{key}-revoir", DOCUMENT, document.review_on, f"À revoir{NBSP}: {name}", owner)
        if document.ends_on:
            yield AgendaEvent(f"{key}-fin", DOCUMENT, document.ends_on, f"Fin de {name}", owner)


def _committees() -> Iterator[AgendaEvent]:
    """Those that are set, and for a call that has none yet, the day that it foresees."""
    planned: set[int] = set()
    for committee in Committee.objects.select_related("campaign"):
        planned.add(committee.campaign_id or 0)
        path = reverse("projects:instruction_committee", args=[committee.pk])
        detail = committee.campaign.name if committee.campaign else ""
        yield AgendaEvent(f"comite-{committee.pk}", COMMITTEE, committee.held_on, committee.name, detail, path)
    for campaign in Campaign.objects.announced().exclude(pk__in=planned).exclude(committee_on=None):
        if campaign.committee_on is not None:
            title = f"Comité prévu pour «{NBSP}{campaign.name}{NBSP}»"
            yield AgendaEvent(f"appel-{campaign.pk}-comite", COMMITTEE, campaign.committee_on, title)


def _own(user: Person) -> Iterator[AgendaEvent]:
    """The reports of one's own organisations, or of the files that one follows; and leaves to hand in late."""
    mine = list(memberships(user))
    writes = user.has_perm(WRITE_INSTRUCTION)
    if not mine and not writes:
        return
    own = Q(organization__in=mine) | (Q(review__assigned_to=user) if writes else Q(pk__in=()))
    around = with_last_report(Project.objects.filter(own, status__in=REPORT_OPEN)).select_related("organization")
    awaited = around.filter(report_at=None, report_due__isnull=False).select_related("declaration")
    yield from _reports(awaited.defer("declaration__answers").distinct(), mine)
    for leave in LateLeave.objects.filter(organization__in=mine).select_related("campaign", "organization"):
        title = f"Dépôt tardif possible jusqu’à ce moment{NBSP}: «{NBSP}{leave.campaign.name}{NBSP}»"
        yield AgendaEvent(f"depot-{leave.pk}", CALL, leave.until, title, leave.organization.name, "/espace/")


def _reports(projects: Iterable[Any], mine: list[int]) -> Iterator[AgendaEvent]:
    for project in projects:
        path = lead_path(project) if project.organization_id in mine else officer_path(project)
        title = f"Bilan attendu{NBSP}: «{NBSP}{project.title}{NBSP}»"
        yield AgendaEvent(f"bilan-{project.pk}", REPORT, project.report_due, title, project.organization.name, path)


def uid(event: AgendaEvent, host: str) -> str:
    return f"{event.key}@{host or settings.SITE_NAME}"
