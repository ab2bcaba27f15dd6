"""Opening, saving, handing in, sending back and closing a report."""

import datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from cohesion.lib.people import Person
from cohesion.lib.text import count_phrase
from cohesion.together.merging import Merged, Typed, merge
from projects.catalogue import due
from projects.catalogue.models import Project
from projects.catalogue.steps import step
from projects.catalogue.workflow import REPORT_OPEN
from projects.declaring.drafts import NotWritable
from projects.members.models import Organization
from projects.reporting.form import ReportForm
from projects.reporting.models import IndicatorResult, Report, ReportLine
from projects.reporting.pdf import frozen


def current(project: Project) -> Report | None:
    """The report to write, or the last one that was written. None when the project has not begun.

    It is of the first year that has none yet; for a project that ended, of its last year.
    """
    written = list(project.reports.order_by("year"))
    pending = [report for report in written if report.handed_at is None]
    if pending:
        return pending[0]
    if project.status not in REPORT_OPEN or project.starts_on is None:
        return written[-1] if written else None
    first = max((report.year + 1 for report in written), default=project.starts_on.year)
    last = min(project.ends_on.year if project.ends_on else first, timezone.localdate().year)
    if first > max(last, project.starts_on.year):
        return written[-1] if written else None
    defaults = {"due_on": partial(due_on, project, first)}  # asked of a new one alone
    report, _ = Report.objects.get_or_create(project=project, year=first, defaults=defaults)
    return report


def due_on(project: Project, year: int) -> datetime.date:
    """When the report of a year is due (:func:`projects.catalogue.due.with_report_of`)."""
    own = due.with_report_of(Project.objects.filter(pk=project.pk), year)
    return own.values_list("report_due", flat=True).get()


def save(*, report: Report, mine: Typed, base: Typed | None, by: Person) -> Merged:
    """Keep what was typed, beside what somebody else saved since the page was opened.

    Raises:
        NotWritable: it was handed in, or the project is over.
    """
    with transaction.atomic():
        project = Project.objects.select_for_update().get(pk=report.project_id)
        locked = Report.objects.select_for_update().get(pk=report.pk)
        if project.status not in REPORT_OPEN or locked.handed_at is not None:
            raise NotWritable(project)
        merged = merge(base or {}, locked.answers, mine)
        locked.answers, locked.saved_at = merged.answers, timezone.now()
        locked.save(update_fields=["answers", "saved_at"])
    report.answers, report.saved_at = locked.answers, locked.saved_at
    return merged


def hand_in(*, report: Report, by: Person, organization: Organization) -> None:
    """Hand the report in: checked, then written out in rows.

    Raises:
        AlreadyMoved: it was handed in in between.
        ValidationError: something is missing or cannot be read.
    """
    with step(report.project, "hand_report", by=by, organization=organization) as project:
        locked = Report.objects.select_for_update().get(pk=report.pk)
        locked.project = project
        form = ReportForm(locked, locked.answers)
        if lacking := form.faults + form.gaps:
            number = count_phrase(len(lacking), "point est à reprendre", "points sont à reprendre")
            raise ValidationError(f"Le bilan n’est pas remis : {number}.", code="incomplete")
        _write(locked, form)
        locked.handed_at, locked.handed_by, locked.remark = timezone.now(), by, ""
        locked.full_clean()
        locked.save()
        # Read again: the paper says what the rows say, not what this process holds of them.
        locked.frozen = frozen(Report.objects.select_related("project__organization").get(pk=locked.pk))
        locked.save(update_fields=["frozen"])


def send_back(project: Project, *, by: Person, comment: str) -> None:
    """Ask the lead to take the report up again, and say what."""
    with step(project, "return_report", by=by, comment=comment) as locked:
        report = locked.reports.exclude(handed_at=None).order_by("-year").select_for_update().first()
        if report is not None:
            # What its paper said stays: an officer may take this back before its lead has heard of it.
            report.handed_at, report.handed_by, report.remark = None, None, comment
            report.save(update_fields=["handed_at", "handed_by", "remark"])


def step_after(project: Project) -> str:
    """The step that a good report leads to: the project is closed, or goes on when it has years left."""
    years = project.reports.exclude(handed_at=None).order_by("-year").values_list("year", flat=True)
    return "go_on" if goes_on(project, years.first()) else "close"


def goes_on(project: Project, reported: int | None) -> bool:
    """Whether a project has years left after the one that was last reported."""
    return reported is not None and project.ends_on is not None and project.ends_on.year > reported


def check(project: Project, *, by: Person, comment: str = "") -> None:
    """Say that the report is good."""
    with step(project, step_after(project), by=by, comment=comment) as locked:
        locked.reports.exclude(handed_at=None).filter(checked_at=None).update(checked_at=timezone.now(), checked_by=by)


def _write(report: Report, form: ReportForm) -> None:
    for name in ("done", "objectives_why", "what_next_why", "objectives_met", "what_next"):
        setattr(report, name, form.answer(name) or "")
    report.gaps = form.answer("gaps_explained") or ""
    for name, number in form.counts().items():
        setattr(report, name, number)
    report.results.all().delete()
    report.lines.all().delete()
    for indicator in form.indicators:
        IndicatorResult.objects.create(
            report=report,
            indicator=indicator,
            actual=form.answer(f"actual-{indicator.pk}"),
            comment=form.answer(f"comment-{indicator.pk}") or "",
        )
    accounts = [name.removeprefix("a-") for name in form.fields if name.startswith("a-")]
    ReportLine.objects.bulk_create(  # not the tree
        ReportLine(report=report, account=account, amount=form.answer(f"a-{account}"))
        for account in accounts
        if form.answer(f"a-{account}")
    )
