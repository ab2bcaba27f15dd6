"""What names people goes when it has been kept for long enough: figures, amounts and steps stay as they were.

What is a public archive (``is_archive``: files, and who is named by their conventions and structures) waits for the
agreement of the archives service. Papers that were issued, grants and payments are acts and accounts: they stay.

Each rule finds what is too old and forgets it, a batch at a time, each in its transaction: what was interrupted is
gone on with, and two at once find nothing left to do twice.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from cohesion.audit import AuditKind, record
from cohesion.imports.models import every_import
from projects.catalogue import deletion
from projects.catalogue.models import Agreement, Grant, Payment, Project, TransitionLog, Withdrawal
from projects.choices import AttachmentKind, ProjectStatus
from projects.correspondence.models import Paper
from projects.declaring.handing_in import fingerprint
from projects.declaring.models import Attachment, Declaration, Remark, Submission
from projects.housekeeping.leaving import OVER
from projects.instructing.models import FileNote, ReviewNote
from projects.members.models import Invitation, Organization
from projects.messaging.models import Message
from projects.reporting.models import Report
from projects.reporting.pdf import REPRESENTATIVE

BATCH = 100
CLOSED = ProjectStatus.CLOSED
GIVEN_UP = (ProjectStatus.REFUSED, ProjectStatus.ABANDONED)
SIGNED = ("signed_for_authority", "signed_for_organization")
PAGE = "structure"  # of a declaration: who represents the structure, whom to reach
GONE = "Message effacé, sa durée de conservation étant atteinte"
CONTACTS = ("representative", "email", "phone", "note")


@dataclass(frozen=True)
class RetentionRule:
    """What is too old, and what is done of it: ``forget`` gets the keys of a batch, held by its transaction."""

    name: str
    words: tuple[str, str]
    old: Callable[[datetime.datetime], QuerySet[Any]]
    forget: Callable[[QuerySet[Any]], None]
    is_archive: bool = False


def before(now: datetime.datetime, *, years: int = 0, days: int = 0) -> datetime.datetime | None:
    """The moment before which something is too old; none where nothing goes by itself."""
    if not years and not days:
        return None
    return now - datetime.timedelta(days=days + round(365.25 * years))


# --- files ----------------------------------------------------------------------------------------------------


def _ended(now: datetime.datetime, statuses: tuple[ProjectStatus, ...], years: int) -> QuerySet[Project]:
    """The projects that are over since long enough: since their last step, payment, paper or withdrawal, and the end of
    their convention. Those that were brought here already over, since their last change.
    """
    limit = before(now, years=years)
    if limit is None:
        return Project.objects.none()
    lately = (
        Q(pk__in=TransitionLog.objects.filter(at__gte=limit).values("project"))
        | Q(pk__in=Payment.objects.filter(paid_on__gte=limit.date()).values("grant__project"))
        | Q(pk__in=Withdrawal.objects.filter(decided_on__gte=limit.date()).values("grant__project"))
        | Q(pk__in=Grant.objects.filter(agreement__ends_on__gte=limit.date()).values("project"))
        | Q(pk__in=Paper.objects.filter(at__gte=limit).values("project"))
    )
    return Project.objects.filter(status__in=statuses, updated_at__lt=limit).exclude(lately)


def _over(now: datetime.datetime, *, is_aided: bool) -> QuerySet[Project]:
    """The files that are over since long enough; those of which an aid was paid or agreed, whatever became of them, as
    long as those that are closed: their payments have to be accounted for."""
    aided = Q(pk__in=Grant.objects.filter(Q(agreement__isnull=False) | Q(payments__isnull=False)).values("project"))
    kept = settings.RETENTION
    if is_aided:
        closed, given_up = (_ended(now, statuses, kept.files_years) for statuses in ((CLOSED,), GIVEN_UP))
        return Project.objects.filter(Q(pk__in=closed.values("pk")) | aided & Q(pk__in=given_up.values("pk")))
    return _ended(now, GIVEN_UP, kept.refused_years).exclude(aided)


def _naming_files(now: datetime.datetime, *, is_aided: bool) -> QuerySet[Project]:
    """Those that are over, of which something still names people."""
    own = {"project": OuterRef("pk")}
    named = (
        Exists(Declaration.objects.filter(**own, answers__has_key=PAGE))
        | Exists(Submission.objects.filter(**own, answers__has_key=PAGE))
        | Exists(Attachment.objects.filter(**own))
        | Exists(FileNote.objects.filter(**own))
        | Exists(Remark.objects.filter(**own))
        | Exists(_commented(review__project=OuterRef("pk")))
        | Exists(Report.objects.filter(**own).exclude(remark=""))
    )
    return _over(now, is_aided=is_aided).filter(named)


def _conventions(now: datetime.datetime) -> QuerySet[Agreement]:
    """Those that name who signed them, and of which every file is over since long enough."""
    ended = _over(now, is_aided=True).values("pk")
    going_on = Grant.objects.exclude(project__in=ended).values("agreement")
    kept = Agreement.objects.filter(grants__isnull=False).exclude(pk__in=going_on.filter(agreement__isnull=False))
    return kept.exclude(**dict.fromkeys(SIGNED, "")).distinct()


def _forget_signatories(agreements: QuerySet[Agreement]) -> None:
    """Who signed goes, from their history too; numbers, dates and amounts stay, and so does the paper itself."""
    keys = list(agreements.values_list("pk", flat=True))
    nothing = dict.fromkeys(SIGNED, "")
    Agreement.objects.filter(pk__in=keys).update(**nothing, version=F("version") + 1)
    Agreement.history.filter(id__in=keys).update(**nothing)


def _forget_files(projects: QuerySet[Project]) -> None:
    """The sheet, the amounts, the decisions and the steps stay; who was to be reached, notes and papers go."""
    for declaration in Declaration.objects.filter(project__in=projects, answers__has_key=PAGE):
        answers = {page: typed for page, typed in declaration.answers.items() if page != PAGE}
        Declaration.objects.filter(pk=declaration.pk).update(answers=answers)
    for submission in Submission.objects.filter(project__in=projects, answers__has_key=PAGE):
        answers = {page: typed for page, typed in submission.answers.items() if page != PAGE}
        shown = [part for part in submission.shown if part[0] != PAGE]
        digests = {"empreinte": submission.digest}, {"empreinte": fingerprint(answers, shown)}
        Submission.objects.filter(pk=submission.pk).update(answers=answers, shown=shown, digest=digests[1]["empreinte"])
        record(AuditKind.NAME_REMOVED, on=submission.project, before=digests[0], after=digests[1])
    for report in Report.objects.filter(project__in=projects, frozen__has_key="facts"):
        facts = [entry for entry in report.frozen["facts"] if entry["label"] != REPRESENTATIVE]
        Report.objects.filter(pk=report.pk).update(frozen=report.frozen | {"facts": facts})
    _forget_remarks(projects)
    for attachment in Attachment.objects.filter(project__in=projects):
        attachment.delete()  # its bytes with it


def _commented(**whose: Any) -> QuerySet[ReviewNote]:
    return ReviewNote.objects.filter(**whose).exclude(comment="")


def _forget_remarks(projects: QuerySet[Project]) -> None:
    """What served to prepare a decision and is none: notes between colleagues and whom they were for, what was asked of
    leads and their answers, what a note rests on, why a report was returned. The notes themselves, the opinion, the
    decision and its reason stay.
    """
    FileNote.objects.filter(project__in=projects).delete()
    Remark.objects.filter(project__in=projects).delete()
    _commented(review__project__in=projects).update(comment="")
    Report.objects.filter(project__in=projects).exclude(remark="").update(remark="")


def _drafts(now: datetime.datetime) -> QuerySet[Project]:
    limit = before(now, years=settings.RETENTION.drafts_years)
    if limit is None:
        return Project.objects.none()
    touched = Declaration.objects.filter(project=OuterRef("pk"), saved_at__gte=limit)
    drafts = Project.objects.filter(~Exists(touched), status=ProjectStatus.DRAFT, updated_at__lt=limit)
    return drafts.filter(hosted=None, needs=None, renewals=None, grant=None, papers=None)


def _delete_drafts(drafts: QuerySet[Project]) -> None:
    for draft in drafts:
        if not deletion.refusal(draft):
            draft.delete()
            draft.history.all().delete()  # nobody ever handed it in: it is no archive


# --- structures -----------------------------------------------------------------------------------------------


def _busy(now: datetime.datetime, years: int) -> "Q | None":
    """The structures that have a file that is not over, or that ended lately."""
    limit = before(now, years=years)
    if limit is None:
        return None
    lately = Project.objects.filter(~Q(status__in=OVER) | Q(updated_at__gte=limit))
    return Q(pk__in=lately.values("organization")) | Q(co_leaderships__project__in=lately)


def _silent(now: datetime.datetime) -> QuerySet[Organization]:
    """Those without a file for long enough, without anybody who acts for them, which still name people."""
    busy = _busy(now, settings.RETENTION.contacts_years)
    if busy is None:
        return Organization.objects.none()
    limit = before(now, years=settings.RETENTION.contacts_years)
    empty = Q(**dict.fromkeys(CONTACTS, ""))
    last = Organization.history.filter(id=OuterRef("pk"), history_date__gte=limit)
    aside = Organization.objects.exclude(pk__in=Organization.objects.filter(busy).values("pk"))
    return aside.filter(~empty, ~Exists(last), memberships=None)


def _forget_contacts(organizations: QuerySet[Organization]) -> None:
    """From the sheet and from its history: what it did stays its own."""
    keys = list(organizations.values_list("pk", flat=True))
    nothing = dict.fromkeys(CONTACTS, "")
    Organization.objects.filter(pk__in=keys).update(**nothing, version=F("version") + 1)
    Organization.history.filter(id__in=keys).update(**nothing)


def _bank_details(now: datetime.datetime) -> QuerySet[Attachment]:
    busy = _busy(now, settings.RETENTION.bank_years)
    limit = before(now, years=settings.RETENTION.bank_years)
    if busy is None or limit is None:
        return Attachment.objects.none()
    at_work = Organization.objects.filter(busy).values("pk")
    return Attachment.objects.filter(kind=AttachmentKind.BANK_DETAILS, at__lt=limit).exclude(organization__in=at_work)


# --- the rest -------------------------------------------------------------------------------------------------


def _messages(now: datetime.datetime) -> QuerySet[Message]:
    limit = before(now, years=settings.RETENTION.messages_years)
    return Message.objects.none() if limit is None else Message.objects.filter(at__lt=limit).exclude(title=GONE)


def _invitations(now: datetime.datetime) -> QuerySet[Invitation]:
    limit = before(now, days=settings.RETENTION.invitations_days)
    if limit is None:
        return Invitation.objects.none()
    return Invitation.objects.filter(accepted_at=None, created_at__lt=limit, expires_at__lt=now)


def _imports(model: type[Any]) -> Callable[[datetime.datetime], QuerySet[Any]]:
    def old(now: datetime.datetime) -> QuerySet[Any]:
        limit = before(now, days=settings.RETENTION.imports_days)
        kept = model._default_manager.filter(content__isnull=False)
        return kept.none() if limit is None else kept.filter(created_at__lt=limit)

    return old


def _delete(rows: QuerySet[Any]) -> None:
    for row in rows:
        row.delete()


def rules() -> list[RetentionRule]:
    """Every rule, in the order in which they are gone through."""
    file, files = (
        "dossier perd ses contacts, les remarques des agents et ses pièces",
        "dossiers perdent leurs contacts, les remarques des agents et leurs pièces",
    )
    return [
        RetentionRule("dossiers achevés", (file, files), partial(_naming_files, is_aided=True), _forget_files, True),
        RetentionRule(
            "dossiers refusés ou abandonnés",
            (file, files),
            partial(_naming_files, is_aided=False),
            _forget_files,
            True,
        ),
        RetentionRule(
            "conventions",
            ("convention ne dit plus qui l’a signée", "conventions ne disent plus qui les a signées"),
            _conventions,
            _forget_signatories,
            True,
        ),
        RetentionRule("brouillons", ("brouillon supprimé", "brouillons supprimés"), _drafts, _delete_drafts),
        RetentionRule("coordonnées bancaires", ("relevé effacé", "relevés effacés"), _bank_details, _delete),
        RetentionRule(
            "contacts",
            (
                "structure perd son représentant et ses contacts",
                "structures perdent leur représentant et leurs contacts",
            ),
            _silent,
            _forget_contacts,
            True,
        ),
        RetentionRule("messages", ("message effacé", "messages effacés"), _messages, _forget_messages),
        RetentionRule("invitations", ("invitation effacée", "invitations effacées"), _invitations, _delete),
        *(
            RetentionRule(
                f"fichiers : {str(model._meta.verbose_name_plural).lower()}",
                ("fichier effacé", "fichiers effacés"),
                _imports(model),
                _empty,
            )
            for model in every_import()
        ),
    ]


def _forget_messages(messages: QuerySet[Message]) -> None:
    """The row stays, with its key: what was told once is not told again."""
    messages.update(title=GONE, text="", email="", failure="", mailed=False)


def _empty(rows: QuerySet[Any]) -> None:
    rows.update(content=None)


def count(rule: RetentionRule) -> int:
    return rule.old(timezone.now()).count()


def apply(rule: RetentionRule, visa: str = "") -> int:
    """Forget what a rule finds, a batch at a time; how many. ``visa``: what the archives service agreed to."""
    noted = {"visa des archives": visa} if rule.is_archive and visa else {}
    done = 0
    last = 0
    while True:
        with transaction.atomic():
            batch = rule.old(timezone.now()).filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
            keys = list(batch)
            if not keys:
                return done
            last = keys[-1]
            model = rule.old(timezone.now()).model
            held = model._base_manager.select_for_update().filter(pk__in=keys).order_by("pk")
            still = list(held.values_list("pk", flat=True))  # another may have come first
            rows = rule.old(timezone.now()).filter(pk__in=still)
            number = rows.count()
            if number:
                rule.forget(model._base_manager.filter(pk__in=list(rows.values_list("pk", flat=True))))
                record(AuditKind.RETENTION, on=rule.name, after={"nombre": number, **noted})
            done += number
