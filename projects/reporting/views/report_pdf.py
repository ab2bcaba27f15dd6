"""``/espace/declarations/<n>/bilan.pdf``: a report that was handed in, for its lead and for officers."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from cohesion.audit import AuditKind, record
from cohesion.lib.dates import known_year
from cohesion.lib.http import file_answer
from cohesion.lib.people import signed_in
from projects.declaring.views.doors import readable_project
from projects.reporting.pdf import report_pdf as written


@require_safe
@login_required
def report_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The last report that was handed in, or that of ``annee``, as a PDF.

    Raises:
        Http404: there is none, or it is not for who asks.
    """
    project = readable_project(signed_in(request), pk)
    reports = project.reports.exclude(handed_at=None).order_by("-year")
    if "annee" in request.GET:
        reports = reports.filter(year=known_year(request.GET["annee"]) or 0)
    report = reports.select_related("project__organization", "handed_by").first()
    if report is None:
        raise Http404("Aucun bilan n’a été remis.")
    record(AuditKind.EXPORT, on=project, after={"format": "pdf", "bilan": report.year})
    name = f"bilan-{project.code}-{report.year}.pdf"
    return file_answer(written(report), "application/pdf", name, is_private=True)
