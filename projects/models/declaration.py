"""What a lead declares of a project beyond what its public sheet shows, and the copies of what was handed in."""

from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from cohesion.lib.text import validate_line
from projects.choices import (
    IndicatorKind,
    PartnerRole,
    RequestKind,
    ResidentsPart,
    Scale,
)
from projects.models.campaign import Campaign
from projects.models.organization import Organization
from projects.models.project import Project


def _people(label: str) -> Any:
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


class Declaration(PeopleCount):
    """The file of a project: what its lead answers, page by page.

    ``answers`` is what the lead typed, to the letter: ``{page: {field: text, or list of texts}}``. Nothing of it is
    refused, so that nothing typed is lost; handing in checks it and writes it out in rows
    (:mod:`projects.declaring`): the project's own, its links, its places, its budget, and the columns below.
    ``to_review`` names the pages filled in from what was known (last year, the PST) and not looked at since.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="declaration", verbose_name="projet")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations", verbose_name="appel"
    )
    previous = models.ForeignKey(
        Project,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name="action précédente",
    )
    answers = models.JSONField("réponses", default=dict, blank=True, editable=False)
    to_review = models.JSONField("à revoir", default=list, blank=True, editable=False)
    request_kind = models.CharField(
        "nature de la demande", max_length=8, choices=RequestKind.choices, blank=True, default=""
    )
    residents_part = models.CharField(
        "part des habitants", max_length=15, choices=ResidentsPart.choices, blank=True, default=""
    )
    scale = models.CharField("échelle", max_length=13, choices=Scale.choices, blank=True, default="")
    target_groups = models.JSONField("publics visés", default=list, blank=True)
    saved_at = models.DateTimeField("enregistré le", null=True, blank=True, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    # Of the form that began it: the same form sent again leads to the same draft.
    form = models.UUIDField("formulaire", null=True, blank=True, unique=True, editable=False)

    class Meta:
        verbose_name = "Déclaration"
        verbose_name_plural = "Déclarations"

    def __str__(self) -> str:
        return str(self.project)


class Partnership(models.Model):
    """An organisation that takes part, as its lead names it; ``organization`` where it is one that we know."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="declared_partners", verbose_name="projet"
    )
    name = models.CharField("structure", max_length=200, validators=[validate_line])
    organization = models.ForeignKey(
        Organization,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="declared_partnerships",
        verbose_name="structure connue",
    )
    role = models.CharField("rôle", max_length=9, choices=PartnerRole.choices, blank=True, default="")
    is_confirmed = models.BooleanField("acquis", default=False)

    class Meta:
        verbose_name = "Partenariat"
        verbose_name_plural = "Partenariats"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """By what one will know that the action did what it was for."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="indicators", verbose_name="projet")
    kind = models.CharField("nature", max_length=6, choices=IndicatorKind.choices, blank=True, default="")
    name = models.CharField("indicateur", max_length=200, validators=[validate_line])
    unit = models.CharField("unité", max_length=40, blank=True, default="", validators=[validate_line])
    target = models.DecimalField(
        "cible", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    method = models.CharField("mesuré comment", max_length=200, blank=True, default="", validators=[validate_line])

    class Meta:
        verbose_name = "Indicateur"
        verbose_name_plural = "Indicateurs"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(target__isnull=True) | Q(target__gte=0),
                name="projects_indicator_target_not_negative",
                violation_error_message="Une cible n’est pas négative.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Submission(models.Model):
    """What was handed in, frozen: every page as it stood, with who handed it in, for whom and when.

    ``answers`` is the copy of those of the declaration, ``shown`` the same in words, in the order of the form:
    ``[[page, title, [[label, words], …]], …]``; ``digest`` is the SHA-256 of its canonical JSON.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="submissions", verbose_name="projet")
    number = models.PositiveSmallIntegerField("numéro")
    answers = models.JSONField("réponses")
    shown = models.JSONField("contenu")
    digest = models.CharField("empreinte SHA-256", max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+", verbose_name="pour")
    at = models.DateTimeField("déposé le", auto_now_add=True)

    class Meta:
        verbose_name = "Dépôt"
        verbose_name_plural = "Dépôts"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="projects_submission_number_once",
                violation_error_message="Ce dépôt existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project}, dépôt n° {self.number}"
