"""Sending papers by the messages of the site: to those who act for the structure, each once, never twice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from cohesion.lib.text import NBSP
from projects.choices import PaperKind
from projects.correspondence.kinds import KINDS
from projects.correspondence.models import Paper
from projects.messaging import readers
from projects.messaging.readers import Reader
from projects.messaging.telling import News, contact_of, tell
from projects.messaging.wording import cut


@dataclass(frozen=True)
class Delivery:
    """A paper, and to whom it goes."""

    paper: Paper
    readers: Sequence[Reader]

    @property
    def names(self) -> list[str]:
        return [_name(reader) for reader in self.readers]


@dataclass
class Sent:
    """What was sent: papers, to how many people; those that reach nobody."""

    papers: int = 0
    people: int = 0
    unreachable: list[Paper] = field(default_factory=list)


def _name(reader: Reader) -> str:
    if reader.user is None:
        return reader.email
    return f"{reader.user.display_name} ({reader.address})" if reader.address else reader.user.display_name


def deliveries(papers: Iterable[Paper]) -> list[Delivery]:
    """To whom each would go now, whatever was sent before; in two queries."""
    listed = list(papers)
    by_organization = readers.leads(paper.organization for paper in listed)
    return [Delivery(paper, by_organization[paper.organization_id]) for paper in listed]


@transaction.atomic
def send(papers: Iterable[Paper], *, by: Person) -> Sent:
    """Send those that were not yet, and are not cancelled; in the transaction that says that they are."""
    keys = [paper.pk for paper in papers]
    rows = Paper.objects.select_for_update(of=("self",)).filter(pk__in=keys, sent_at=None).standing().order_by("pk")
    sent, news = Sent(), []
    for delivery in deliveries(rows.select_related("organization", "project__declaration__campaign")):
        paper = delivery.paper
        if not delivery.readers:
            sent.unreachable.append(paper)
            continue
        news += [(_news(paper), reader) for reader in delivery.readers]
        paper.sent_at, paper.sent_by = timezone.now(), by
        paper.save(update_fields=["sent_at", "sent_by"])
        record(
            AuditKind.PAPER_SENT,
            on=paper,
            by=by,
            after={"document": paper.reference, "destinataires": len(delivery.readers)},
        )
        sent.papers += 1
    sent.people = tell(news)
    return sent


def _news(paper: Paper) -> News:
    about = KINDS[PaperKind(paper.kind)]
    contact = contact_of(paper.project)
    ask = f"\nPour en parler, écrivez à {contact}." if contact else ""
    text = f"{about.message}\nDocument {paper.reference}, à lire et à garder{NBSP}: il est joint au courriel.{ask}"
    return News(
        f"paper:{paper.pk}",
        cut(f"{paper.title}"),
        text,
        reverse("projects:space_paper", args=[paper.pk]),
        paper.project,
        paper=paper,
    )
