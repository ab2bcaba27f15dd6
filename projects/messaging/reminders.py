"""Reminders: what closes, waits or is late, told once for each day that counts, however often this runs."""

import datetime
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from cohesion.lib.dates import french_date
from cohesion.lib.text import NBSP, count_phrase, typographic
from projects.catalogue.due import with_last_report
from projects.catalogue.models import Project, ReferenceDocument, TransitionLog
from projects.catalogue.workflow import OFFICERS_TURN, REPORT_OPEN
from projects.choices import ProjectStatus
from projects.declaring.models import Remark
from projects.messaging import readers
from projects.messaging.readers import Reader
from projects.messaging.telling import (
    QUEUE,
    News,
    campaign_of,
    contact_of,
    days_before_late,
    lead_path,
    tell,
)
from projects.messaging.wording import MessageWords

Letters = Iterator[tuple[News, Reader]]
CLOSING_IN = (2, 7)  # days before a call closes
COMPLETE_IN = 3  # days before what was asked is expected
WAITING_FOR = 14  # days since a complement was asked for, where no day was given
REPORT_IN = (7, 30)  # days before a report is due
REPORT_LATE_BY = (30, 7)  # days after it was
LISTED = 30  # how many late files a digest names

CLOSING = MessageWords(
    "À déposer avant le {closes_on} : {project}",
    (
        "L’appel « {campaign} » est clos le {closes_on} à {closes_at}, et ce dossier est encore un brouillon.",
        "Terminez-le et déposez-le avant cette heure : ensuite, il ne pourra plus l’être.",
        "En cas de difficulté, écrivez à {contact}.",
    ),
)
WAITING = MessageWords(
    "Toujours à compléter : {project}",
    (
        "Un complément vous a été demandé le {since}, et votre dossier attend toujours votre réponse.",
        "Répondez à chaque demande dans votre espace, puis déposez le dossier à nouveau ; "
        "son instruction ne reprend qu’ensuite.",
        "En cas de difficulté, écrivez à {contact}.",
    ),
)
COMPLETE = MessageWords(
    "À compléter avant le {due} : {project}",
    (
        "Votre réponse à ce que l’agglomération vous a demandé est attendue le {due} au plus tard.",
        "Répondez à chaque demande dans votre espace, puis déposez le dossier à nouveau.",
        "En cas de difficulté, écrivez à {contact}.",
    ),
)
COMPLETE_LATE = MessageWords(
    "Complément en retard : {project}",
    (
        "Votre réponse à ce que l’agglomération vous a demandé était attendue le {due} : elle n’est pas encore là.",
        "Répondez dès que possible dans votre espace, puis déposez le dossier à nouveau ; "
        "son instruction ne reprend qu’ensuite.",
        "En cas de difficulté, écrivez à {contact}.",
    ),
)
REPORT = MessageWords(
    "Bilan attendu le {due} : {project}",
    (
        "Le bilan de cette action est attendu le {due} au plus tard.",
        "Vous pouvez le remplir en plusieurs fois dans votre espace, puis le remettre.",
    ),
)
REPORT_LATE = MessageWords(
    "Bilan en retard : {project}",
    (
        "Le bilan de cette action était attendu le {due} : il n’est pas encore remis.",
        "Remettez-le dès que possible depuis votre espace.",
        "En cas de difficulté, écrivez à {contact}.",
    ),
)

DOCUMENT_SETTLED = MessageWords(
    "Approuvé : {document}",
    (
        "« {document} » est approuvé : les orientations qui l’attendaient n’ont plus à l’attendre.",
        "Relisez ce qu’elles disent, puis retirez-les de celles qui l’attendent ; leurs rattachements ne sont plus "
        "provisoires.",
    ),
)
DOCUMENT_TO_REVIEW = MessageWords(
    "À revoir : {document}",
    (
        "« {document} » était à revoir le {day}, et des orientations l’attendent toujours.",
        "Dites où il en est, ou à quel jour le revoir.",
    ),
)


