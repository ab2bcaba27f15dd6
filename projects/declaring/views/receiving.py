"""A file that a page sends: received, or why not."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from projects.choices import AttachmentKind
from projects.declaring.attachments import TOO_LARGE, receive, said_name
from projects.declaring.drafts import NotWritable
from projects.members.models import Organization

FILES = "pieces"  # the page of the declaration that takes files


def brings_file(request: HttpRequest) -> bool:
    """Whether a file was chosen, of whatever size."""
    return "file" in request.FILES or getattr(request, "file_was_too_large", False)


def receive_file(request: HttpRequest, organization: Organization, project: Any) -> None:
    """Keep the file that was chosen, and say what became of it.

    Raises:
        NotWritable: the project is no longer its lead's to write.
    """
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
            messages.error(request, f"« {said_name(upload.name or '')} » n’est pas joint. {error.messages[0]}")
        else:
            messages.success(request, f"« {kept.name} » est joint ({AttachmentKind(kept.kind).label}).")
