"""The table that a search looks through, what of it has to be written again, and the words that may be proposed."""

from django.db import models

from projects.choices import SearchKind

TOKEN_KIND_LENGTH = 12
RANKS = {kind: rank for rank, kind in enumerate(SearchKind)}


class SearchEntry(models.Model):
    """Something that a search finds, written again whenever what it says changes (:mod:`projects.search.refreshing`).

    ``key`` is that of the object; ``rank`` the place of its kind among equals; ``length`` that of its title;
    ``tokens`` is all that it may be found by and by whom (:mod:`projects.search.words`), separated by blanks, and
    ``words`` its words in their order. Each database files both in an index of its own (``migrations/_search.py``).
    """

    kind = models.CharField(max_length=TOKEN_KIND_LENGTH, choices=SearchKind.choices)
    rank = models.PositiveSmallIntegerField()
    key = models.BigIntegerField()
    length = models.PositiveSmallIntegerField()
    is_public = models.BooleanField(default=False)
    code = models.CharField(max_length=40, blank=True, default="")
    title = models.CharField(max_length=300)
    context = models.CharField(max_length=500, blank=True, default="")
    address = models.CharField(max_length=300)
    tokens = models.TextField(default="")
    words = models.TextField(default="", db_default="")

    class Meta:
        verbose_name = "Entrée de la recherche"
        verbose_name_plural = "Entrées de la recherche"
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="projects_search_entry_once")]

    def __str__(self) -> str:
        return self.title


class StaleEntry(models.Model):
    """What an entry is made from has changed: triggers write it here, whoever changed it and however.

    ``source`` is a name of :mod:`projects.search.entries`. The same may stand here several times: writers never wait
    for one another.
    """

    source = models.CharField(max_length=TOKEN_KIND_LENGTH)
    key = models.BigIntegerField()

    class Meta:
        verbose_name = "Entrée à refaire"
        verbose_name_plural = "Entrées à refaire"

    def __str__(self) -> str:
        return f"{self.source} {self.key}"


class SearchWord(models.Model):
    """A word that something public has, or had: what a mistyped one may have been meant to be."""

    word = models.CharField("mot", max_length=60, unique=True, editable=False)
    spelling = models.CharField("orthographe", max_length=60)

    class Meta:
        verbose_name = "Mot de la recherche"
        verbose_name_plural = "Mots de la recherche"

    def __str__(self) -> str:
        return self.spelling
