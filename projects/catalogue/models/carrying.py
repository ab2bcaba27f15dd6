"""What is decided of links before a change of framework, and what it left to decide."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from axes.models import Framework, Orientation
from cohesion.lib.constraints import always, once
from cohesion.lib.text import validate_line
from projects.catalogue.models.links import Contribution

REASON_LENGTH = 300  # characters


class UncarriedLinkQuerySet(models.QuerySet["UncarriedLink"]):
    def open(self) -> "UncarriedLinkQuerySet":
        """Those of which nobody said yet what becomes of them."""
        return self.filter(settled_at=None)


class UncarriedLink(models.Model):
    """A link whose orientation was not taken up when another framework came into force.

    The link itself stays, in the framework of its time. An officer says to which orientation of the framework in force
    the project is linked instead, or why to none.
    """

    link = models.OneToOneField(
        Contribution, on_delete=models.CASCADE, related_name="uncarried", verbose_name="rattachement"
    )
    noted_at = models.DateTimeField("relevé le", auto_now_add=True)
    settled_at = models.DateTimeField("réglé le", null=True, blank=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="réglé par",
    )
    outcome = models.CharField("ce qui a été décidé", max_length=500, blank=True, default="", editable=False)

    objects = UncarriedLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "Rattachement à refaire"
        verbose_name_plural = "Rattachements à refaire"
        ordering = ["link__project__code", "-link__is_main", "link__orientation__lft"]

    def __str__(self) -> str:
        return str(self.link)


class LinkDecision(models.Model):
    """Where a link goes when the framework that comes is adopted, said by an officer: to ``orientation``, or (none) to
    nothing, for a ``reason``.

    A link that goes to several has a row for each. It may be undone until the adoption, as if it had never been said.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="+", verbose_name="cadre qui vient")
    link = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="decisions", verbose_name="rattachement"
    )
    orientation = models.ForeignKey(
        Orientation, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name="où il va"
    )
    reason = models.CharField("motif", max_length=REASON_LENGTH, blank=True, default="", validators=[validate_line])
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

    _history_user: Any  # who writes, and why, for the history
    _change_reason: str | None
    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Décision sur un rattachement"
        verbose_name_plural = "Décisions sur les rattachements"
        ordering = ["link", "pk"]
        constraints = [
            once(
                "projects_link_decision_once",
                "framework",
                "link",
                "orientation",
                says="Ce rattachement va déjà à cette orientation.",
            ),
            once(
                "projects_link_decision_let_go_once",
                "framework",
                "link",
                says="Ce rattachement n’est déjà pas repris.",
                where=Q(orientation__isnull=True),
            ),
            always(
                "projects_link_decision_says_why",
                Q(orientation__isnull=False) | ~Q(reason=""),
                "Dites pourquoi ce rattachement n’est pas repris.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.link} ⇒ {self.orientation.code if self.orientation else 'rien'}"
