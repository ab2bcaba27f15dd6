"""Files of projects that somebody brought."""

from cohesion.imports.models import FileImport


class ProjectImport(FileImport):
    """One import of projects: who brought which file, what it would do, what became of it."""

    class Meta(FileImport.Meta):
        abstract = False
        verbose_name = "Import de projets"
        verbose_name_plural = "Imports de projets"
