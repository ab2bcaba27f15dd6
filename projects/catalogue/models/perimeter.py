"""Where an orientation applies, and since when."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from axes.adoption import leading_to
from axes.choices import FrameworkStatus
from axes.models import Orientation
from cohesion.lib.constraints import in_order
from cohesion.lib.text import validate_line
from projects.territory.models import Territory


class PerimeterQuerySet(models.QuerySet["Perimeter"]):
    def of(self, orientation: Orientation) -> "PerimeterQuerySet":
        """Those of an orientation and of all that became it, in whichever version of the framework they were drawn; one
        that is in preparation is heard of itself alone."""
        draft = Q(orientation__framework__status=FrameworkStatus.DRAFT)
        same = leading_to([orientation.pk], orientation.framework)
        return self.filter(orientation__in=same.order_by()).exclude(draft & ~Q(orientation=orientation.pk))

    def on(self, day: datetime.date) -> "PerimeterQuerySet":
        """Those that hold on a day."""
        return self.not_over(day).filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day))

    def not_over(self, day: datetime.date) -> "PerimeterQuerySet":
        """Those that hold on a day, or from a later one."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Perimeter(models.Model):
    """The territories where an orientation applies, from a day to another, both included (blank: without limit).

    Where several hold on a day, it applies to the territories of all: an extension is another row.
    """

    orientation = models.ForeignKey(
        Orientation, on_delete=models.CASCADE, related_name="perimeters", verbose_name="orientation"
    )
    territories = models.ManyToManyField(Territory, related_name="perimeters", verbose_name="territoires")
    valid_from = models.DateField("depuis le", null=True, blank=True)
    valid_to = models.DateField("jusqu’au", null=True, blank=True)
    source = models.CharField(
        "texte qui le dit",
        max_length=200,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Le décret, la convention ou la délibération qui le fixe.",
    )

    objects = PerimeterQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[territories], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Périmètre d’une orientation"
        verbose_name_plural = "Périmètres des orientations"
        ordering = ["orientation", F("valid_from").asc(nulls_first=True), "pk"]
        constraints = [in_order("projects_perimeter_dates_in_order", "valid_from", "valid_to")]

    def __str__(self) -> str:
        return f"Périmètre de {self.orientation.code}"
