"""Taking back what was just asked of a lead: a completion, a report to be taken up again.

It can be taken back while the lead has not heard of it, nor begun to answer: then nothing of it is left but the steps
in the log. Who tells the lead (:mod:`projects.messaging`) says how far the news has gone.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, Max, Q, QuerySet
from django.dispatch import Signal
from django.utils import timezone

from cohesion.lib.dates import french_moment
from cohesion.lib.people import Person
from cohesion.together.states import ChangedMeanwhile
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.steps import AlreadyMoved, step
from projects.choices import ProjectStatus
from projects.declaring.models import Attachment, Declaration, Remark
from projects.reporting.models import Report

# Sent with ``log``, the step by which it was asked: each receiver says how the lead heard of it, or nothing.
news_reached = Signal()
# Sent within the transaction that takes it back, with ``log``: what was not told will not be. A receiver may refuse.
news_withdrawn = Signal()
ASKED = {"return": "recall", "return_report": "recall_report"}  # and the step that takes it back
ASKING = (ProjectStatus.TO_COMPLETE, ProjectStatus.REPORT_DUE)  # where they lead
BEGUN = "la structure a commencé à y répondre"
# What is asked stands in the space of its lead, read or not: a day later, it may well have been seen there.
WITHIN = datetime.timedelta(days=1)
OLD = "la demande date de plus d’un jour, et la structure la lit dans son espace"


@dataclass(frozen=True)
class Recall:
    """What was just asked, and why it can no longer be taken back (nothing where it can)."""

    log: TransitionLog
    hindrance: str

    @property
    def name(self) -> str:
        """The step that takes it back."""
        return ASKED[self.log.transition]


def recall_of(project: Project) -> Recall | None:
    """What was asked of the lead by the last step; None where it asked nothing."""
    if project.status not in ASKING:
        return None
    log = project.log.order_by("-at", "-pk").first()
    if log is None or log.transition not in ASKED:
        return None
    return Recall(log, _hindrance(project, log))


def recall(project: Project, *, by: Person, comment: str = "", seen: int | None = None) -> None:
    """Take back what the last step asked: the file is again where it was, and the lead hears of nothing.

    ``seen`` is the step that the page showed (None: the last one, whichever it is).

    Raises:
        ChangedMeanwhile: a colleague has asked anew since the page was read.
        AlreadyMoved: the lead has answered in between, or a colleague took it back.
        ValidationError: the lead knows of it, or has begun to answer.
    """
    pending = recall_of(project)
    if pending is None and project.status not in ASKING:
        raise AlreadyMoved(project)
    if pending is None:
        raise ValidationError("Rien n’a été demandé à la structure : il n’y a rien à annuler.", code="nothing")
    if seen is not None and pending.log.pk != seen:
        raise ChangedMeanwhile(_asked_anew(pending.log))
    with step(project, pending.name, by=by, comment=comment) as locked:
        now = recall_of(locked)
        if now is None or now.log != pending.log:
            raise ValidationError("Une autre étape a été franchie entre-temps : rien n’a été annulé.", code="moved")
        if now.hindrance:
            raise ValidationError(refusal(now), code="heard")
        news_withdrawn.send(sender=Project, log=now.log)
        if now.log.transition == "return":
            _asked_by(now.log).delete()
        else:
            _give_back_report(locked)
        locked.status = now.log.source


def _asked_anew(log: TransitionLog) -> str:
    author = log.by.display_name if log.by else "quelqu’un"
    return (
        f"Depuis que vous avez ouvert cette page, {author} a fait une autre demande, le {french_moment(log.at)} : rien "
        "n’a été annulé. Relisez ce qui est demandé ; si c’est bien cela, annulez à nouveau."
    )


def _asked_by(log: TransitionLog) -> QuerySet[Remark]:
    """What this step asked to be completed; not what an earlier one did, and which no lead ever answered."""
    before = log.project.log.exclude(pk=log.pk).filter(at__lte=log.at).aggregate(last=Max("at"))["last"]
    since = Q(at__gt=before) if before else Q()
    return log.project.remarks.filter(since, closed_at=None, at__lte=log.at)


def refusal(pending: Recall) -> str:
    """Why it can no longer be taken back, and what is left to do."""
    return (
        f"Ce qui a été demandé ne s’annule plus : {pending.hindrance}. Écrivez à la structure, ou corrigez l’état du "
        "dossier dans sa fiche."
    )


def _hindrance(project: Project, log: TransitionLog) -> str:
    for _, sentence in news_reached.send(sender=Project, log=log):
        if sentence:
            return str(sentence)
    if timezone.now() - log.at > WITHIN:
        return OLD
    return BEGUN if _has_begun(project, log) else ""


def _has_begun(project: Project, log: TransitionLog) -> bool:
    """Whether the lead typed, answered a remark or gave a file since it was asked."""
    reports = Report.objects.filter(project=project, handed_at=None, saved_at__gt=log.at)
    requests = Declaration.objects.filter(project=project, saved_at__gt=log.at)
    typed: QuerySet[Any] = requests if log.transition == "return" else reports
    answered = project.remarks.filter(closed_at=None).exclude(answer="")
    attached = Attachment.objects.serving(project).filter(at__gt=log.at)
    begun = Q(Exists(typed)) | Q(Exists(answered)) | Q(Exists(attached))
    return Project.objects.filter(begun, pk=project.pk).exists()


def _give_back_report(project: Project) -> None:
    """The report is handed in again as it was, nothing of it was touched since: the one that bears the remark, and none
    that its lead has begun of another year."""
    returned = Report.objects.filter(project=project, handed_at=None).exclude(remark="")
    report = returned.select_for_update().order_by("-year").first()
    handed = project.log.filter(transition="hand_report").order_by("-at", "-pk").first()
    if report is not None:
        report.handed_at = handed.at if handed else timezone.now()
        report.handed_by, report.remark = handed.by if handed else None, ""
        report.save(update_fields=["handed_at", "handed_by", "remark"])
