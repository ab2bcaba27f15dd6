"""Who is written to: the people behind the projects that an officer asks for, each once, and why."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from cohesion.lib.dates import plain_date, plain_moment
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP
from projects.catalogue.due import is_late, with_last_report
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.catalogue.workflow import REPORT_OPEN, TURNED_DOWN
from projects.choices import MailFrequency, ProjectKind, ProjectStatus
from projects.declaring.models import Campaign
from projects.messaging import readers
from projects.messaging.models import MailChoice
from projects.messaging.readers import Reader
from projects.messaging.telling import contact_of, lead_path

MOST = 1_000  # people in one message: more is a mistake, or a matter for a newsletter
NAMED = 3  # titles written out in a sentence
CURRENT, DRAFTS, TO_COMPLETE, LATE, ALL = "en-cours", "brouillons", "a-completer", "bilan-en-retard", "toutes"
SITUATIONS = {
    CURRENT: "Les actions déposées, retenues ou en cours",
    DRAFTS: "Les brouillons, pas encore déposés",
    TO_COMPLETE: "Les dossiers à compléter",
    LATE: "Les bilans en retard",
    ALL: "Toutes les actions, même closes ou refusées",
}
NOT_CURRENT = (ProjectStatus.DRAFT, ProjectStatus.CLOSED, *TURNED_DOWN)


@dataclass
class Recipient:
    """Somebody who is written to, the projects that are the reason, and whether a mail reaches them."""

    reader: Reader
    projects: list[Project] = field(default_factory=list)
    wants_mail: bool = True

    @property
    def key(self) -> str:
        return self.reader.name

    @property
    def name(self) -> str:
        """How they are called: an address without an account is its organisation's."""
        user = self.reader.user
        return (user.get_full_name() or user.email) if user is not None else self.organizations

    @property
    def organizations(self) -> str:
        return ", ".join(dict.fromkeys(project.organization.name for project in self.projects))

    @property
    def gets_mail(self) -> bool:
        return self.wants_mail and bool(self.reader.address)

    @property
    def project(self) -> Project | None:
        """The only project that the message is about, if it is about one."""
        return self.projects[0] if len(self.projects) == 1 else None

    @property
    def path(self) -> str:
        return lead_path(self.project) if self.project is not None else "/espace/"

    def facts(self, campaign: Campaign | None, by: Person) -> dict[str, str]:
        """What the fields of a letter become for them; nothing where it is not known."""
        days = [project.report_due for project in self.projects]  # type: ignore[attr-defined] # of the query
        due = min(filter(None, days), default=None)
        return {
            "personne": self.name,
            "structure": self.organizations,
            "action": _titles([project.title for project in self.projects]),
            "echeance": plain_date(due),
            "appel": campaign.name if campaign else "",
            "ouverture": plain_date(campaign.opens_at) if campaign else "",
            "cloture": plain_moment(campaign.closes_at) if campaign else "",
            "contact": next(filter(None, map(contact_of, self.projects)), by.email),
        }


class Audience:
    """The projects of a situation, further narrowed by what else was asked for, and whom they lead to.

    ``conditions``: the queries of the other filters; ``words`` says in a sentence what was asked for.
    """

    def __init__(self, situation: str, narrowed: ProjectQuerySet, words: str) -> None:
        self.situation, self.narrowed, self.words = situation, narrowed, words
        self.today = timezone.localdate()

    @property
    def _matching(self) -> QuerySet[Any]:
        conditions = {
            CURRENT: ~Q(status__in=NOT_CURRENT),
            DRAFTS: Q(status=ProjectStatus.DRAFT),
            TO_COMPLETE: Q(status=ProjectStatus.TO_COMPLETE),
            LATE: Q(status__in=REPORT_OPEN) & is_late(self.today),
            ALL: Q(),
        }
        return with_last_report(self.narrowed).filter(conditions[self.situation])

    @property
    def number(self) -> int:
        """How many projects there are."""
        return self._matching.count()

    @cached_property
    def projects(self) -> list[Project]:
        around = self._matching.select_related("organization", "declaration__campaign")
        return list(around.defer("declaration__answers"))

    @cached_property
    def recipients(self) -> list[Recipient]:
        """Each person once, by the name of the organisation, then theirs."""
        by_organization = readers.leads(project.organization for project in self.projects)
        silent = set(MailChoice.objects.filter(frequency=MailFrequency.NEVER).values_list("user_id", flat=True))
        recipients: dict[str, Recipient] = {}
        for project in self.projects:
            for reader in by_organization[project.organization_id]:
                wants_mail = reader.account not in silent
                recipients.setdefault(reader.name, Recipient(reader, wants_mail=wants_mail)).projects.append(project)
        return sorted(recipients.values(), key=lambda recipient: (recipient.organizations.lower(), recipient.name))

    @cached_property
    def unreachable(self) -> list[str]:
        """The organisations that have neither an account that is active nor an address."""
        reached = {project.organization_id for recipient in self.recipients for project in recipient.projects}
        missed = [project.organization.name for project in self.projects if project.organization_id not in reached]
        return sorted(set(missed))

    @property
    def is_too_large(self) -> bool:
        return len(self.recipients) > MOST

    def chosen(self, keys: Iterable[str]) -> list[Recipient]:
        """Those among them who were ticked."""
        wanted = set(keys)
        return [recipient for recipient in self.recipients if recipient.key in wanted]


def announced_campaign(now: datetime.datetime | None = None) -> Campaign | None:
    """The call that is open, else the next that opens; of several, the first that closes."""
    now = now or timezone.now()
    ahead = list(Campaign.objects.announced().filter(closes_at__gt=now))
    return min(ahead, key=lambda campaign: (campaign.opens_at > now, campaign.closes_at), default=None)


def psts() -> ProjectQuerySet:
    return Project.objects.filter(kind=ProjectKind.PST).order_by("search_text")


def _titles(titles: list[str]) -> str:
    quoted = [f"«{NBSP}{title}{NBSP}»" for title in titles[:NAMED]]
    if len(titles) > NAMED:
        quoted.append(f"{len(titles) - NAMED} autre" + ("s" if len(titles) > NAMED + 1 else ""))
    return " et ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)
