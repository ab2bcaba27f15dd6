"""The files of a declaration and of an organisation: sent, given back through the access check, taken away."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from cohesion.together.once import sent_once
from projects.attachments import TOO_LARGE, downloaded, receive, remove, said_name
from projects.choices import ORGANIZATION_ATTACHMENTS, AttachmentKind
from projects.declaring.drafts import NotWritable
from projects.models import Attachment, Declaration, Organization, Project
from projects.reporting.actions import WRITABLE as REPORTING
from projects.rules import is_officer, memberships
from projects.views.space.doors import acting, declaration_page, space

SANDBOX = "default-src 'none'; sandbox"


@declaration_page("POST")
@partial(sent_once, is_whole=False)
def add(request: HttpRequest, declaration: Declaration) -> HttpResponseBase:
    """A file for the declaration, or for its organisation when it is of that kind."""
    try:
        _receive(request, declaration.project.organization, declaration.project)
    except NotWritable:
        messages.error(request, "Ce dossier ne peut plus être modifié : la pièce n’est pas jointe.")
        return redirect("projects:declaration", pk=declaration.project_id)
    return _back(declaration.project)


@space("GET", "POST")
@partial(sent_once, is_whole=False)
def organization(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One's organisation: who acts for it, and the files that serve all its declarations."""
    mine = acting(request.user).order_by().values("organization")
    found = get_object_or_404(Organization, pk=pk, pk__in=mine)
    if request.method == "POST":
        _receive(request, found, None)
        return redirect("projects:space_organization", pk=pk)
    files = Attachment.objects.kept().filter(organization=found, project=None).select_related("by")
    context = {
        "organization": found,
        "files": files,
        "kinds": [(one.value, one.label) for one in ORGANIZATION_ATTACHMENTS],
        "members": found.memberships.select_related("user").order_by("user__last_name", "user__email"),
    }
    return render(request, "space/organization.html", context)


def _receive(request: HttpRequest, organization: Organization, project: Any) -> None:
    upload = request.FILES.get("file")
    if getattr(request, "file_was_too_large", False):
        messages.error(request, TOO_LARGE)
    elif not isinstance(upload, UploadedFile):
        messages.error(request, "Choisissez d’abord un fichier.")
    else:
        try:
            kept = receive(
                upload=upload,
                kind=request.POST.get("kind", ""),
                by=request.user,
                organization=organization,
                project=project,
            )
        except NotWritable:
            raise
        except ValidationError as error:
            messages.error(request, f"« {said_name(upload.name or '')} » n’est pas joint. {error.messages[0]}")
        else:
            messages.success(request, f"« {kept.name} » est joint ({AttachmentKind(kept.kind).label}).")


@space("GET")
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself, to those of its organisation and to officers: never shown, always saved."""
    found = get_object_or_404(_readable(request), pk=pk)
    try:
        stream = found.file.open("rb")
    except OSError as error:
        raise Http404("Ce fichier n’est plus sur le disque : écrivez à l’agglomération.") from error
    downloaded(found)
    response = FileResponse(stream, as_attachment=True, filename=found.name, content_type=found.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "no-store, private"
    return response


@space("POST")
def take_away(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Take a file away: that of a declaration while it may be written, that of an organisation at any time."""
    found = get_object_or_404(Attachment.objects.kept().of(memberships(request.user)).select_related("project"), pk=pk)
    try:
        remove(found)
    except NotWritable:
        messages.error(request, "Ce dossier est déposé : ses pièces y restent.")
        return redirect("projects:declaration", pk=found.project_id)
    messages.success(request, f"« {found.name} » est retiré.")
    if found.project is not None:
        return _back(found.project)
    return redirect("projects:space_organization", pk=found.organization_id)


def _back(project: Project) -> HttpResponseBase:
    """The page from which its files are joined now: of the declaration, or of the report."""
    if project.status in REPORTING:
        return redirect("projects:report", pk=project.pk)
    return redirect("projects:declaration_page", pk=project.pk, slug="pieces")


def _readable(request: HttpRequest) -> Any:
    if is_officer(request.user):
        return Attachment.objects.all()
    return Attachment.objects.of(memberships(request.user))
