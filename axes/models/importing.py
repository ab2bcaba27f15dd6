"""Files that somebody brought: a table of orientations, a document to be read as a framework."""

from django.db import models

from cohesion.imports.models import FileImport
from cohesion.lib.text import validate_line


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


class DocumentReading(FileImport):
    """A document read as a framework: the rows that are proposed, as its owner has changed them until now.

    Once it is applied, ``framework`` is what it made. A pasted text has no file: ``filename`` says so.
    """

    name = models.CharField("titre du cadre à créer", max_length=300, blank=True, validators=[validate_line])
    framework = models.ForeignKey(
        "axes.Framework", on_delete=models.SET_NULL, null=True, related_name="readings", verbose_name="cadre créé"
    )

    class Meta(FileImport.Meta):
        abstract = False
        verbose_name = "Lecture d’un document"
        verbose_name_plural = "Lectures de documents"

    @property
    def why_not(self) -> str:
        """Why one that is not ready makes no framework."""
        if self.is_applied:
            return "Ce cadre a déjà été créé : rien n’a été écrit une seconde fois."
        return "Cette lecture a été abandonnée : déposez de nouveau le document."
