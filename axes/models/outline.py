"""What the history of orientations does not say of a past day: their order, and what merged cells concern."""

from django.db import models

from axes.models.framework import Framework


class Outline(models.Model):
    """How a framework stood in order at the end of a day, and on each day after it until the next of these rows.

    Written by the tree's guard (:mod:`axes.guard.outlines`), at the end of every write that changes it.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="outlines", verbose_name="cadre")
    day = models.DateField("jour")
    order = models.JSONField("clés des orientations, dans l’ordre du document", default=list)
    merged = models.JSONField("cellules fusionnées, et ce que chacune concerne", default=list)

    class Meta:
        verbose_name = "Ordre d’un jour"
        verbose_name_plural = "Ordres d’un jour"
        constraints = [models.UniqueConstraint(fields=["framework", "day"], name="axes_outline_one_a_day")]

    def __str__(self) -> str:
        return f"{self.framework_id}, {self.day}"
