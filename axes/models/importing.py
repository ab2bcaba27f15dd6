"""A file that somebody brought, from its reading to its application."""

from django.conf import settings
from django.db import models


class ImportJob(models.Model):
    """One import of orientations: who brought which file, what it would do, what became of it.

    The parsed rows are kept, not the file: what is applied is exactly what was shown.
    """

    class State(models.TextChoices):
        READY = "ready", "Prêt à appliquer"
        REFUSED = "refused", "Refusé"
        APPLIED = "applied", "Appliqué"
        CANCELLED = "cancelled", "Abandonné"

    framework = models.ForeignKey(
        "axes.Framework", on_delete=models.CASCADE, related_name="import_jobs", verbose_name="cadre"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    filename = models.CharField("fichier", max_length=200)
    digest = models.CharField("empreinte SHA-256", max_length=64)
    state = models.CharField("état", max_length=10, choices=State.choices, default=State.READY)
    rows = models.JSONField("lignes lues", default=list)
    report = models.JSONField("rapport", default=dict)
    base_revision = models.PositiveBigIntegerField("révision du cadre à la lecture", default=0)
    created_at = models.DateTimeField("déposé le", auto_now_add=True)
    applied_at = models.DateTimeField("appliqué le", null=True, blank=True)

    class Meta:
        verbose_name = "Import d’orientations"
        verbose_name_plural = "Imports d’orientations"
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.filename} ({self.get_state_display().lower()})"
