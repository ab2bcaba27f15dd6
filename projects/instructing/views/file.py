"""A file: what was handed in and what changed since, the grid, and the steps to take."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from cohesion.lib.dates import clock
from cohesion.lib.forms import shown as words
from cohesion.lib.http import is_of_script
from cohesion.lib.people import signed_in
from cohesion.together import merging
from cohesion.together.merging import seal, unseal
from projects.catalogue import served
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.rules import WRITE_INSTRUCTION
from projects.catalogue.steps import AlreadyMoved
from projects.catalogue.workflow import BY_NAME
from projects.choices import ProjectStatus
from projects.declaring.models import Attachment
from projects.instructing import grid, linking, recalling
from projects.instructing.alike import alike_files
from projects.instructing.deciding import DecisionConflict
from projects.instructing.grid import Notes, ReviewConflict, SavedGrid
from projects.instructing.queue import Queue
from projects.instructing.reading import expected_of, file_pages, step_name
from projects.instructing.views.door import officers_page, shown
from projects.instructing.views.forms import ReviewForm
from projects.instructing.views.noting import NOTE, keep_note, left_note, note_form, sent_note
from projects.instructing.views.steps import AT_ONCE, DECIDE, TAKE_IN, THEN_NEXT, File
from projects.instructing.walk import NEXT, walk
from projects.reporting.form import ReportForm

# What can be taken back, and until when.
AFTERWARDS = dict.fromkeys(
    recalling.ASKED,
    " Le courriel n’est pas encore parti : jusque-là, cela s’annule sous « À faire ».",
) | dict.fromkeys(recalling.ASKED.values(), " La structure n’en a rien su.")
GRID = "grille"


@dataclass
class RefusedStep:
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
    """Read a file; with POST, keep the grid, and take a step (``etape``): all that is typed stands in one form."""
    refused = RefusedStep()
    if request.method == "POST":
        project_file = _open_file(pk)
        if is_of_script(request):
            return _kept_while_typing(request, project_file)
        answer, refused = _write(request, project_file, request.POST.get("etape", ""))
        if answer is not None:
            return answer
    context = _context(request, _open_file(pk), refused)
    if context["writes"]:
        context |= {
            "notes": context["project"].file_notes.select_related("by").prefetch_related("recipients"),
            "note_form": refused.form if refused.name == NOTE else note_form(request),
        }
    return shown(request, "instruction/file.html", context)


def _kept_while_typing(request: HttpRequest, file: File) -> JsonResponse:
    """Keep the grid as it is typed, but for what a colleague wrote otherwise; say what became of it."""
    form = ReviewForm(file.review, request.POST)
    if not form.is_valid():
        name, sentences = next(iter(form.errors.items()))
        return _not_kept(f"{form[name].label} : {sentences[0]}", 422)
    base = unseal(form.cleaned_data["base"])
    try:
        kept = _save_grid(request, file, form, leaves_clashes=True)
    except ReviewConflict as conflict:
        return _not_kept(conflict.messages[0], 409)
    except ValidationError as error:
        return _not_kept(error.messages[0], 422)
    typed = form.written.answers
    shows = {name: (base or {}).get(name, "") if name in kept.clashes else answer for name, answer in typed.items()}
    numbers = {"clashes": len(kept.clashes), "taken": len(kept.taken)}
    reply = {"saved": clock(kept.review.saved_at or timezone.now()), "base": seal(shows)}
    return JsonResponse(reply | numbers)


def _not_kept(sentence: str, status: int) -> JsonResponse:
    return JsonResponse({"error": f"Pas encore enregistré. {sentence}"}, status=status)


def _save_grid(request: HttpRequest, file: File, form: ReviewForm, *, leaves_clashes: bool = False) -> SavedGrid:
    return grid.save_review(
        file.project,
        written=form.written,
        by=signed_in(request),
        base=unseal(form.cleaned_data["base"]),
        leaves_clashes=leaves_clashes,
    )


def _open_file(pk: int) -> File:
    handed_in = Project.objects.exclude(status=ProjectStatus.DRAFT)
    about = ("organization", "host", "declaration__campaign")
    project = get_object_or_404(handed_in.select_related(*about).annotate(since=TransitionLog.objects.since()), pk=pk)
    submission = project.submissions.select_related("by", "organization").last()
    review = grid.read_review(project)
    is_chosen = project.status not in grid.OPEN or (review is not None and review.committee_id is not None)
    usual = None if is_chosen else grid.usual_committee(project)
    return File(project, review, submission, recalling.recall_of(project), usual)


def _write(request: HttpRequest, file: File, name: str) -> tuple[HttpResponseBase | None, RefusedStep]:
    """Do what was asked; or say why not, with what was typed. The grid is kept first, whatever is asked."""
    posted = request.POST
    goes_on, name = name.endswith(THEN_NEXT), name.removesuffix(THEN_NEXT)
    left = file.left(name, posted)
    if merging.FIELD in posted and (refused := _write_grid(request, file, name)) is not None:
        return None, refused
    if name == NOTE:
        note = sent_note(request)
        if not note.is_valid():
            return None, RefusedStep(NOTE, note)
        return keep_note(request, file.project, note, same_file(request, file.project.pk)), RefusedStep()
    form = file.form(name, posted)
    if form is not None:
        if not form.is_valid():
            return None, RefusedStep(name, form)
        try:
            file.take(name, form, request)
        except AlreadyMoved as moved:
            return None, RefusedStep(name, form, moved.messages[0])
        except DecisionConflict as conflict:
            return None, RefusedStep(name, form, conflict.messages[0])
        except ValidationError as error:
            _tell(form, error)
            return None, RefusedStep(name, form)
        messages.success(request, _done(file.project, name, goes_on=goes_on))
    elif name == GRID:
        named = f" de «\u00a0{file.project.title}\u00a0»" if goes_on else ""
        messages.success(request, f"L’instruction{named} est enregistrée.")
    for label, text in [*left, *left_note(request)]:  # under a step that was not taken: not lost without a word
        messages.warning(request, f"Ce que vous aviez écrit sous « {label} » n’a pas été envoyé : « {text} »")
    address = _next_file(request, file.project.pk) if goes_on else ""
    return redirect(address or same_file(request, file.project.pk)), RefusedStep()


def _next_file(request: HttpRequest, pk: int) -> str:
    """The address of the file that comes next in the queue; nothing after the last."""
    following = walk(Queue(request.GET, signed_in(request)), pk, request.GET.get(NEXT, ""))
    if following.next_key is None:
        return ""
    return reverse("projects:instruction_file", args=[following.next_key]) + following.next_address


def same_file(request: HttpRequest, pk: int) -> str:
    """The address of a file, with the filters of the queue that the form brought along."""
    query = request.GET.urlencode()
    return reverse("projects:instruction_file", args=[pk]) + (f"?{query}" if query else "")


def _write_grid(request: HttpRequest, file: File, name: str) -> RefusedStep | None:
    """Keep the grid that stands on the page; what was typed, when it cannot be."""
    form = ReviewForm(file.review, request.POST)
    if not form.is_valid():
        return RefusedStep(GRID, form)
    if name != GRID and form.written.answers == Notes.of(file.review).answers:
        return None  # nothing was typed there
    try:
        _save_grid(request, file, form)
    except ReviewConflict as conflict:
        form.tell_conflict(conflict)
        return RefusedStep(GRID, form, conflict.messages[0])
    except ValidationError as error:
        _tell(form, error)
        return RefusedStep(GRID, form)
    return None


def _tell(form: BaseForm, error: ValidationError) -> None:
    """What is wrong, beside each field that the form has."""
    for field, sentences in (error.message_dict if hasattr(error, "error_dict") else {"": error.messages}).items():
        for sentence in sentences:
            form.add_error(field if field in form.fields else None, sentence)


def _done(project: Project, name: str, *, goes_on: bool) -> str:
    """What was done; of which file, where another is opened."""
    is_several = name in (DECIDE, TAKE_IN, AT_ONCE)
    done = (project.get_status_display() if is_several else BY_NAME[name].done).lower()
    about = f"«\u00a0{project.title}\u00a0»" if goes_on else "C’est fait"
    return f"{about}\u00a0: {done}.{AFTERWARDS.get(name, '')}"


def _plan(context: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts of the page, by anchor."""
    plan = [(f"page-{page.slug}", page.title) for page in context["pages"]]
    plan.append(("rattachements", "À quoi il répond"))
    plan += [(f"bilan-{report.year}", f"Bilan {report.year}") for report, _ in context["reports"]]
    plan += [("approchant", "Qui fait la même chose")] if context["alike"] else []
    plan += [("notes", "Notes"), ("pieces-jointes", "Pièces jointes")] if context["writes"] else []
    plan += [("decisions", "Décisions")] if context["decisions"] else []
    return [*plan, ("etapes", "Étapes")]


