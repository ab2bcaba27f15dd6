"""The schemes and funds that the framework names."""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from cohesion.lib.queries import InFrench
from cohesion.lib.text import validate_line


class Scheme(models.Model):
    """A scheme or fund that the framework names (ASV, PRH, AVSL, FSIH, REP…): a label that officers manage."""

    code = models.CharField(
        "sigle",
        max_length=20,
        unique=True,
        validators=[validate_line],
        error_messages={"unique": "Un autre dispositif a déjà ce sigle."},
    )
    name = models.CharField(
        "nom",
        max_length=150,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Vide quand seul le sigle est connu.",
    )

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Dispositif"
        verbose_name_plural = "Dispositifs"
        ordering = [InFrench("code")]

    def __str__(self) -> str:
        return self.code
