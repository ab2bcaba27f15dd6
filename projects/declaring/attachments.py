"""Receiving the files of leads: small, few, of a known type, looked at by the installation's scanner, once."""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import Error, transaction
from django.db.models.signals import post_delete
from django.utils import timezone
from django.utils.module_loading import import_string

from cohesion.audit import AuditKind, record
from cohesion.lib.file_types import FileType, recognized
from cohesion.lib.outages import is_disk_full
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.text import hidden_character, squeeze
from cohesion.lib.uploads import MAX_BYTES
from projects.catalogue.models import Project
from projects.catalogue.workflow import REPORT_OPEN, REQUEST_OPEN
from projects.choices import ORGANIZATION_ATTACHMENTS, AttachmentKind
from projects.declaring.drafts import NotWritable
from projects.declaring.models import Attachment, Submission
from projects.declaring.models.attachment import random_name
from projects.members.models import Organization

logger = logging.getLogger(__name__)

MAX_FILES = 10  # of an action; and of an organisation
NAME_LENGTH = 100
MOST_SAID = 200
# What a Windows workstation takes for a device, whatever follows.
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[\d¹²³]) *(\.|\Z)", re.IGNORECASE)
TOO_LARGE = "Ce fichier dépasse 10 Mo : réduisez-le (une photo en qualité moyenne, un PDF sans images inutiles)."
NOT_SCANNED = "Le contrôle antivirus ne répond pas : rien n’est gardé sans lui. Réessayez dans un instant."
DISK_FULL = (
    "Le disque du site est plein : cette pièce n’a pas pu être gardée. Prévenez l’agglomération, puis réessayez."
)
SUSPECT = "Ce fichier a été refusé par le contrôle antivirus : analysez-le sur votre poste, ou envoyez-le autrement."


def receive(
    *, upload: "UploadedFile[Any]", kind: str, by: Person, organization: Organization, project: Project | None = None
) -> Attachment:
    """Keep a file. Statutes, accounts… are the organisation's, and serve all its declarations.

    Raises:
        ValidationError: it is too large, one too many, of another type, or suspect; or there is no room for it.
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
    file_type = _type(data)
    _scan(data)
    attachment = Attachment(
        organization=organization,
        project=project,
        kind=kind,
        name=shown_name(upload.name or "", file_type),
        content_type=file_type.content_type,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        by=by,
    )
    name = random_name(attachment, "")
    try:
        # Durable: a transaction around it could take the row back, and leave the bytes.
        with transaction.atomic(durable=True):
            return _keep(attachment, data, name)
    except OSError as error:
        _forget_bytes(attachment, name)
        if not is_disk_full(error):
            raise
        logger.exception("Une pièce ne peut être gardée")
        raise ValidationError({"file": DISK_FULL}) from error
    except BaseException:
        _forget_bytes(attachment, name)
        raise


def _forget_bytes(attachment: Attachment, name: str) -> None:
    """Take the bytes of a refused file away; a connection lost at COMMIT may have kept the row, which needs them."""
    try:
        is_named = Attachment.objects.filter(file=name).exists()
    except Error:
        is_named = True  # nobody knows
    if not is_named:
        attachment.file.storage.delete(name)


def _keep(attachment: Attachment, data: bytes, name: str) -> Attachment:
    """One at a time for an organisation: of two files at once, neither passes the number allowed."""
    _lock(attachment)
    there = Attachment.objects.kept().filter(organization=attachment.organization, project=attachment.project)
    if same := there.filter(digest=attachment.digest, kind=attachment.kind).first():
        return same  # sent twice
    if there.count() >= MAX_FILES:
        raise ValidationError({"file": f"{MAX_FILES} fichiers sont déjà joints, c’est le plus : retirez-en un."})
    attachment.full_clean(exclude=["file"])
    attachment.file = attachment.file.storage.save(name, ContentFile(data))
    attachment.save()
    record(AuditKind.UPLOAD, on=attachment, by=attachment.by, after=_of(attachment))
    return attachment


def _lock(attachment: Attachment) -> None:
    """Nobody hands the project in, nor sends another file of the organisation, before this is done.

    Raises:
        NotWritable: the project is no longer its lead's to write.
    """
    if attachment.project_id is not None:
        project = Project.objects.select_for_update().get(pk=attachment.project_id)
        # What was handed in with the request stays with it, while the report is written.
        is_of_request = attachment.at is not None and project.submissions.filter(at__gte=attachment.at).exists()
        if project.status not in REQUEST_OPEN and (project.status not in REPORT_OPEN or is_of_request):
            raise NotWritable(project)
    Organization.objects.select_for_update().get(pk=attachment.organization_id)


def connect() -> None:
    post_delete.connect(_forget, sender=Attachment, dispatch_uid="projects.declaring.attachments")


def _forget(sender: object, instance: Attachment, **kwargs: Any) -> None:
    """The bytes go with their row, once it is sure that the row is gone."""
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def remove(attachment: Attachment) -> None:
    """Take a file away from the lists. Its bytes go too, unless something was handed in with it.

    Raises:
        NotWritable: it is of a project that was handed in.
    """
    with transaction.atomic():
        _lock(attachment)
        record(AuditKind.ATTACHMENT_REMOVED, on=attachment, before=_of(attachment))
        handed_in = Submission.objects.filter(at__gte=attachment.at)
        of_what = {"project": attachment.project} if attachment.project else {"organization": attachment.organization}
        if handed_in.filter(**of_what).exists():
            Attachment.objects.filter(pk=attachment.pk, removed_at=None).update(removed_at=timezone.now())
        else:
            attachment.delete()


def downloaded(attachment: Attachment) -> None:
    record(AuditKind.DOWNLOAD, on=attachment, after=_of(attachment))


def _of(attachment: Attachment) -> dict[str, int | str | None]:
    return {
        "nature": attachment.kind,
        "structure": attachment.organization_id,
        "projet": attachment.project_id,
        "octets": attachment.size,
    }


def shown_name(name: str, file_type: FileType) -> str:
    """What the sender calls the file, without paths or characters that deceive, with the extension of what it is."""
    name = said_name(name)
    stem = name.rpartition(".")[0] or name
    stem = re.sub(r"\.[A-Za-z]{2,5}\Z", "", stem)[:NAME_LENGTH].strip(". ")  # « statuts.php.pdf »
    if _DEVICE.match(stem):
        stem = f"piece {stem}"
    return f"{stem or 'piece'}.{file_type.extension}"


def said_name(name: str) -> str:
    """The name of a file as it may be told: on one line, without the folders, nor what nobody sees."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])  # Macs send the accents apart
    name = "".join(character for character in name if not hidden_character(character))
    return squeeze(re.sub(r'[<>:"|?*%;]', " ", name))[:MOST_SAID]


def _type(data: bytes) -> FileType:
    try:
        return recognized(data)
    except Refused as refusal:
        raise ValidationError({"file": str(refusal)}) from refusal


def _scan(data: bytes) -> None:
    """Ask the installation's scanner: a function that gets the bytes, and answers whether they are harmless.

    One that fails has not said that they are.
    """
    if not settings.ATTACHMENT_SCANNER:
        return
    try:
        is_harmless: Callable[[bytes], bool] = import_string(settings.ATTACHMENT_SCANNER)
        harmless = is_harmless(data)
    except Exception as error:
        logger.exception("Le contrôle antivirus a échoué : %s", settings.ATTACHMENT_SCANNER)
        raise ValidationError({"file": NOT_SCANNED}) from error
    if not harmless:
        raise ValidationError({"file": SUSPECT})
