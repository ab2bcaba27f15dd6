"""The projects of a meeting: what is decided of each in one form, or by the committee's spreadsheet."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.imports.screens import ImportForm, ImportScreens, download
from cohesion.lib.people import signed_in
from cohesion.lib.refusals import RowsRefused
from cohesion.lib.spreadsheets import CONTENT_TYPES
from cohesion.lib.text import count_phrase
from projects.catalogue.models import Project
from projects.choices import ProjectStatus
from projects.instructing import sheet
from projects.instructing.deciding import GRANTING, decide_together
from projects.instructing.envelope import envelope_of, left_after
from projects.instructing.models import Committee, DecisionImport
from projects.instructing.views.door import officers_page, shown, writers_page
from projects.instructing.views.forms import usual_day
from projects.instructing.views.meeting_form import MeetingForm, SharedForm

MOST = 200  # lines in the form; the sheet takes any number
_NAMES = re.compile(r"p(\d{1,15})-outcome")


@officers_page
def committee(request: HttpRequest, pk: int) -> HttpResponseBase:
    """What is before a committee, and what it decided; with POST, decide of all the lines that say so, or of none."""
    meeting = get_object_or_404(Committee.objects.select_related("campaign"), pk=pk)
    before_it = sheet.proposals(meeting)
    shown_projects = list(before_it[:MOST])
    form = MeetingForm(meeting, shown_projects, follows_opinions=request.GET.get("selon") == "avis")
    if request.method == "POST":
        form = MeetingForm(meeting, _posted(request.POST), request.POST)
        if form.is_valid():
            try:
                number = decide_together(form.rulings, by=signed_in(request))
            except RowsRefused as refused:
                form.tell(refused)
            else:
                messages.success(request, _done(number))
                return redirect("projects:instruction_committee", pk=pk)
    decisions = meeting.decisions.select_related("project__organization").order_by(
        "project__code_key", "project__code", "at"
    )
    envelope = envelope_of(meeting, before_it)
    context = {
        "committee": meeting,
        "form": form,
        "total": before_it.count(),
        "decisions": decisions,
        "envelope": envelope,
        "left_after": left_after(envelope, shown_projects),
        "granting": " ".join(GRANTING),
        "formats": sheet.FORMATS,
    }
    return shown(request, "instruction/committee.html", context)


def _posted(data: QueryDict) -> list[Project]:
    """What the page had when it was sent: a colleague may have decided of some of it meanwhile."""
    names = filter(None, map(_NAMES.fullmatch, data))
    keys = {int(name[1]) for name in names}
    posted = Project.objects.filter(pk__in=sorted(keys)[:MOST]).exclude(status=ProjectStatus.DRAFT)
    return list(posted.select_related("organization", "review").order_by("code_key", "code"))


@officers_page
@require_safe
def sheet_file(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The sheet to be filled by the committee."""
    if format not in sheet.FORMATS:
        raise Http404("Ce format de fichier n’existe pas.")
    meeting = get_object_or_404(Committee, pk=pk)
    name = f"comite-{meeting.held_on:%Y-%m-%d}.{format}"
    record(AuditKind.EXPORT, on=meeting, after={"format": format})
    return download(sheet.written(meeting, format), CONTENT_TYPES[format], name)


class DecidedOnForm(SharedForm, ImportForm):
    """The file that the committee filled, and the day."""

    deliberation = None  # type: ignore[assignment]


class SheetScreens(ImportScreens[DecisionImport]):
    """The import of the sheet, on the pages of its committee."""

    def importer_of(self, job: DecisionImport) -> sheet.DecisionImporter:
        return sheet.DecisionImporter(job.committee, job.decided_on)

    def job_address(self, job: DecisionImport) -> str:
        return reverse("projects:instruction_import_job", args=[job.committee_id, job.pk])

    def deposit_address(self, job: DecisionImport) -> str:
        return reverse("projects:instruction_committee", args=[job.committee_id])

    applied_address = deposit_address


SCREENS = SheetScreens()


@writers_page
def sheet_import(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take the file, and lead to its preview; nothing is decided."""
    meeting = get_object_or_404(Committee, pk=pk)
    form = DecidedOnForm.of_request(request, initial={"decided_on": usual_day(meeting)})
    if form.is_valid():
        importer = sheet.DecisionImporter(meeting, form.cleaned_data["decided_on"])
        return SCREENS.take_file(request, form, importer)
    context = {"committee": meeting, "form": form, "formats": sheet.FORMATS}
    return shown(request, "instruction/import.html", context)


@writers_page
def sheet_job(request: HttpRequest, pk: int, job_pk: int) -> HttpResponseBase:
    """What the file would decide; decide it, or give it up."""
    jobs = DecisionImport.objects.select_related("committee").defer("rows", "content")
    job = get_object_or_404(jobs, pk=job_pk, committee=pk)
    if not job.is_of(request.user):
        raise Http404("Cet import n’existe pas.")
    if request.method == "POST":
        return SCREENS.decide(request, job)
    context = {"committee": job.committee, "job": job, "report": job.report, "selects": SCREENS.selects(job)}
    return shown(request, "instruction/import_job.html", context)


def _done(number: int) -> str:
    return f"C’est fait : {count_phrase(number, 'décision saisie', 'décisions saisies')}."
