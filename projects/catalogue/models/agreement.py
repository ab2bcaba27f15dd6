"""What the agglomération and an organisation sign: for which years, how much in each, paid when, amended how."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q, Sum
from simple_history.models import HistoricalRecords

from cohesion.lib.constraints import always, once
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models.amounts import amount, calendar_year, positive_amount, signed_amount
from projects.catalogue.workflow import GRANTED
from projects.choices import PaymentTerms
from projects.members.models.organization import Organization

SIGNATORY_LENGTH = 200  # characters


class Agreement(models.Model):
    """A convention: one grant or several of an organisation, over one year or several.

    What it engages of a year never exceeds its amount of that year (``amounts``): the database itself refuses it
    (``migrations/_engaging.py``). Until ``signed_on`` is said, nothing is paid under it.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="agreements", verbose_name="structure"
    )
    number = models.CharField(
        "numéro",
        max_length=40,
        unique=True,
        validators=[validate_line],
        error_messages={"unique": "Une autre convention porte déjà ce numéro."},
    )
    signed_on = models.DateField("signée le", null=True, blank=True)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin")
    signed_for_authority = models.CharField(
        "signée pour l’agglomération par",
        max_length=SIGNATORY_LENGTH,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Prénom, nom et qualité.",
    )
    signed_for_organization = models.CharField(
        "signée pour la structure par",
        max_length=SIGNATORY_LENGTH,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Prénom, nom et qualité.",
    )
    terms = models.CharField("versement", max_length=9, choices=PaymentTerms.choices, default=PaymentTerms.SINGLE)
    conditions = models.TextField("conditions de versement", blank=True, default="", validators=[validate_text])
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Convention"
        verbose_name_plural = "Conventions"
        ordering = ["-starts_on", "number"]
        constraints = [
            always(
                "projects_agreement_dates_in_order",
                Q(ends_on__gte=F("starts_on")),
                "La date de fin précède la date de début.",
            ),
            always(
                "projects_agreement_terms_known",
                Q(terms__in=PaymentTerms.values),
                "Cette façon de verser n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return f"Convention {self.number}"

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None

    def left_of_year(self, year: int, besides: int | None = None) -> Decimal:
        """What may still be granted under it for a year; ``besides``: as if the project of this key were granted
        nothing."""
        agreed = self.amounts.filter(year=year).values_list("amount", flat=True).first() or Decimal(0)
        return Decimal(agreed - self.engaged_in(year, besides))

    def engaged_in(self, year: int, besides: int | None = None) -> Decimal:
        """What it engages of a year: all that is granted; of what was given up, what was paid and did not come back."""
        grants = self.grants.filter(year=year).exclude(project=besides)
        granted, given_up = Q(project__status__in=GRANTED), ~Q(project__status__in=GRANTED)
        of_grants = grants.filter(granted).aggregate(total=Sum("project__granted"))["total"] or 0
        stays_paid = grants.filter(given_up).aggregate(total=Sum(signed_amount("payments__")))["total"] or 0
        return (Decimal(of_grants) + Decimal(stays_paid)).quantize(Decimal("0.01"))


class AgreementAmount(models.Model):
    """The most that may be granted under an agreement for a calendar year. An amendment that is signed writes it."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="amounts", verbose_name="convention"
    )
    year = calendar_year("année")
    amount = positive_amount("montant")

    class Meta:
        verbose_name = "Montant d’une convention"
        verbose_name_plural = "Montants des conventions"
        ordering = ["year"]
        constraints = [
            once("projects_agreement_amount_once_a_year", "agreement", "year", says="Cette année a déjà un montant."),
            always("projects_agreement_amount_positive", Q(amount__gt=0), "Un montant est plus grand que zéro."),
        ]

    def __str__(self) -> str:
        return f"{self.agreement}, {self.year}"


class Instalment(models.Model):
    """A part of what an agreement pays, and the day on which it is due (« échéance »).

    ``grant`` is the one that it pays, where the agreement has several. It asks for the report where
    ``needs_report`` says so: the balance.
    """

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="instalments", verbose_name="convention"
    )
    grant = models.ForeignKey(
        "projects.Grant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="instalments",
        verbose_name="subvention",
    )
    due_on = models.DateField("échéance")
    amount = positive_amount("montant")
    label = models.CharField("intitulé", max_length=100, blank=True, default="", validators=[validate_line])
    needs_report = models.BooleanField("après le bilan", default=False, db_default=False)

    class Meta:
        verbose_name = "Échéance"
        verbose_name_plural = "Échéances"
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["due_on"], name="projects_instalment_due_on")]
        constraints = [
            always("projects_instalment_amount_positive", Q(amount__gt=0), "Un montant est plus grand que zéro.")
        ]

    def __str__(self) -> str:
        return self.label or f"Échéance du {self.due_on:%d/%m/%Y}"


class Amendment(models.Model):
    """A change of an agreement (« avenant »). Until it is signed it changes nothing; then its amounts and its end
    become those of the agreement. ``former_end``: what the agreement said before."""

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="amendments", verbose_name="convention"
    )
    number = models.PositiveSmallIntegerField("numéro", validators=[MinValueValidator(1)])
    purpose = models.TextField("objet", validators=[validate_text])
    signed_on = models.DateField("signé le", null=True, blank=True)
    ends_on = models.DateField("nouvelle fin", null=True, blank=True)
    former_end = models.DateField("fin d’avant", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "Avenant"
        verbose_name_plural = "Avenants"
        ordering = ["number"]
        constraints = [
            once(
                "projects_amendment_number_once",
                "agreement",
                "number",
                says="Cette convention a déjà un avenant de ce numéro.",
            ),
            always("projects_amendment_number_from_one", Q(number__gte=1), "Les avenants se numérotent à partir de 1."),
        ]

    def __str__(self) -> str:
        return f"Avenant {self.number} à la convention {self.agreement.number}"

    def clean(self) -> None:
        if self.ends_on is not None and self.ends_on < self.agreement.starts_on:
            raise ValidationError({"ends_on": "La nouvelle fin précède le début de la convention."})

    @property
    def is_signed(self) -> bool:
        return self.signed_on is not None


class AmendmentAmount(models.Model):
    """What an amendment makes of the amount of a year. ``former``: what it was when the amendment was signed."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="amounts", verbose_name="avenant")
    year = calendar_year("année")
    former = amount("montant d’avant", null=True, blank=True, editable=False)
    amount = positive_amount("montant")

    class Meta:
        verbose_name = "Montant d’un avenant"
        verbose_name_plural = "Montants des avenants"
        ordering = ["year"]
        constraints = [
            once("projects_amendment_amount_once_a_year", "amendment", "year", says="Cette année a déjà un montant."),
            always("projects_amendment_amount_positive", Q(amount__gt=0), "Un montant est plus grand que zéro."),
        ]

    def __str__(self) -> str:
        return f"{self.amendment}, {self.year}"
