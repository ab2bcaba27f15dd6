"""Who takes part in a project, as its lead says it."""

from django.db import models

from cohesion.lib.text import validate_line
from projects.catalogue.models.project import Project
from projects.choices import PartnerRole
from projects.members.models.organization import Organization


class Partnership(models.Model):
    """An organisation that takes part, as its lead names it; ``organization`` where it is one that we know."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="declared_partners", verbose_name="projet"
    )
    name = models.CharField("structure", max_length=200, validators=[validate_line])
    organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="declared_partnerships",
        verbose_name="structure connue",
    )
    role = models.CharField("rôle", max_length=9, choices=PartnerRole.choices, blank=True, default="")
    is_confirmed = models.BooleanField("acquis", default=False)

    class Meta:
        verbose_name = "Partenariat"
        verbose_name_plural = "Partenariats"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
