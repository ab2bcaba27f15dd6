"""The files of the public tables as they were made last, for every process of the site."""

from django.db import models
from django.utils import timezone

from cohesion.lib.constraints import once


class OpenFile(models.Model):
    """A file, made once by whoever came first after a change and given by all the others (:mod:`shared_files`).

    ``state`` is what it was made of; ``claimed_at`` is since when somebody makes the next one. Nothing here is but what
    anybody may read, and all of it is made again from the rest: it may be emptied at any moment.
    """

    software = models.CharField("logiciel", max_length=64, editable=False)
    site = models.CharField("adresse du site", max_length=200, editable=False)
    name = models.CharField("fichier", max_length=80, editable=False)
    state = models.CharField("état", max_length=64, blank=True, default="", editable=False)
    content_type = models.CharField("type", max_length=100, blank=True, default="", editable=False)
    size = models.PositiveBigIntegerField("taille", default=0, editable=False)
    digest = models.CharField("empreinte", max_length=64, blank=True, default="", editable=False)
    packed = models.BinaryField("contenu", null=True, editable=False)
    is_packed = models.BooleanField("compressé", default=True, editable=False)
    made_at = models.DateTimeField("fait le", default=timezone.now, editable=False)
    claimed_at = models.DateTimeField("repris le", null=True, editable=False)

    class Meta:
        verbose_name = "Fichier ouvert"
        verbose_name_plural = "Fichiers ouverts"
        default_permissions = ()
        constraints = [once("projects_open_file_once", "software", "site", "name", says="Ce fichier est déjà gardé.")]

    def __str__(self) -> str:
        return self.name
