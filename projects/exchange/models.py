"""Files of projects that somebody brought."""

from axes.models.importing import RereadableImport


class ProjectImport(RereadableImport):
    """One import of projects: who brought which file, what it would do, what became of it."""

    class Meta(RereadableImport.Meta):
        abstract = False
        verbose_name = "Import de projets"
        verbose_name_plural = "Imports de projets"
