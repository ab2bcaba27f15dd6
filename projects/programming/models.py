"""Envelopes of a year, and scenarios of a programming that nothing has decided yet."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from axes.models import Orientation
from cohesion.lib.constraints import always, not_negative, once
from cohesion.lib.text import validate_line
from projects.catalogue.models.amounts import amount
from projects.catalogue.models.project import Project
from projects.catalogue.models.scheme import Scheme
from projects.declaring.models.campaign import Campaign
from projects.instructing.models import Committee, Decision

ASKS = ("scheme", "orientation", "campaign")  # what an envelope may ask of a grant, the most telling first


class BudgetEnvelope(models.Model):
    """Credits of a year: what the council voted, or was given to manage (``is_delegated``).

    What it asks of a grant (``ASKS``) says which it holds; the rule is that of
    :mod:`projects.programming.placing`, and docs/decisions/25-envelopes.md tells why.
    """

    year = models.PositiveSmallIntegerField("année", validators=[MinValueValidator(2000), MaxValueValidator(2100)])
    label = models.CharField("nom", max_length=150, validators=[validate_line])
    voted = amount("montant voté")
    is_delegated = models.BooleanField(
        "crédits délégués",
        default=False,
        help_text="Gérés pour le compte d’un autre (l’État, par exemple), et non votés sur le budget propre.",
    )
    scheme = models.ForeignKey(
        Scheme,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="envelopes",
        verbose_name="dispositif",
        help_text="Vide : quel que soit le dispositif.",
    )
    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="envelopes",
        verbose_name="orientation",
        limit_choices_to={"parent": None},
        help_text="De premier niveau. Vide : quelle que soit l’orientation principale.",
    )
    campaign = models.ForeignKey(
        Campaign,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="envelopes",
        verbose_name="appel",
        help_text="Vide : quel que soit l’appel, et sans appel.",
    )

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Enveloppe"
        verbose_name_plural = "Enveloppes"
        ordering = ["-year", "is_delegated", "label", "pk"]
        constraints = [
            once(
                "projects_envelope_label_once",
                "year",
                "label",
                says="Une autre enveloppe de cette année porte déjà ce nom.",
            ),
            always("projects_envelope_not_negative", Q(voted__gte=0), "Une enveloppe n’est pas négative."),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.year})"

    def clean(self) -> None:
        """Two envelopes that ask for the same could not share grants out between them.

        Raises:
            ValidationError: another one of the year asks the same, or what it asks is not of its year or level.
        """
        if self.orientation is not None and self.orientation.parent_id is not None:
            raise ValidationError({"orientation": "Choisissez une orientation de premier niveau."})
        if self.campaign is not None and self.year and self.campaign.year != self.year:
            sentence = f"Cet appel est de {self.campaign.year}, et l’enveloppe de {self.year}."
            raise ValidationError({"campaign": sentence})
        same = BudgetEnvelope.objects.filter(year=self.year, is_delegated=self.is_delegated).exclude(pk=self.pk)
        twin = same.filter(**{name: getattr(self, name) for name in ASKS}).first()
        if twin is not None:
            raise ValidationError(
                f"« {twin.label} » porte déjà sur les mêmes subventions : précisez le dispositif, l’orientation ou "
                "l’appel de l’une des deux."
            )


class EnvelopeChoice(models.Model):
    """An officer put a grant in an envelope, whatever the rule says."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="envelope_choice", verbose_name="projet"
    )
    envelope = models.ForeignKey(
        BudgetEnvelope, on_delete=models.CASCADE, related_name="choices", verbose_name="enveloppe"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="par"
    )
    at = models.DateTimeField("le", auto_now=True)

    class Meta:
        verbose_name = "Enveloppe choisie"
        verbose_name_plural = "Enveloppes choisies"

    def __str__(self) -> str:
        return f"{self.project} : {self.envelope}"


class Scenario(models.Model):
    """A programming that is tried before a committee: what each file would be granted. Nothing is decided by it.

    ``former`` is what the proposals were before it was applied, by key of the project: ``[amount, version]`` with the
    version that applying left. It is empty while it is not applied.
    """

    committee = models.ForeignKey(Committee, on_delete=models.CASCADE, related_name="scenarios", verbose_name="comité")
    name = models.CharField("nom", max_length=80, validators=[validate_line])
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    saved_at = models.DateTimeField("enregistré le", auto_now=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    applied_at = models.DateTimeField("appliqué le", null=True, editable=False)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    former: Any = models.JSONField("propositions d’avant", default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = "Scénario"
        verbose_name_plural = "Scénarios"
        ordering = ["created_at", "pk"]
        constraints = [
            once(
                "projects_scenario_name_once",
                "committee",
                "name",
                says="Un autre scénario de ce comité porte déjà ce nom.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def author(self) -> str:
        """Who saved it last, as a colleague knows them."""
        return self.saved_by.display_name if self.saved_by else "quelqu’un"


class ScenarioLine(models.Model):
    """What a scenario says of a file; ``review_version`` is that of the proposal that it was copied from."""

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="lines", verbose_name="scénario")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+", verbose_name="projet")
    outcome = models.CharField(
        "décision essayée",
        max_length=16,
        choices=[(status.value, status.label) for status in Decision.OUTCOMES],
        blank=True,
        default="",
    )
    amount = amount("montant", null=True, blank=True)
    review_version = models.PositiveIntegerField(editable=False)

    class Meta:
        verbose_name = "Ligne d’un scénario"
        verbose_name_plural = "Lignes d’un scénario"
        constraints = [
            models.UniqueConstraint(fields=["scenario", "project"], name="projects_scenario_line_once"),
            not_negative("projects_scenario_amount_not_negative", "amount", "Un montant n’est pas négatif."),
        ]

    def __str__(self) -> str:
        return f"{self.scenario} : {self.project}"
