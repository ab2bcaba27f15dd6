"""A file: what was handed in and what changed since, the grid, and the steps to take."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from cohesion.lib.forms import shown as words
from projects.choices import ProjectStatus
from projects.instructing import changes, grid
from projects.instructing.deciding import DecisionConflict
from projects.instructing.grid import ReviewConflict
from projects.models import Attachment, Contribution, Project, Remark, TransitionLog
from projects.pieces import Piece, of_request, with_reasons
from projects.reporting.form import ReportForm
from projects.steps import AlreadyMoved
from projects.views.instruction.door import WRITE, officers_page, shown
from projects.views.instruction.forms import ReviewForm
from projects.views.instruction.steps import DECIDE, File
from projects.workflow import BY_NAME

GRID = "grille"


@dataclass(frozen=True)
class Page:
    """A page of the form, as it was handed in."""

    slug: str
    title: str
    lines: list[Any]
    changes: list[changes.Change]
    remarks: list[Remark]


@dataclass
class Refused:
    """What was asked and could not be done: the step, its form, and whether somebody was quicker."""

    name: str = ""
    form: Any = None
    sentence: str = ""

    @property
    def typed(self) -> list[tuple[str, str]]:
        """What stands in a form that the page no longer offers, so that it is not lost."""
        fields = [field for field in self.form if field.value()] if self.form is not None else []
        return [(str(field.label), words(field, field.value())) for field in fields if not field.is_hidden]


@officers_page
def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Read a file; with POST, keep the grid or take a step (``etape``)."""
    refused = Refused()
    if request.method == "POST":
        answer, refused = _write(request, _found(pk), request.POST.get("etape", ""))
        if answer is not None:
            return answer
    found = _found(pk)
    return shown(request, "instruction/file.html", _context(request, found, refused))


def _found(pk: int) -> File:
    handed_in = Project.objects.exclude(status=ProjectStatus.DRAFT)
    about = ("organization", "host", "declaration__campaign")
    project = get_object_or_404(handed_in.select_related(*about), pk=pk)
    return File(project, grid.read(project), project.submissions.select_related("by", "organization").last())


def _write(request: HttpRequest, found: File, name: str) -> tuple[HttpResponseBase | None, Refused]:
    """Do what was asked; or say why not, with what was typed."""
    form: Any = ReviewForm(found.review, request.POST) if name == GRID else found.form(name, request.POST)
    if form is None:
        return redirect("projects:instruction_file", pk=found.project.pk), Refused()
    if not form.is_valid():
        return None, Refused(name, form)
    try:
        if name == GRID:
            seen = form.cleaned_data["seen"]
            grid.save_review(found.project, written=form.written, seen=seen, by=request.user)
        else:
            found.take(name, form, request)
    except AlreadyMoved as moved:
        return None, Refused(name, form, moved.messages[0])
    except ReviewConflict as conflict:
        form.tell_conflict(conflict.review)
        return None, Refused(name, form, conflict.messages[0])
    except DecisionConflict as conflict:
        form.tell_conflict(conflict.last)
        return None, Refused(name, form, conflict.messages[0])
    except ValidationError as error:
        _tell(form, error)
        return None, Refused(name, form)
    messages.success(request, _done(found.project, name))
    return redirect("projects:instruction_file", pk=found.project.pk), Refused()


def _tell(form: Any, error: ValidationError) -> None:
    """What is wrong, beside each field that the form has."""
    for field, sentences in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _done(project: Project, name: str) -> str:
    if name == GRID:
        return "L’instruction est enregistrée."
    said = project.get_status_display() if name == DECIDE else BY_NAME[name].done
    return f"C’est fait : {said.lower()}."


def _context(request: HttpRequest, found: File, refused: Refused) -> dict[str, Any]:
    project = found.project
    writes = request.user.has_perm(WRITE)
    former = found.submission and project.submissions.filter(number__lt=found.submission.number).last()
    log = list(project.log.select_related("by", "organization"))
    is_grid = refused.name == GRID
    attachments = list(Attachment.objects.serving(project)) if writes else []  # for officers only
    step = Refused() if is_grid else refused
    return {
        "project": project,
        "review": found.review,
        "submission": found.submission,
        "former": former,
        "pages": _pages(found, former or None),
        "attachments": attachments,
        "expected": _expected(found, {one.kind for one in attachments}),
        "steps": [(_said(one), one) for one in reversed(log)],
        "since": log[-1].at if log else None,
        "reports": [
            (report, ReportForm(report, report.answers))
            for report in project.reports.exclude(handed_at=None).select_related("project", "checked_by")
        ],
        "decisions": project.decisions.select_related("committee", "by"),
        "link": _main_link(project),
        "panels": found.panels(step.name, step.form) if writes else [],
        "grid": refused.form if is_grid else ReviewForm(found.review),
        "writes_grid": writes and project.status in grid.OPEN,
        "refused": refused,
        "is_lost": bool(refused.name) and refused.name not in (GRID, *found.names),
        "grid_is_lost": is_grid and project.status not in grid.OPEN,
    }


def _main_link(project: Project) -> Contribution | None:
    """Its main link to the framework in force; else to the newest of those before."""
    main = project.contributions.filter(is_main=True).select_related("orientation__framework")
    return main.in_force().first() or main.order_by("-orientation__framework__ends_on").first()


def _expected(found: File, present: set[str]) -> list[tuple[Piece, str]]:
    """What the call expects with the request, there or not, and why not, as its lead said when handing it in."""
    declaration = getattr(found.project, "declaration", None)
    answers = found.submission.answers.get("pieces", {}) if found.submission else {}
    return with_reasons(of_request(declaration.campaign if declaration else None, present), answers)


def _said(step: TransitionLog) -> str:
    """What a step is called, one that is no longer taken by the state to which it led."""
    known = BY_NAME.get(step.transition)
    return known.done if known else step.get_target_display()


def _pages(found: File, former: Any) -> list[Page]:
    """The pages of the last time that it was handed in, each with what changed and what was asked of it."""
    if found.submission is None:
        return []
    changed = changes.between(former, found.submission)
    asked: dict[str, list[Remark]] = {}
    for remark in found.project.remarks.select_related("by"):
        asked.setdefault(remark.page, []).append(remark)
    return [
        Page(slug, title, lines, changed.get(slug, []), asked.get(slug, []))
        for slug, title, lines in found.submission.shown
    ]
