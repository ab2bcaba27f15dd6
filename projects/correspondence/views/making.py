"""Making papers: one for a file, those of a whole committee, and how far an edition is."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from cohesion.lib.people import Person, signed_in
from cohesion.lib.progress import watched
from cohesion.lib.text import count_phrase
from cohesion.together.once import refuse, sent_once
from projects.catalogue.models import Project
from projects.choices import ProjectStatus
from projects.correspondence.case import AROUND
from projects.correspondence.choosing import chosen_source, model_choices
from projects.correspondence.drafting import PaperSource, case_of, refusal
from projects.correspondence.forms import CommitteeForm, PaperForm, TypedForm
from projects.correspondence.issuing import issue
from projects.correspondence.models import Issuing, IssuingLine, Paper
from projects.correspondence.views.previewing import pdf_response, previewed
from projects.correspondence.word_models import checked
from projects.correspondence.word_only import left_out_sentence
from projects.correspondence.working import follow, retry, start, waiting
from projects.instructing.models import Committee
from projects.instructing.views.door import shown, writers_page

MOST_LINES = 500  # shown of an edition


def handed_in(pk: int) -> Project:
    projects = Project.objects.exclude(status=ProjectStatus.DRAFT).select_related(*AROUND)
    return get_object_or_404(projects, pk=pk)


@writers_page
@sent_once
def for_project(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One paper of a file: choose its model, type what no file knows, look at it, issue it."""
    project, by = handed_in(pk), signed_in(request)
    source = chosen_source(request.GET.get("modele", ""))
    papers = Paper.objects.with_readers().filter(project=project)
    context: dict[str, Any] = {"project": project, "models": model_choices(), "papers": papers, "source": source}
    if source is None:
        return shown(request, "instruction/papers/make.html", context)
    form = PaperForm(project, source, by, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer = _answered(request, project, source, form)
        if answer is not None:
            return answer
    examples = {each.key: each.example_words for _, each in form.rows}
    context |= {"form": form, "chosen": request.GET.get("modele", "")}
    context["left_out"] = left_out_sentence(checked(source.word)) if source.word else ""
    context["lacking"] = refusal(source, case_of(project, by=by, typed=examples))
    return shown(request, "instruction/papers/make.html", context)


def _answered(request: HttpRequest, project: Project, source: PaperSource, form: PaperForm) -> HttpResponseBase | None:
    """The paper as a preview, or issued; None where something lacks, which the form says."""
    by = signed_in(request)
    try:
        if "apercu" in request.POST:
            return pdf_response(previewed(source, project, by, form.typed), f"apercu-{project.code}")
        paper = issue(source, project, by=by, typed=form.typed, replaces=form.replaced)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    messages.success(request, f"Le document {paper.reference} est émis. Relisez-le, puis envoyez-le.")
    return redirect("projects:instruction_issued", paper.pk)


@writers_page
@sent_once
def for_committee(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The papers of a whole committee: which, from which models; they are made in the background."""
    meeting, by = get_object_or_404(Committee.objects.select_related("campaign"), pk=pk), signed_in(request)
    data = request.POST if request.method == "POST" else None
    form = CommitteeForm(meeting, data)
    is_chosen = data is not None and form.is_valid()
    typed = TypedForm(list(form.sources.values()) if data is None or is_chosen else [], by, data)
    if is_chosen and typed.is_valid() and not form.is_empty:
        issuing = _ask_together(meeting, form, typed, by)
        return redirect("projects:instruction_issuing", issuing.pk)
    context = {"committee": meeting, "form": form, "typed": typed, "issuings": meeting.issuings.select_related("by")}
    return shown(request, "instruction/papers/committee.html", context)


@transaction.atomic
def _ask_together(meeting: Committee, form: CommitteeForm, typed: TypedForm, by: Person) -> Issuing:
    """Write down what is asked for, and begin."""
    issuing = Issuing.objects.create(committee=meeting, typed=typed.typed, by=by)
    IssuingLine.objects.bulk_create(  # not the tree
        IssuingLine(issuing=issuing, project=project, kind=kind, model=source.model)
        for kind, source in form.sources.items()
        for project in form.projects[kind]
    )
    start(issuing)
    return issuing


@writers_page
@sent_once
def edition(request: HttpRequest, pk: int) -> HttpResponseBase:
    """How far an edition is: while it goes on the page grows; then what was made, and what could not be."""
    issuing = get_object_or_404(Issuing.objects.select_related("committee", "by"), pk=pk)
    if request.method == "POST":
        if number := retry(issuing):
            start(issuing)
            messages.success(request, f"{count_phrase(number, 'document repris', 'documents repris')}.")
        else:
            refuse(request)
        return redirect("projects:instruction_issuing", pk)
    if waiting(issuing).exists():
        page: Any = shown(request, "instruction/papers/running.html", {"issuing": issuing})
        return watched(page.content.decode(), lambda say: follow(issuing, say))
    lines = issuing.lines.select_related("project__organization", "paper").order_by("kind", "pk")
    listed = list(lines[:MOST_LINES])
    context = {
        "issuing": issuing,
        "lines": [line for line in listed if line.paper is not None],
        "refused": [line for line in listed if line.paper is None],
        "to_send": to_send(issuing).count(),
    }
    return shown(request, "instruction/papers/edition.html", context)


def to_send(issuing: Issuing) -> QuerySet[Any]:
    """The papers of an edition that were not sent, nor cancelled."""
    return Paper.objects.standing().filter(line__issuing=issuing, sent_at=None).order_by("pk")