def _served(project: Project) -> dict[str, Any]:
    """What it answers: today, in the other programmes, and in the frameworks of its time."""
    present = served.links_in_force(project)
    beside = served.links_beside(project, linking.beside())
    former = served.former_links(project, [*present, *beside])
    is_waiting = any(link.waits for link in former)
    mains = (link for link in (*present, *former) if link.is_main and link.orientation.framework.programme.is_reference)
    return {
        "link": next(mains, None),
        "served": present,
        "beside": beside,
        "former_links": former,
        "is_waiting": is_waiting,
    }


def _context(request: HttpRequest, file: File, refused: RefusedStep) -> dict[str, Any]:
    project = file.project
    writes = request.user.has_perm(WRITE_INSTRUCTION)
    former = file.submission and project.submissions.filter(number__lt=file.submission.number).last()
    log = list(project.log.select_related("by", "organization"))
    decisions = list(project.decisions.select_related("committee", "by"))
    is_grid = refused.name == GRID
    attachments = list(Attachment.objects.serving(project)) if writes else []  # for officers only
    refused_step = RefusedStep() if refused.name in (GRID, NOTE) else refused
    typed = request.POST if request.method == "POST" else None
    context = {
        "writes": writes,
        "project": project,
        "review": file.review,
        "submission": file.submission,
        "former": former,
        "pages": file_pages(project, file.submission, former or None),
        "walk": walk(Queue(request.GET, signed_in(request)), project.pk, request.GET.get(NEXT, "")),
        "attachments": attachments,
        "expected": expected_of(project, file.submission, {attachment.kind for attachment in attachments}),
        "steps": [(step_name(step), step) for step in reversed(log)],
        "reports": [
            (report, ReportForm(report, report.answers))
            for report in project.reports.exclude(handed_at=None).select_related("project", "checked_by")
        ],
        "decisions": decisions,
        **_served(project),
        "panels": file.panels(refused_step.name, refused_step.form, typed) if writes else [],
        "seen": file.seen(decisions) if writes else "",
        "not_recalled": recalling.refusal(file.recall) if file.recall and file.recall.hindrance else "",
        "grid": refused.form if is_grid else ReviewForm(file.review, usual_committee=file.usual_committee),
        "now": timezone.now(),
        "writes_grid": writes and project.status in grid.OPEN,
        "refused": refused,
        "is_lost": bool(refused.name) and refused.name not in (GRID, NOTE, *file.names),
        "grid_is_lost": is_grid and project.status not in grid.OPEN,
    }
    context["alike"] = alike_files(project, file.submission, request.user)
    return context | {"plan": _plan(context)}
