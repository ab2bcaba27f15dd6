"""A programme: the public policy of which a framework is one version.

The site has one of its own, the reference programme: the framework that its pages mean when they name none. Others (a
contrat de ville, a convention territoriale globale) stand beside it, each with its own frameworks and its own pages.
"""

from typing import Any

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from cohesion.lib.text import validate_line, validate_text

# The row that the migration makes. As its key is known, nothing needs asking to tell whether a framework is of it.
REFERENCE = 1
REFERENCE_ROW = {
    "name": "Cohésion sociale et territoriale",
    "short_name": "Cohésion sociale",
    "slug": "cohesion-sociale",
    "is_reference": True,
}
DESCRIPTION_LENGTH = 2000


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def beside(self) -> "ProgrammeQuerySet":
        """All but the reference one."""
        return self.exclude(pk=REFERENCE)


class Programme(models.Model):
    """What a council runs under a framework that it adopts, and then under the next."""

    name = models.CharField(
        "nom",
        max_length=200,
        unique=True,
        validators=[validate_line],
        error_messages={"unique": "Un autre programme porte déjà ce nom."},
    )
    short_name = models.CharField(
        "nom court",
        max_length=40,
        validators=[validate_line],
        help_text="Ou son sigle : ce que montrent les colonnes et les menus.",
    )
    slug = models.SlugField(
        "identifiant",
        max_length=50,
        unique=True,
        error_messages={"unique": "Un autre programme a déjà cet identifiant."},
        help_text="Dans un fichier, il précède les codes de ses orientations : « contrat-de-ville:1.2 ».",
    )
    description = models.TextField(
        "description",
        blank=True,
        default="",
        validators=[validate_text, MaxLengthValidator(DESCRIPTION_LENGTH)],
        help_text="Ce que c’est, qui le signe, à qui il s’adresse.",
    )
    is_reference = models.BooleanField("programme de référence", default=False, editable=False)
    order = models.PositiveSmallIntegerField(
        "rang", default=1, help_text="Dans les listes, après le programme de référence."
    )

    objects = ProgrammeQuerySet.as_manager()
    _history_user: Any  # who writes, for the history
    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Programme"
        verbose_name_plural = "Programmes"
        ordering = ["-is_reference", "order", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_reference"],
                condition=Q(is_reference=True),
                name="axes_programme_one_reference",
                violation_error_message="Un seul programme est celui de référence.",
            ),
            models.CheckConstraint(
                condition=Q(pk=REFERENCE, is_reference=True) | (~Q(pk=REFERENCE) & Q(is_reference=False)),
                name="axes_programme_reference_is_the_first",
                violation_error_message="Le programme de référence ne change pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let the pages of its frameworks know that it changed: they name it."""
        super().save(*args, **kwargs)
        self.frameworks.update(revision=F("revision") + 1, updated_at=timezone.now())

    @property
    def rank(self) -> tuple[bool, int, str]:
        """Its place among the programmes, the reference one first."""
        return not self.is_reference, self.order, self.name
