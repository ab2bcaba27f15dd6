"""What became of an orientation, where its identity does not say it: split, merged, or dropped on purpose."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from axes.models.framework import Framework
from axes.models.orientation import Orientation
from cohesion.lib.text import validate_line

NOTE_LENGTH = 300  # characters


class DescentQuerySet(models.QuerySet["Descent"]):
    def between(self, former: Framework, framework: Framework) -> "DescentQuerySet":
        """What was decided of the orientations of ``former``, for ``framework``."""
        return self.filter(framework=framework, former__framework=former)


class Descent(models.Model):
    """An orientation of a framework that was becomes one of a framework that comes, or (no ``successor``) none.

    An orientation of the same ``uid`` is the same, and needs no row. Several rows of one ``former``: it is split;
    several of one ``successor``: they are merged. Rows are written by :mod:`axes.adoption` alone.
    """

    framework = models.ForeignKey(
        Framework, on_delete=models.CASCADE, related_name="descents", verbose_name="cadre qui vient"
    )
    former = models.ForeignKey(
        Orientation, on_delete=models.CASCADE, related_name="descents", verbose_name="orientation d’avant"
    )
    successor = models.ForeignKey(
        Orientation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="ascents",
        verbose_name="ce qu’elle devient",
    )
    note = models.CharField("note", max_length=NOTE_LENGTH, blank=True, default="", validators=[validate_line])
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="décidé par",
    )
    decided_at = models.DateTimeField("décidé le", auto_now_add=True)

    objects = DescentQuerySet.as_manager()
    _history_user: Any  # who writes, for the history
    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Filiation d’une orientation"
        verbose_name_plural = "Filiations des orientations"
        ordering = ["framework", "former", "successor"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "former", "successor"],
                name="axes_descent_once",
                violation_error_message="Cette filiation est déjà dite.",
            ),
            models.UniqueConstraint(
                fields=["framework", "former"],
                condition=Q(successor__isnull=True),
                name="axes_descent_dropped_once",
                violation_error_message="Cette orientation est déjà abandonnée.",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(former=F("successor")),
                name="axes_descent_of_another",
                violation_error_message="Une orientation ne prend pas la suite d’elle-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.former.code} → {self.successor.code if self.successor else 'rien'}"

    def clean(self) -> None:
        """Hold what no constraint holds: which frameworks, and that what is dropped becomes nothing else.

        Raises:
            ValidationError: with one French sentence.
        """
        if self.former.framework_id == self.framework_id:
            raise ValidationError("Une orientation prend la suite de celle d’un autre cadre.")
        if self.former.framework.programme_id != self.framework.programme_id:
            raise ValidationError("Une orientation prend la suite de celle d’un cadre du même programme.")
        if self.successor is not None and self.successor.framework_id != self.framework_id:
            raise ValidationError(f"L’orientation {self.successor.code} n’est pas du cadre qui vient.")
        others = Descent.objects.filter(framework=self.framework_id, former=self.former_id).exclude(pk=self.pk)
        if others.filter(successor__isnull=self.successor_id is not None).exists():
            raise ValidationError("Une orientation abandonnée ne devient rien d’autre : revenez d’abord dessus.")
        if self.successor_id is None and self.framework.orientations.filter(uid=self.former.uid).exists():
            raise ValidationError(
                f"L’orientation {self.former.code} est gardée dans le cadre qui vient : elle n’est pas abandonnée."
            )
