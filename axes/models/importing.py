"""A file of orientations that somebody brought."""

from django.db import models

from cohesion.imports.models import FileImport


class ImportJob(FileImport):
    """One import of orientations."""

    framework = models.ForeignKey(
        "axes.Framework", on_delete=models.CASCADE, related_name="import_jobs", verbose_name="cadre"
    )
    base_revision = models.PositiveBigIntegerField("révision du cadre à la lecture", default=0)

    class Meta(FileImport.Meta):
        abstract = False
        verbose_name = "Import d’orientations"
        verbose_name_plural = "Imports d’orientations"
