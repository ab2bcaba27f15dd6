"""``/espace/declarations/<n>/bilan.pdf``: a report that was handed in, for its lead and for officers."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.dates import known_year
from cohesion.lib.http import file_answer
from cohesion.lib.people import signed_in
from projects.catalogue.models import Project
from projects.catalogue.rules import READ_INSTRUCTION
from projects.choices import ProjectStatus
from projects.declaring.views.doors import acting
from projects.reporting.pdf import report_pdf as written


@require_safe
@login_required
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The last report that was handed in, or that of ``annee``, as a PDF.

    Raises:
        Http404: there is none, or it is not for who asks.
    """
    own = Q(organization__in=acting(signed_in(request)).order_by().values("organization"))
    may_read = ~Q(status=ProjectStatus.DRAFT) if request.user.has_perm(READ_INSTRUCTION) else own
    project = get_object_or_404(Project.objects.filter(may_read), pk=pk)
    reports = project.reports.exclude(handed_at=None).order_by("-year")
    if "annee" in request.GET:
        reports = reports.filter(year=known_year(request.GET["annee"]) or 0)
    report = reports.select_related("project__organization", "handed_by").first()
    if report is None:
        raise Http404("Aucun bilan n’a été remis.")
    record(AuditKind.EXPORT, on=project, after={"format": "pdf", "bilan": report.year})
    name = f"bilan-{project.code}-{report.year}.pdf"
    return file_answer(written(report), "application/pdf", name, is_private=True)
