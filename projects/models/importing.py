"""A file of projects that somebody brought."""

from axes.models.importing import FileImport


class ProjectImport(FileImport):
    """One import of projects: who brought which file, what it would do, what became of it."""

    class Meta(FileImport.Meta):
        verbose_name = "Import de projets"
        verbose_name_plural = "Imports de projets"
