"""The documents that some priorities wait for, and the offers whose coverage of the territory the text asks for."""

import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from simple_history.models import HistoricalRecords

from axes.models import Orientation
from cohesion.lib.constraints import in_order, not_negative
from cohesion.lib.queries import InFrench
from cohesion.lib.states import holds
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models.project import Project
from projects.choices import DocumentStatus, OfferKind
from projects.members.models.organization import Organization
from projects.territory.models import Territory


class ReferenceDocumentQuerySet(models.QuerySet["ReferenceDocument"]):
    def awaited(self) -> "ReferenceDocumentQuerySet":
        """Those that are not approved: what refers to them is provisional."""
        return self.exclude(status=DocumentStatus.APPROVED)

    def settled(self) -> "ReferenceDocumentQuerySet":
        return self.filter(status=DocumentStatus.APPROVED)

    def to_review(self, today: datetime.date) -> "ReferenceDocumentQuerySet":
        """Those that are still awaited on the day when they were to be looked at again."""
        return self.awaited().filter(review_on__lte=today)

    def with_orientations(self) -> "ReferenceDocumentQuerySet":
        """Those that some orientation names."""
        return self.filter(orientations__isnull=False).distinct()


class ReferenceDocument(models.Model):
    """A document that priorities refer to (PLH, programme of an ASV); until it exists, they wait."""

    title = models.CharField("titre", max_length=200, validators=[validate_line])
    acronym = models.CharField("sigle", max_length=20, blank=True, default="", validators=[validate_line])
    status = models.CharField("état", max_length=12, choices=DocumentStatus.choices, default=DocumentStatus.IN_PROGRESS)
    owner = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name="responsable",
    )
    followed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="suivi par",
        help_text="L’agent qui est prévenu quand il aboutit, ou quand le jour de le revoir est venu.",
    )
    review_on = models.DateField("à revoir le", null=True, blank=True)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    note = models.TextField("note", blank=True, default="", validators=[validate_text])
    orientations = models.ManyToManyField(
        Orientation, blank=True, related_name="awaited_documents", verbose_name="priorités qui l’attendent"
    )

    objects = ReferenceDocumentQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[orientations], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Document de référence"
        verbose_name_plural = "Documents de référence"
        ordering = [InFrench("title")]
        constraints = [in_order("projects_document_dates_in_order", "starts_on", "ends_on")]

    is_settled = holds("status", DocumentStatus.APPROVED)

    def __str__(self) -> str:
        return self.acronym or self.title


class Offer(models.Model):
    """A service open to residents: what, how many places, how many hours a week, over which period."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="offers", verbose_name="projet")
    kind = models.CharField("nature", max_length=16, choices=OfferKind.choices)
    name = models.CharField("nom", max_length=150, validators=[validate_line])
    places = models.PositiveIntegerField("places", null=True, blank=True)
    weekly_hours = models.DecimalField(
        "heures par semaine", max_digits=5, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    opening = models.CharField("horaires", max_length=250, blank=True, default="", validators=[validate_line])
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Offre"
        verbose_name_plural = "Offres"
        ordering = [InFrench("name")]
        constraints = [
            in_order("projects_offer_dates_in_order", "starts_on", "ends_on"),
            not_negative("projects_offer_hours_not_negative", "weekly_hours", "Un nombre d’heures n’est pas négatif."),
        ]

    def __str__(self) -> str:
        return self.name


class OfferSite(models.Model):
    """A place where an offer is given."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="sites", verbose_name="offre")
    territory = models.ForeignKey(Territory, on_delete=models.PROTECT, related_name="offer_sites", verbose_name="lieu")
    address = models.CharField("adresse", max_length=250, blank=True, default="", validators=[validate_line])

    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Site d’une offre"
        verbose_name_plural = "Sites des offres"

    def __str__(self) -> str:
        return f"{self.offer} : {self.territory}"