def remind(now: datetime.datetime | None = None) -> int:
    """Write the reminders of the day that were not written yet; returns how many."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    return tell([*closing(now), *waiting(now), *reports(today), *late(now), *documents(today)])


def closing(now: datetime.datetime) -> Letters:
    """Drafts of a call that closes within a week, then within two days."""
    today = timezone.localdate(now)
    drafts = _projects().filter(
        status=ProjectStatus.DRAFT,
        declaration__campaign__is_published=True,
        declaration__campaign__opens_at__lte=now,
        declaration__campaign__closes_at__gt=now,
        # A day more than the calendar counts below: one of these may have twenty-five hours.
        declaration__campaign__closes_at__lt=now + datetime.timedelta(days=max(CLOSING_IN) + 2),
    )

    def news(project: Project) -> News | None:
        campaign = campaign_of(project)
        closes_at = timezone.localtime(campaign.closes_at) if campaign else now
        step = _reached((closes_at.date() - today).days, CLOSING_IN)
        hour = f"{closes_at:%H}{NBSP}h{NBSP}{closes_at:%M}"
        facts = {"closes_on": french_date(closes_at), "closes_at": hour}
        return _news(f"closing-{step}", closes_at.date(), CLOSING, project, facts) if step else None

    yield from _to_leads(drafts, news)


def waiting(now: datetime.datetime) -> Letters:
    """Files to complete: once as the day given nears, once when it is past; without a day, after a fortnight."""
    today = timezone.localdate(now)
    asked_for = Remark.objects.filter(project=OuterRef("pk"), closed_at=None, due_on__isnull=False).order_by("due_on")
    to_complete = _waiting_since().annotate(due=Subquery(asked_for.values("due_on")[:1]))
    nears = Q(due__lte=today + datetime.timedelta(days=COMPLETE_IN))
    is_old = Q(due=None, since__lte=now - datetime.timedelta(days=WAITING_FOR))

    def news(project: Project) -> News | None:
        due, moved_at = project.due, project.since  # type: ignore[attr-defined] # of the query
        since = timezone.localdate(moved_at) if moved_at else None
        if due is None:
            return _news("waiting", since or today, WAITING, project, {"since": french_date(since)})
        facts = {"due": french_date(due)}
        if due < today:
            return _news("complete-late", due, COMPLETE_LATE, project, facts)
        # Whoever was asked today has just been told until when.
        return None if since == today else _news("complete", due, COMPLETE, project, facts)

    yield from _to_leads(to_complete.filter(nears | is_old, status=ProjectStatus.TO_COMPLETE), news)


def reports(today: datetime.date) -> Letters:
    """Reports due in a month, in a week, and those that are late by as much."""
    soon = today + datetime.timedelta(days=max(REPORT_IN))
    awaited = with_last_report(_projects().filter(status__in=REPORT_OPEN)).filter(report_at=None, report_due__lte=soon)

    def news(project: Project) -> News | None:
        due = project.report_due  # type: ignore[attr-defined] # of the query
        left = (due - today).days
        facts = {"due": french_date(due)}
        if step := _reached(left, REPORT_IN):
            return _news(f"report-{step}", due, REPORT, project, facts)
        passed = next((step for step in REPORT_LATE_BY if left <= -step), None)
        return _news(f"report-late-{passed}", due, REPORT_LATE, project, facts) if passed else None

    yield from _to_leads(awaited, news)


def late(now: datetime.datetime) -> Letters:
    """Once a week, to each officer, the files that have waited for officers too long: theirs, and nobody's."""
    monday = timezone.localdate(now) - datetime.timedelta(days=timezone.localdate(now).weekday())
    waited = _waiting_since().filter(status__in=OFFICERS_TURN, since__isnull=False)
    overdue = [
        project
        for project in waited.order_by("since", "pk")
        if project.since + datetime.timedelta(days=days_before_late(project)) < now
    ]
    officers = readers.officers() if overdue else []
    everybody = {officer.account for officer in officers}
    for officer in officers:
        theirs = [project for project in overdue if _assigned(project, everybody) in (None, officer.account)]
        if theirs:
            title = typographic(f"En retard : {count_phrase(len(theirs), 'dossier')}")
            yield News(f"late:{monday}", title, _digest(theirs), QUEUE), officer


def documents(today: datetime.date) -> Letters:
    """The documents that orientations wait for, to whoever follows them, or to every officer: once when one is
    approved, once when the day to look at it again has come."""
    awaited = ReferenceDocument.objects.with_orientations()
    path = reverse("admin:projects_referencedocument_pending")
    notices = []
    for document in awaited.settled():
        title, text = DOCUMENT_SETTLED.fill({"document": document.title})
        notices.append((document, News(f"document-settled:{document.pk}", title, text, path)))
    for document in awaited.to_review(today):
        title, text = DOCUMENT_TO_REVIEW.fill({"document": document.title, "day": french_date(document.review_on)})
        notices.append((document, News(f"document-review:{document.pk}:{document.review_on}", title, text, path)))
    officers = readers.officers() if notices else []
    for document, news in notices:
        followers = [reader for reader in officers if reader.account == document.followed_by_id]
        for reader in followers or officers:
            yield news, reader


def _digest(projects: list[Any]) -> str:
    lines = [
        f"– {project.title}, {project.get_status_display().lower()} depuis le {french_date(project.since)}"
        for project in projects[:LISTED]
    ]
    rest = len(projects) - len(lines)
    return "\n".join(
        [
            "Ces dossiers attendent les agents depuis plus longtemps que prévu :",
            *lines,
            *([f"… et {count_phrase(rest, 'autre')}."] if rest else []),
        ]
    )


def _assigned(project: Project, officers: set[int | None]) -> int | None:
    """The officer who has it in hand; None for nobody, or for somebody who left."""
    review = getattr(project, "review", None)
    return review.assigned_to_id if review and review.assigned_to_id in officers else None


def _projects() -> QuerySet[Project]:
    """Projects with what a reminder says of them, in a constant number of queries."""
    around = Project.objects.select_related("organization", "declaration__campaign", "review")
    return around.defer("declaration__answers")


def _waiting_since() -> QuerySet[Any]:
    """With the moment of their last step, ``since``."""
    return _projects().annotate(since=TransitionLog.objects.since())


def _to_leads(projects: Iterable[Project], news: Callable[[Project], News | None]) -> Letters:
    notices = [(project, notice) for project in projects if (notice := news(project))]
    lead_readers = readers.leads(project.organization for project, _ in notices)
    for project, notice in notices:
        for reader in lead_readers[project.organization_id]:
            yield notice, reader


def _reached(left: int, steps: tuple[int, ...]) -> int | None:
    """The nearest of these numbers of days that is reached; a day that was missed is made up for."""
    return next((step for step in steps if 0 <= left <= step), None)


def _news(kind: str, day: datetime.date, words: MessageWords, project: Project, facts: dict[str, str]) -> News:
    campaign = campaign_of(project)
    known = {
        "project": project.title,
        "campaign": campaign.name if campaign else "",
        "contact": contact_of(project),
        **facts,
    }
    title, text = words.fill(known)
    return News(f"{kind}:{project.pk}:{day}", title, text, lead_path(project), project)
