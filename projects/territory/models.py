"""Where things happen: communes and quarters, with the dates between which they exist."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from cohesion.imports.models import FileImport
from cohesion.lib.constraints import always, in_order
from cohesion.lib.geojson import validate_outline
from cohesion.lib.queries import InFrench
from cohesion.lib.states import holds
from cohesion.lib.text import validate_line
from projects.choices import TerritoryKind

MOST_NAMED = 5  # projects that a refusal names


class TerritoryQuerySet(models.QuerySet["Territory"]):
    def on(self, day: datetime.date) -> "TerritoryQuerySet":
        """Those that exist on a day."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gte=day)
        )

    def communes(self) -> "TerritoryQuerySet":
        return self.filter(kind=TerritoryKind.COMMUNE)

    def quarters(self) -> "TerritoryQuerySet":
        """Priority quarters and the sensitive zones that came before them."""
        return self.filter(kind__in=[TerritoryKind.PRIORITY_QUARTER, TerritoryKind.SENSITIVE_ZONE])

    def in_perimeter(self) -> "TerritoryQuerySet":
        """What the programme covers."""
        return self.filter(is_in_perimeter=True)


class Territory(models.Model):
    """A commune, a quarter, the agglomération itself.

    ``population`` is the municipal population (INSEE), in inhabitants. ``outline`` is a GeoJSON geometry in WGS84
    degrees. ``valid_from`` and ``valid_to`` are both included; blank: without limit.
    """

    kind = models.CharField("nature", max_length=14, choices=TerritoryKind.choices)
    code = models.CharField(
        "code",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z\-]*\Z", "Un code n’a que lettres, chiffres et tirets.")],
        error_messages={"unique": "Un autre territoire a déjà ce code."},
        help_text="Le code INSEE d’une commune ; pour un quartier sans code officiel, un code à vous.",
    )
    name = models.CharField("nom", max_length=120, validators=[validate_line])
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts", verbose_name="se trouve dans"
    )
    population = models.PositiveIntegerField("population municipale", null=True, blank=True)
    siren = models.CharField(
        "SIREN",
        max_length=9,
        blank=True,
        default="",
        validators=[RegexValidator(r"^\d{9}\Z", "Un SIREN a 9 chiffres.")],
    )
    postcodes = models.CharField("codes postaux", max_length=60, blank=True, default="", validators=[validate_line])
    outline = models.JSONField("contour", null=True, blank=True, validators=[validate_outline])
    is_in_perimeter = models.BooleanField(
        "dans le périmètre",
        default=False,
        help_text="Le programme s’y applique : il compte dans les taux de couverture.",
    )
    valid_from = models.DateField("existe depuis", null=True, blank=True)
    valid_to = models.DateField("jusqu’au", null=True, blank=True)
    source = models.CharField("source", max_length=200, blank=True, default="", validators=[validate_line])

    objects = TerritoryQuerySet.as_manager()
    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Territoire"
        verbose_name_plural = "Territoires"
        ordering = [InFrench("name"), "valid_from"]
        constraints = [
            always(
                "projects_territory_kind_known",
                Q(kind__in=TerritoryKind.values),
                "Cette nature de territoire n’existe pas.",
            ),
            in_order("projects_territory_dates_in_order", "valid_from", "valid_to"),
        ]

    is_commune = holds("kind", TerritoryKind.COMMUNE)

    def __str__(self) -> str:
        return self.name

    @property
    def dated_name(self) -> str:
        """Its name, with its years once it has an end: two quarters may bear one name, one after the other."""
        if self.valid_to is None:
            return self.name
        if self.valid_from is None:
            return f"{self.name}, jusqu’en {self.valid_to.year}"
        return f"{self.name}, {self.valid_from.year}–{self.valid_to.year}"

    def exists_during(self, start: datetime.date | None, end: datetime.date | None) -> bool:
        """Whether the territory exists at some time between two days, both included (None: without limit)."""
        begins_in_time = self.valid_from is None or end is None or self.valid_from <= end
        ends_in_time = self.valid_to is None or start is None or self.valid_to >= start
        return begins_in_time and ends_in_time

    def clean(self) -> None:
        if self._contains_itself():
            raise ValidationError({"parent": "Un territoire ne se trouve ni dans lui-même, ni dans ce qu’il contient."})
        quarters = (TerritoryKind.PRIORITY_QUARTER, TerritoryKind.SENSITIVE_ZONE)
        if self.kind in quarters and (self.parent is None or self.parent.kind != TerritoryKind.COMMUNE):
            raise ValidationError({"parent": "Un quartier se trouve dans une commune : indiquez laquelle."})
        if self.pk and (codes := self.codes_outside_its_dates()):
            raise ValidationError(
                f"À ces dates, ce territoire n’existerait plus pendant des projets qui s’y trouvent : "
                f"{', '.join(codes[:MOST_NAMED])}{'…' if len(codes) > MOST_NAMED else ''}."
            )

    def _contains_itself(self) -> bool:
        """Whether it is among what contains it; what is not saved yet is known as it is."""
        seen: list[Territory] = []
        containing = self.parent
        while containing is not None and not any(containing is territory for territory in seen):
            if containing is self or (self.pk is not None and containing.pk == self.pk):
                return True
            seen.append(containing)
            containing = containing.parent
        return containing is not None

    def codes_outside_its_dates(self) -> list[str]:
        """The projects that act here and run only before it exists or after."""
        outside = Q()
        if self.valid_from:
            outside |= Q(project__ends_on__lt=self.valid_from)
        if self.valid_to:
            outside |= Q(project__starts_on__gt=self.valid_to)
        if not outside:
            return []
        codes = self.places.filter(outside).order_by("project__code").values_list("project__code", flat=True)
        return list(codes[: MOST_NAMED + 1])


class TerritoryImport(FileImport):
    """One import of territories: who brought which file, what it would do, what became of it."""

    class Meta(FileImport.Meta):
        abstract = False
        verbose_name = "Import de territoires"
        verbose_name_plural = "Imports de territoires"
