"""Files that somebody brought: of projects, of a committee's decisions."""

from django.db import models

from axes.models.importing import RereadableImport
from projects.models.instruction import Committee


class ProjectImport(RereadableImport):
    """One import of projects: who brought which file, what it would do, what became of it."""

    class Meta(RereadableImport.Meta):
        abstract = False
        verbose_name = "Import de projets"
        verbose_name_plural = "Imports de projets"


class DecisionImport(RereadableImport):
    """One import of what a committee decided, on a day."""

    committee = models.ForeignKey(
        Committee, on_delete=models.CASCADE, related_name="imports", verbose_name="comité", editable=False
    )
    decided_on = models.DateField("décidé le")

    class Meta(RereadableImport.Meta):
        abstract = False
        verbose_name = "Import de décisions"
        verbose_name_plural = "Imports de décisions"
