"""The papers as files: public ones as public pages, the file of a committee for those who instruct."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from axes import document
from axes.addresses import orientation_address
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.audit import AuditKind, record
from cohesion.lib.http import base_url
from projects.catalogue.addresses import moved
from projects.catalogue.models import Project
from projects.figures.periods import Period
from projects.instructing.models import Committee
from projects.instructing.views.door import officers_page
from projects.papers import subjects
from projects.papers.book import programme_book
from projects.papers.committee import committee_file
from projects.papers.lists import with_lines
from projects.papers.writing import one_page, pdf_file
from projects.territory.models import Territory


def _named(subject: str, period: Period) -> str:
    return f"{subject}-{period.year or 'toutes'}"


@public_page
def orientation(request: HttpRequest, versions: Versions, code: str) -> HttpResponseBase:
    """An orientation of the framework in force on one page."""
    framework = _in_force(versions)
    node = next((node for node in document.kept(framework) if node.orientation.code == code), None)
    if node is None:
        raise Http404("Aucune orientation ne porte ce code.")
    period, base = Period.from_query(request.GET), base_url(request)
    page = subjects.orientation_page(framework, node, period, base)
    address = f"{base}{orientation_address(node.orientation)}{period.suffix}"
    return pdf_file(one_page(page, framework, address), _named(f"orientation-{code}", period))


@public_page
def territory(request: HttpRequest, versions: Versions, code: str) -> HttpResponseBase:
    """A commune or a quarter on one page."""
    here = get_object_or_404(Territory.objects.defer("outline").select_related("parent"), code=code)
    period, base, path = Period.from_query(request.GET), base_url(request), reverse("projects:territory", args=[code])
    page = subjects.territory_page(versions.in_force, here, period, base, path, versions.beside)
    content = one_page(page, versions.in_force, f"{base}{path}{period.suffix}")
    return pdf_file(content, _named(f"territoire-{here.pk}", period))


@public_page
def project(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """A published project on one page: anybody may read it, so its lead reads no more there."""
    projects = with_lines(Project.objects.published()).select_related("host", "organization")
    project = projects.filter(code=code).first()
    if project is None:
        return moved(request, Project.objects.published(), code)
    base, path = base_url(request), project.get_absolute_url()
    period = Period.from_query(request.GET) if project.is_pst else Period.always()
    page = subjects.project_page(versions.in_force, project, period, base, path, versions.beside)
    address = f"{base}{path}{period.suffix if project.is_pst else ''}"
    return pdf_file(one_page(page, versions.in_force, address), f"projet-{project.code}")


@public_page
def book(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The programme of a year."""
    period = Period.from_query(request.GET)
    address = f"{base_url(request)}{reverse('projects:dashboard')}{period.suffix}"
    return pdf_file(
        programme_book(versions.in_force, period, address, versions.beside), _named("programmation", period)
    )


@officers_page
@require_safe
def committee(request: HttpRequest, pk: int) -> HttpResponse:
    """What is before a committee, for officers and elected officials."""
    meeting = get_object_or_404(Committee.objects.select_related("campaign"), pk=pk)
    record(AuditKind.EXPORT, on=meeting, after={"format": "pdf"})
    return pdf_file(committee_file(meeting), f"comite-{meeting.held_on:%Y-%m-%d}")


def _in_force(versions: Versions) -> Framework:
    if versions.in_force is None:
        raise Http404("Aucun cadre n’est en vigueur.")
    return versions.in_force
