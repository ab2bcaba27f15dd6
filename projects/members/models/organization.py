"""Who does it: organisations, and the people who act for them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from simple_history.models import HistoricalRecords

from cohesion.imports.models import FileImport
from cohesion.lib.constraints import always, once
from cohesion.lib.queries import InFrench
from cohesion.lib.text import validate_line, validate_text
from projects.choices import LegalForm, MembershipRole, OrganizationKind

SIRET_DIGITS = 14


def validate_siret(number: str) -> None:
    """14 digits whose Luhn sum is a multiple of ten; La Poste's establishments, of five (INSEE).

    Raises:
        ValidationError: otherwise.
    """
    digits = [int(digit) for digit in number if digit.isascii() and digit.isdigit()]
    if len(digits) != SIRET_DIGITS or len(number) != SIRET_DIGITS:
        raise ValidationError("Un SIRET a 14 chiffres, sans espaces.")
    doubled = [sum(divmod(digit * 2, 10)) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    is_post_office = number.startswith("356000000") and sum(digits) % 5 == 0
    if sum(doubled) % 10 and not is_post_office:
        raise ValidationError("Ce SIRET n’est pas valide : vérifiez chaque chiffre.")


# What nothing tells to be a legal person: it may be somebody, and somebody stands in no open file.
MAYBE_SOMEBODY = models.Q(kind=OrganizationKind.OTHER, legal_form__in=("", LegalForm.OTHER))


class Organization(models.Model):
    """A lead, a partner, a funder, an observatory, a school network…"""

    name = models.CharField("nom", max_length=200, validators=[validate_line])
    acronym = models.CharField("sigle", max_length=30, blank=True, default="", validators=[validate_line])
    kind = models.CharField("nature", max_length=14, choices=OrganizationKind.choices)
    legal_form = models.CharField("forme juridique", max_length=12, choices=LegalForm.choices, blank=True, default="")
    siret = models.CharField("SIRET", max_length=14, blank=True, default="", validators=[validate_siret])
    siret_pending = models.CharField(
        "SIRET en cours : pourquoi",
        max_length=200,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Quand le numéro est demandé et n’est pas encore attribué.",
    )
    rna = models.CharField(
        "RNA",
        max_length=10,
        blank=True,
        default="",
        validators=[RegexValidator(r"^W\d{9}\Z", "Un numéro RNA commence par W, suivi de 9 chiffres.")],
    )
    commune = models.ForeignKey(
        "projects.Territory",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organizations",
        verbose_name="commune",
    )
    address = models.CharField("adresse", max_length=250, blank=True, default="", validators=[validate_line])
    email = models.EmailField("courriel", blank=True, default="")
    phone = models.CharField("téléphone", max_length=30, blank=True, default="", validators=[validate_line])
    representative = models.CharField(
        "représentant légal",
        max_length=200,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Prénom, nom et qualité.",
    )
    note = models.TextField("note", blank=True, default="", validators=[validate_text])
    version = models.PositiveIntegerField(default=1, editable=False)

    history = HistoricalRecords(excluded_fields=["version"], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Structure"
        verbose_name_plural = "Structures"
        ordering = [InFrench("name")]
        constraints = [
            once(
                "projects_organization_siret_unique",
                "siret",
                says="Une structure porte déjà ce SIRET.",
                where=~models.Q(siret=""),
            ),
            always(
                "projects_organization_kind_known",
                models.Q(kind__in=OrganizationKind.values),
                "Cette nature de structure n’existe pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def is_legal_person(self) -> bool:
        """Not one of :data:`MAYBE_SOMEBODY`."""
        return self.kind != OrganizationKind.OTHER or self.legal_form not in ("", LegalForm.OTHER)


class Membership(models.Model):
    """Somebody acts for an organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name="compte"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships", verbose_name="structure"
    )
    role = models.CharField("rôle", max_length=10, choices=MembershipRole.choices, default=MembershipRole.DECLARANT)

    class Meta:
        verbose_name = "Appartenance"
        verbose_name_plural = "Appartenances"
        constraints = [
            once("projects_membership_once", "user", "organization", says="Ce compte agit déjà pour cette structure.")
        ]

    def __str__(self) -> str:
        return f"{self.user} pour {self.organization}"


class OrganizationImport(FileImport):
    """One import of structures: who brought which file, what it would do, what became of it."""

    class Meta(FileImport.Meta):
        abstract = False
        verbose_name = "Import de structures"
        verbose_name_plural = "Imports de structures"
