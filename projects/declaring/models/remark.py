"""What is asked to be completed in a declaration."""

from django.conf import settings
from django.db import models

from cohesion.lib.text import validate_text
from projects.catalogue.models.project import Project


class Remark(models.Model):
    """What an officer asks to be completed on one page of the form, and what the lead answers to it.

    ``page`` is the address part of the page. A remark is open until the declaration is handed in again; ``due_on`` is
    the last day on which its answer is expected, the same for all that is asked at once.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="remarks", verbose_name="projet")
    page = models.CharField("partie", max_length=20)
    text = models.TextField("à compléter", validators=[validate_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    due_on = models.DateField("attendue le", null=True, blank=True)
    answer = models.TextField("réponse", blank=True, default="", validators=[validate_text])
    closed_at = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "Demande de complément"
        verbose_name_plural = "Demandes de complément"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text
