"""The report of a project: typed, handed in; read once it is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render

from cohesion.lib.people import signed_in
from projects.catalogue.models import Project
from projects.catalogue.steps import AlreadyMoved
from projects.catalogue.workflow import REPORT_OPEN
from projects.choices import REPORT_ATTACHMENTS, ProjectStatus
from projects.declaring.models import Attachment
from projects.declaring.views.doors import own_project, space
from projects.declaring.views.editing import Editing
from projects.reporting.actions import current, hand_in, save
from projects.reporting.form import ReportForm
from projects.reporting.models import Report


def _due(project: Project) -> Report:
    """The report to write, or the last one.

    Raises:
        Http404: none is expected.
    """
    due = current(project)
    if due is None:
        raise Http404("Aucun bilan n’est attendu de cette action.")
    due.project = project
    return due


@space("GET", "POST")
def report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The report that is due, to be typed in one sitting or several; the last one handed in, to be read."""
    project = own_project(signed_in(request), pk)
    due = _due(project)

    if request.method != "POST" and (due.handed_at or project.status not in REPORT_OPEN):
        form = ReportForm(due, due.answers)
        return render(request, "space/report_read.html", {"project": project, "report": due, "form": form})
    return report_editing(request, project).answer(request)


def report_editing(request: HttpRequest, project: Project) -> Editing:
    """The report that is due, as it is typed.

    Raises:
        Http404: none is expected.
    """
    due = _due(project)
    return Editing(
        title=f"Bilan {due.year}",
        template="space/report.html",
        stored=due.answers,
        form=lambda typed: ReportForm(due, typed),
        save=lambda mine, base: save(report=due, mine=mine, base=base, by=signed_in(request)),
        saved=lambda: (due.saved_at, None),
        after=lambda: redirect("projects:report", pk=project.pk),
        context={
            "project": project,
            "report": due,
            "files": Attachment.objects.of_report(project),
            "kinds": [(kind.value, kind.label) for kind in REPORT_ATTACHMENTS],
        },
    )


@space("POST")
def hand_report(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Hand the report in, with what stands on its page. Whoever presses twice is told that it is done."""
    project = own_project(signed_in(request), pk)
    due = _due(project)
    if (page := report_editing(request, project).keep(request)) is not None:
        return page
    try:
        hand_in(report=due, by=signed_in(request), organization=project.organization)
    except AlreadyMoved as moved:
        if moved.project.status != ProjectStatus.REPORT_RECEIVED:
            messages.error(request, moved.messages[0])
            return redirect("projects:report", pk=pk)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
        return redirect(f"{request.path.removesuffix('remettre/')}?controle=1")
    messages.success(request, f"Le bilan {due.year} est remis : l’agglomération le relit.")
    return redirect("projects:report", pk=pk)
