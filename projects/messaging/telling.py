"""Telling: within the transaction of what happened, one message a reader, each thing once."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Min
from django.utils import timezone

from cohesion.lib.dates import french_date, french_moment
from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase, euros
from projects.catalogue.due import with_last_report
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.steps import step_taken
from projects.catalogue.workflow import BY_NAME, Who
from projects.choices import MailFrequency, ProjectStatus
from projects.declaring.models.campaign import campaign_of
from projects.instructing.assigning import files_assigned
from projects.instructing.models import FileNote
from projects.instructing.notes import note_written
from projects.instructing.turns import LATE_AFTER
from projects.messaging import readers
from projects.messaging.models import MailChoice, Mailing, Message
from projects.messaging.readers import Reader
from projects.messaging.wording import ASSIGNED, NOTE, RECEIPTS, TO_LEADS, TO_OFFICERS, UNREACHABLE

if TYPE_CHECKING:
    from projects.correspondence.models import Paper

SPACE = "/espace/"
QUEUE = "/instruction/"
MOST_NAMED = 10  # files of one message
AMEND, CORRECT = "amend", "correct"


@dataclass(frozen=True)
class News:
    """One thing to tell, with the paper that goes with it. ``event`` names it in the key, which the name of the reader
    completes."""

    event: str
    title: str
    text: str
    path: str
    project: Project | None = None
    mailing: Mailing | None = None
    paper: "Paper | None" = None


def connect() -> None:
    step_taken.connect(_hear, dispatch_uid="projects.messaging")
    note_written.connect(_tell_colleagues, dispatch_uid="projects.messaging")
    files_assigned.connect(_tell_holder, dispatch_uid="projects.messaging")


def tell(letters: Iterable[tuple[News, Reader]]) -> int:
    """Write what was not told yet; returns how many messages that makes.

    Whoever wants no mail, or has no address, gets the message in the application only.
    """
    wanted = {f"{news.event}:{reader.name}": (news, reader) for news, reader in letters}
    known = set(Message.objects.filter(key__in=wanted).values_list("key", flat=True))
    silent = set(MailChoice.objects.filter(frequency=MailFrequency.NEVER).values_list("user_id", flat=True))
    new = []
    for key, (news, reader) in wanted.items():
        if key not in known:
            new.append(_message(key, news, reader, mailed=bool(reader.address) and reader.account not in silent))
    # Another may have told the same in the meantime: the key is unique.
    Message.objects.bulk_create(new, ignore_conflicts=True)  # not the tree
    return len(new)


def _message(key: str, news: News, reader: Reader, *, mailed: bool) -> Message:
    return Message(
        key=key,
        user=reader.user,
        email=reader.email,
        project=news.project,
        mailing=news.mailing,
        paper=news.paper,
        title=news.title,
        text=news.text,
        path=news.path,
        mailed=mailed,
    )


def lead_path(project: Project) -> str:
    """Where a lead answers: the report when it is due, the declaration otherwise, or the whole space without one."""
    if project.status == ProjectStatus.REPORT_DUE:
        return f"{SPACE}bilans/{project.pk}/"
    return f"{SPACE}declarations/{project.pk}/" if hasattr(project, "declaration") else SPACE


def officer_path(project: Project) -> str:
    return f"{QUEUE}{project.pk}/"


def _committee_on(project: Project) -> datetime.date | None:
    """When the committee meets: the one that has the file, else as the call for projects says."""
    review, campaign = getattr(project, "review", None), campaign_of(project)
    if review and review.committee:
        return review.committee.held_on
    return campaign.committee_on if campaign else None


def contact_of(project: Project) -> str:
    """Whom a lead may write to: the address of the call, else that of the site."""
    campaign = campaign_of(project)
    return (campaign.contact_email if campaign else "") or settings.CONTACT_EMAIL


def days_before_late(project: Project) -> int:
    campaign = campaign_of(project)
    return campaign.late_after_days if campaign else LATE_AFTER


def _hear(sender: object, log: TransitionLog, **kwargs: Any) -> None:
    """Tell the other side of a step; what was never handed in, and is given up by its lead, concerns nobody else."""
    if not BY_NAME[log.transition].is_told:
        return
    if not _is_leads(log):
        _tell_leads(log)
    elif log.source != ProjectStatus.DRAFT or log.transition != "abandon":
        facts = _facts(log)
        title, text = TO_OFFICERS[log.transition].fill(facts)
        news = News(f"step:{log.pk}", title, text, officer_path(log.project), log.project)
        tell((news, officer) for officer in readers.officers_of(log.project) if not _is_author(officer, log))
        _acknowledge(log, facts)


def _tell_colleagues(sender: object, note: FileNote, **kwargs: Any) -> None:
    """A note reaches the colleagues whom its author named."""
    facts = {"project": note.project.title, "author": note.by.display_name, "text": note.text}
    title, text = NOTE.fill(facts)
    news = News(f"note:{note.pk}", title, text, f"{officer_path(note.project)}#notes", note.project)
    tell((news, readers.account(colleague)) for colleague in note.recipients.filter(is_active=True))


def _tell_holder(sender: object, projects: list[Project], to: Person, by: Person, **kwargs: Any) -> None:
    """Whoever was given files by a colleague hears which."""
    number = count_phrase(len(projects), "dossier vous est confié", "dossiers vous sont confiés")
    named = [f"{project.title} ({project.code})" for project in projects[:MOST_NAMED]]
    if len(projects) > MOST_NAMED:
        named.append(f"et {count_phrase(len(projects) - MOST_NAMED, 'autre')}")
    title, text = ASSIGNED.fill({"number": number, "author": by.display_name, "files": "\n".join(named)})
    path = officer_path(projects[0]) if len(projects) == 1 else f"{QUEUE}?qui=moi"
    moment = f"{timezone.now():%Y%m%d%H%M%S%f}"
    tell([(News(f"assigned:{moment}", title, text, path), readers.account(to))])


def _acknowledge(log: TransitionLog, facts: dict[str, str]) -> None:
    """Say to those who act for the lead that what was handed in has arrived: they may have to prove it."""
    if log.transition in RECEIPTS:
        title, text = RECEIPTS[log.transition].fill(facts)
        news = News(f"receipt:{log.pk}", title, text, lead_path(log.project), log.project)
        tell((news, lead) for lead in readers.leads([log.project.organization])[log.project.organization_id])


def _tell_leads(log: TransitionLog) -> None:
    project, facts = log.project, _facts(log)
    title, text = TO_LEADS[log.transition].fill(facts)
    lead_readers = readers.leads([project.organization])[project.organization_id]
    if lead_readers:
        news = News(f"step:{log.pk}", title, text, lead_path(project), project)
        tell((news, reader) for reader in lead_readers if not _is_author(reader, log))
        return
    if log.transition == CORRECT:  # an officer's own doing, often of many at once: nobody waits for it
        return
    # The author too: that nobody heard of it is news to them.
    title, text = UNREACHABLE.fill(facts)
    news = News(f"unreachable:{log.pk}", title, text, officer_path(project), project)
    tell((news, reader) for reader in [*readers.officers_of(project), *readers.contact()])


def _is_leads(log: TransitionLog) -> bool:
    who = BY_NAME[log.transition].who
    return who is Who.LEAD or (who is Who.BOTH and log.organization_id is not None)


def _is_author(reader: Reader, log: TransitionLog) -> bool:
    return reader.user is not None and reader.user.pk == log.by_id


def _facts(log: TransitionLog) -> dict[str, str]:
    """What the sentences may say of a step, in words; nothing where it is not known."""
    project, campaign = log.project, campaign_of(log.project)
    decisions = project.decisions.all() if log.transition == AMEND else project.decisions.filter(outcome=log.target)
    decision = decisions.last()
    remarks = project.remarks.filter(closed_at=None).aggregate(number=Count("pk"), due_on=Min("due_on"))
    number = remarks["number"]
    due_on = with_last_report(Project.objects.filter(pk=project.pk)).values_list("report_due", flat=True).first()
    late_on = timezone.localdate(log.at) + datetime.timedelta(days=days_before_late(project))
    return {
        "project": project.title,
        "code": project.code,
        "at": french_moment(log.at),
        "organization": (log.organization or project.organization).name,
        "done": BY_NAME[log.transition].done,
        "state": log.get_target_display(),
        "decision": decision.get_outcome_display() if decision else "",
        "comment": log.comment,
        "remarks": count_phrase(number, "demande vous attend", "demandes vous attendent") if number else "",
        "complete_by": french_date(remarks["due_on"]),
        "campaign": campaign.name if campaign else "",
        "contact": contact_of(project),
        "committee_on": french_date(_committee_on(project)),
        "amount": euros(decision.amount) if decision and decision.amount is not None else "",
        "deliberation": decision.deliberation if decision else "",
        "report_due": french_date(due_on),
        "late_on": french_date(late_on),
    }
