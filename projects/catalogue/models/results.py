"""What a project is for, in numbers: the people it reaches, and by what one will know that it did what it was for."""

from django.core.validators import MinValueValidator
from django.db import models

from cohesion.lib.constraints import not_negative
from cohesion.lib.text import validate_line
from projects.catalogue.models.project import Project
from projects.choices import IndicatorDirection, IndicatorKind


def _people(label: str) -> models.PositiveIntegerField:
    return models.PositiveIntegerField(label, null=True, blank=True)


class PeopleCount(models.Model):
    """How many people, never who: in all, from priority quarters, by sex and by age. People, not visits."""

    people = _people("personnes")
    people_from_quarters = _people("dont habitants de quartiers prioritaires")
    women = _people("femmes")
    men = _people("hommes")
    age_0_2 = _people("de 0 à 2 ans")
    age_3_5 = _people("de 3 à 5 ans")
    age_6_11 = _people("de 6 à 11 ans")
    age_12_17 = _people("de 12 à 17 ans")
    age_18_25 = _people("de 18 à 25 ans")
    age_26_59 = _people("de 26 à 59 ans")
    age_60 = _people("de 60 ans et plus")

    SEXES = ("women", "men")
    AGES = ("age_0_2", "age_3_5", "age_6_11", "age_12_17", "age_18_25", "age_26_59", "age_60")

    class Meta:
        abstract = True


def _measure(label: str) -> models.DecimalField:
    return models.DecimalField(
        label, max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )


class Indicator(models.Model):
    """By what one will know that the action did what it was for: from a ``baseline``, where one knows it, to a
    ``target``, in a ``direction``."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicators", verbose_name="projet")
    kind = models.CharField("nature", max_length=6, choices=IndicatorKind.choices, blank=True, default="")
    name = models.CharField("indicateur", max_length=200, validators=[validate_line])
    unit = models.CharField("unité", max_length=40, blank=True, default="", validators=[validate_line])
    baseline = _measure("point de départ")
    target = _measure("cible")
    direction = models.CharField(
        "progrès visé",
        max_length=4,
        choices=IndicatorDirection.choices,
        default=IndicatorDirection.MORE,
        db_default=IndicatorDirection.MORE,
    )
    method = models.CharField("mesuré comment", max_length=200, blank=True, default="", validators=[validate_line])

    class Meta:
        verbose_name = "Indicateur"
        verbose_name_plural = "Indicateurs"
        ordering = ["pk"]
        constraints = [
            not_negative("projects_indicator_target_not_negative", "target", "Une cible n’est pas négative."),
            not_negative(
                "projects_indicator_baseline_not_negative", "baseline", "Un point de départ n’est pas négatif."
            ),
        ]

    def __str__(self) -> str:
        return self.name
