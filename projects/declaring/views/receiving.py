"""A file that a page sends: received, or why not."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from cohesion.lib.people import signed_in
from cohesion.together.once import refuse
from projects.catalogue.models import Project
from projects.choices import AttachmentKind
from projects.declaring.attachments import TOO_LARGE, receive, said_name
from projects.declaring.drafts import NotWritable
from projects.members.models import Organization

FILES = "pieces"  # the page of the declaration that takes files
TOO_HEAVY = "file_too_heavy"  # the name of a file that the page weighed and did not send (static/uploads.js)


def brings_file(request: HttpRequest) -> bool:
    """Whether a file was chosen, of whatever size."""
    return "file" in request.FILES or getattr(request, "file_was_too_large", False)


def receive_file(request: HttpRequest, organization: Organization, project: Project | None) -> None:
    """Keep the file that was chosen, and say what became of it. The form of a refused one may be sent again.

    Raises:
        NotWritable: the project is no longer its lead's to write.
    """
    upload = request.FILES.get("file")
    if getattr(request, "file_was_too_large", False):
        _refuse(request, TOO_LARGE)
    elif not isinstance(upload, UploadedFile) and (name := request.POST.get(TOO_HEAVY)):
        _refuse(request, f"« {said_name(name)} » n’est pas joint. {TOO_LARGE}")
    elif not isinstance(upload, UploadedFile):
        _refuse(request, "Choisissez d’abord un fichier.")
    else:
        try:
            kept = receive(
                upload=upload,
                kind=request.POST.get("kind", ""),
                by=signed_in(request),
                organization=organization,
                project=project,
            )
        except NotWritable:
            refuse(request)
            raise
        except ValidationError as error:
            _refuse(request, f"« {said_name(upload.name or '')} » n’est pas joint. {error.messages[0]}")
        else:
            messages.success(request, f"« {kept.name} » est joint ({AttachmentKind(kept.kind).label}).")


def _refuse(request: HttpRequest, sentence: str) -> None:
    refuse(request)
    messages.error(request, sentence)
