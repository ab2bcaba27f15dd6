"""Files that leads hand in: of an organisation (they serve all its declarations), or of one project."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.files.storage import storages
from django.db import models
from django.db.models import Q

from cohesion.lib.constraints import always
from cohesion.lib.text import validate_line
from projects.catalogue.models.project import Project
from projects.choices import ORGANIZATION_ATTACHMENTS, AttachmentKind
from projects.members.models.organization import Organization


def private_storage() -> Any:
    """Outside the web root; read at run time, so that an installation may put it elsewhere."""
    return storages["attachments"]


def random_name(attachment: "Attachment", filename: str) -> str:
    """Nothing of what the sender calls the file stands in its name on the disk."""
    name = secrets.token_hex(16)
    return f"{name[:2]}/{name}"


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def kept(self) -> "AttachmentQuerySet":
        """Those that were not taken away; a file that was handed in stays on the disk for its frozen copies."""
        return self.filter(removed_at__isnull=True)

    def of(self, organizations: Iterable[int]) -> "AttachmentQuerySet":
        """Those that belong to organisations, by key: a project's go with it when another takes it over."""
        keys = list(organizations)
        return self.filter(Q(project__organization__in=keys) | Q(project__isnull=True, organization__in=keys))

    def serving(self, project: Project) -> "AttachmentQuerySet":
        """Those of the project, and those of its organisation."""
        return self.kept().filter(Q(project=project) | Q(project__isnull=True, organization=project.organization_id))

    def of_report(self, project: Project) -> "AttachmentQuerySet":
        """Those that came since the project was last handed in: they go with its report."""
        last = project.submissions.order_by("number").last()
        files = self.serving(project)
        return files if last is None else files.filter(at__gt=last.at)


class Attachment(models.Model):
    """A file. ``digest`` is the SHA-256 of its bytes, ``size`` is in bytes; ``name`` is what the sender calls it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="attachments", verbose_name="structure"
    )
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, null=True, blank=True, related_name="attachments", verbose_name="projet"
    )
    kind = models.CharField("nature", max_length=15, choices=AttachmentKind.choices)
    year = models.PositiveSmallIntegerField("exercice", null=True, blank=True)
    file = models.FileField("fichier", storage=private_storage, upload_to=random_name, max_length=80)
    name = models.CharField("nom", max_length=150, validators=[validate_line])
    content_type = models.CharField("type", max_length=100)
    size = models.PositiveIntegerField("taille")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("reçu le", auto_now_add=True)
    removed_at = models.DateTimeField("retiré le", null=True, blank=True)

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = "Pièce"
        verbose_name_plural = "Pièces"
        ordering = ["kind", "-at"]
        constraints = [
            always(
                "projects_attachment_belongs",
                Q(project__isnull=False) | Q(kind__in=ORGANIZATION_ATTACHMENTS),
                "Cette pièce se joint à une action.",
            )
        ]

    def __str__(self) -> str:
        return self.name
