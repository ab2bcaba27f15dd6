"""The files of a declaration and of an organisation: sent, given back through the access check, taken away."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from cohesion.lib.people import signed_in
from cohesion.lib.queries import InFrench
from cohesion.together.once import sent_once
from projects.catalogue.models import Project
from projects.catalogue.workflow import REPORT_OPEN
from projects.choices import ORGANIZATION_ATTACHMENTS
from projects.declaring.attachments import downloaded, remove
from projects.declaring.drafts import NotWritable
from projects.declaring.models import Attachment
from projects.declaring.pages import BY_SLUG
from projects.declaring.views.doors import acting, own_declarations, own_project, space
from projects.declaring.views.pages import editing
from projects.declaring.views.receiving import FILES, brings_file, receive_file
from projects.members.models import Organization
from projects.members.rules import is_officer, memberships
from projects.reporting.views.reports import report_editing

SANDBOX = "default-src 'none'; sandbox"


@space("POST")
@partial(sent_once, is_whole=False)
def add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A file for the declaration or the report, or for its organisation when it is of that kind.

    The page from which it is sent is saved with it. A report may be due of what was never declared here.
    """
    project = own_project(signed_in(request), pk)
    if (page := _keep_page(request, project)) is not None:
        return page
    try:
        receive_file(request, project.organization, project)
    except NotWritable:
        messages.error(request, "Ce dossier ne peut plus être modifié : la pièce n’est pas jointe.")
        return redirect("projects:declaration", pk=project.pk)
    return _back(project)


@space("GET", "POST")
@partial(sent_once, is_whole=False)
def organization(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's organisation: who acts for it, and the files that serve all its declarations."""
    mine = acting(signed_in(request)).order_by().values("organization")
    structure = get_object_or_404(Organization, pk=pk, pk__in=mine)
    if request.method == "POST":
        receive_file(request, structure, None)
        return redirect("projects:space_organization", pk=pk)
    files = Attachment.objects.kept().filter(organization=structure, project=None).select_related("by")
    context = {
        "organization": structure,
        "files": files,
        "kinds": [(kind.value, kind.label) for kind in ORGANIZATION_ATTACHMENTS],
        "members": structure.memberships.select_related("user").order_by(InFrench("user__last_name"), "user__email"),
    }
    return render(request, "space/organization.html", context)


@space("GET")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, to those of its organisation and to officers: never shown, always saved."""
    attachment = get_object_or_404(_readable(request), pk=pk)
    try:
        stream = attachment.file.open("rb")
    except OSError as error:
        raise Http404("Ce fichier n’est plus sur le disque : écrivez à l’agglomération.") from error
    downloaded(attachment)
    response = FileResponse(stream, as_attachment=True, filename=attachment.name, content_type=attachment.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store, private"
    return response


@space("POST")
def take_away(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a file away: that of a declaration while it may be written, that of an organisation at any time."""
    attachment = get_object_or_404(
        Attachment.objects.kept().of(memberships(request.user)).select_related("project"), pk=pk
    )
    if attachment.project_id:
        page = _keep_page(request, own_project(signed_in(request), attachment.project_id))
        if page is not None:
            return page
    try:
        remove(attachment)
    except NotWritable:
        messages.error(request, "Ce dossier est déposé : ses pièces y restent.")
        return redirect("projects:declaration", pk=attachment.project_id)
    messages.success(request, f"« {attachment.name} » est retiré.")
    if brings_file(request):
        receive_file(request, attachment.organization, attachment.project)
    if attachment.project is not None:
        return _back(attachment.project)
    return redirect("projects:space_organization", pk=attachment.organization_id)


def _keep_page(request: HttpRequest, project: Project) -> HttpResponseBase | None:
    """Save the page from which files are joined now; that page itself, where what was typed there cannot be saved."""
    declaration = own_declarations(signed_in(request)).filter(project=project).first()
    if project.status in REPORT_OPEN or declaration is None:
        return report_editing(request, project).keep(request)
    return editing(request, declaration, BY_SLUG[FILES]).keep(request)


def _back(project: Project) -> HttpResponseBase:
    """The page from which its files are joined now: of the declaration, or of the report."""
    if project.status in REPORT_OPEN:
        return redirect("projects:report", pk=project.pk)
    return redirect("projects:declaration_page", pk=project.pk, slug="pieces")


def _readable(request: HttpRequest) -> QuerySet[Any]:
    if is_officer(request.user):
        return Attachment.objects.all()
    return Attachment.objects.of(memberships(request.user))
