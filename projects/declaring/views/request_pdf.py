"""``/espace/declarations/<n>/demande.pdf``: what was handed in, for its lead and for whoever reads the instruction."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.http import file_answer
from cohesion.lib.people import signed_in
from projects.catalogue.models import Project
from projects.declaring.pdf import submission_pdf
from projects.declaring.views.doors import readable_project


@require_safe
@login_required
def request_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The last copy that was handed in, as a PDF.

    Raises:
        Http404: there is none, or it is not for who asks.
    """
    projects = Project.objects.select_related("organization", "declaration__campaign")
    project = readable_project(signed_in(request), pk, projects)
    submission = project.submissions.select_related("by", "organization").order_by("number").last()
    if submission is None:
        raise Http404("Rien n’a été déposé.")
    submission.project = project
    record(AuditKind.EXPORT, on=project, after={"format": "pdf", "dépôt": submission.number})
    name = f"demande-{project.code}.pdf"
    return file_answer(submission_pdf(submission), "application/pdf", name, is_private=True)
