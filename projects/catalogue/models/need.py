"""What residents ask for (« demande sociale »), as heard on the ground. Never a name."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from axes.models import Orientation
from cohesion.lib.constraints import always
from cohesion.lib.text import validate_text
from projects.catalogue.models.project import Project
from projects.choices import ProjectKind
from projects.territory.models import Territory


class NeedQuerySet(models.QuerySet["Need"]):
    def published(self) -> "NeedQuerySet":
        return self.filter(is_published=True)

    def without_orientation(self) -> "NeedQuerySet":
        """Heard, and answered by nothing in the framework."""
        return self.filter(orientation__isnull=True)


class Need(models.Model):
    """A need heard: in whose words, where, when, by which PST or PRH, how often, and what answers it.

    ``times`` is the number of times that it was heard; people are not counted, for they are not identified.
    """

    wording = models.CharField(
        "ce qui est demandé",
        max_length=300,
        validators=[validate_text],
        help_text="Dans les mots des habitants, sans nom ni détail qui désigne quelqu’un.",
    )
    heard_on = models.DateField("entendu le")
    heard_by = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name="par",
        limit_choices_to={"kind__in": [ProjectKind.PST, ProjectKind.PRH]},
    )
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="needs", verbose_name="où")
    times = models.PositiveIntegerField("nombre de fois", default=1, validators=[MinValueValidator(1)])
    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name="orientation qui y répond",
    )
    is_published = models.BooleanField("public", default=False)

    now: "list[Orientation]"  # what that orientation is in the framework in force: projects.figures.gaps says it

    objects = NeedQuerySet.as_manager()
    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Besoin entendu"
        verbose_name_plural = "Besoins entendus"
        ordering = ["-heard_on", "-pk"]
        constraints = [
            always("projects_need_heard_once", Q(times__gte=1), "Un besoin a été entendu au moins une fois.")
        ]

    def __str__(self) -> str:
        return self.wording
