"""Receiving the files of leads: small, few, of a known type, looked at by the installation's scanner, once."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.module_loading import import_string

from cohesion.audit import AuditKind, record
from cohesion.lib.file_types import FileType, recognized
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.text import hidden_character, squeeze
from cohesion.lib.uploads import MAX_BYTES
from projects.choices import ORGANIZATION_ATTACHMENTS, AttachmentKind
from projects.models import Attachment, Organization, Project

MAX_FILES = 10  # of an action; and of an organisation
NAME_LENGTH = 100
TOO_LARGE = "Ce fichier dépasse 10 Mo : réduisez-le (une photo en qualité moyenne, un PDF sans images inutiles)."
SUSPECT = "Ce fichier a été refusé par le contrôle antivirus : analysez-le sur votre poste, ou envoyez-le autrement."


def receive(
    *, upload: "UploadedFile[Any]", kind: str, by: Any, organization: Organization, project: Project | None = None
) -> Attachment:
    """Keep a file. Statutes, accounts… are the organisation's, and serve all its declarations.

    Raises:
        ValidationError: it is too large, one too many, of another type, or suspect.
    """
    if kind not in AttachmentKind.values:
        raise ValidationError({"kind": "Dites de quelle pièce il s’agit."})
    if kind in ORGANIZATION_ATTACHMENTS:
        project = None
    elif project is None:
        raise ValidationError({"kind": "Cette pièce se joint à une action."})
    if upload.size is None or upload.size > MAX_BYTES:
        raise ValidationError({"file": TOO_LARGE})
    data = upload.read()
    found = _type(data)
    _scan(data)
    digest = hashlib.sha256(data).hexdigest()
    with transaction.atomic():
        # Whoever sends another file of this organisation waits: neither passes the number allowed.
        Organization.objects.select_for_update().get(pk=organization.pk)
        there = Attachment.objects.kept().filter(organization=organization, project=project)
        if same := there.filter(digest=digest, kind=kind).first():
            return same  # sent twice
        if there.count() >= MAX_FILES:
            raise ValidationError({"file": f"{MAX_FILES} fichiers sont déjà joints, c’est le plus : retirez-en un."})
        attachment = Attachment(
            organization=organization,
            project=project,
            kind=kind,
            name=shown_name(upload.name or "", found),
            content_type=found.content_type,
            size=len(data),
            digest=digest,
            by=by,
        )
        attachment.file.save("file", ContentFile(data), save=False)
        try:
            attachment.full_clean(exclude=["file"])
            attachment.save()
            record(AuditKind.UPLOAD, on=attachment, by=by, after=_of(attachment))
        except BaseException:
            attachment.file.delete(save=False)
            raise
    return attachment


def connect() -> None:
    post_delete.connect(_forget, sender=Attachment, dispatch_uid="projects.attachments")


def _forget(sender: Any, instance: Attachment, **kwargs: Any) -> None:
    """The bytes go with their row, once it is sure that the row is gone."""
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def remove(attachment: Attachment) -> None:
    """Take a file away from the lists. Its bytes stay, for what was handed in with it."""
    if Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=timezone.now()):
        record(AuditKind.ATTACHMENT_REMOVED, on=attachment, before=_of(attachment))


def downloaded(attachment: Attachment) -> None:
    record(AuditKind.DOWNLOAD, on=attachment, after=_of(attachment))


def _of(attachment: Attachment) -> dict[str, int | str | None]:
    return {
        "nature": attachment.kind,
        "structure": attachment.organization_id,
        "projet": attachment.project_id,
        "octets": attachment.size,
    }


def shown_name(name: str, found: FileType) -> str:
    """What the sender calls the file, without paths or characters that deceive, with the extension of what it is."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(one for one in name if not hidden_character(one))
    name = squeeze(re.sub(r'[<>:"|?*%;]', " ", name))
    stem = name.rpartition(".")[0] or name
    stem = re.sub(r"\.[A-Za-z]{2,5}\Z", "", stem).strip(". ")  # « statuts.php.pdf »
    return f"{stem[:NAME_LENGTH] or 'piece'}.{found.extension}"


def _type(data: bytes) -> FileType:
    try:
        return recognized(data)
    except Refused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal


def _scan(data: bytes) -> None:
    """Ask the installation's scanner: a function that gets the bytes, and answers whether they are harmless."""
    if settings.ATTACHMENT_SCANNER:
        is_harmless: Callable[[bytes], bool] = import_string(settings.ATTACHMENT_SCANNER)
        if not is_harmless(data):
            raise ValidationError({"file": SUSPECT})
