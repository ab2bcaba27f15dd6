"""How officers instruct what was handed in: the grid, the opinion, the decision."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from cohesion.imports.models import FileImport
from cohesion.lib.constraints import always, not_negative, once
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models.amounts import amount
from projects.catalogue.models.project import Project
from projects.choices import Criterion, Opinion, ProjectStatus
from projects.declaring.models.campaign import Campaign

HIGHEST_NOTE = 4


class Committee(models.Model):
    """A meeting that decides."""

    name = models.CharField("nom", max_length=150, validators=[validate_line])
    held_on = models.DateField("date")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="committees", verbose_name="appel"
    )

    class Meta:
        verbose_name = "Comité"
        verbose_name_plural = "Comités"
        ordering = ["-held_on"]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """The instruction of a project: who has it in hand, the opinion, and what is proposed to the committee."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="review", verbose_name="projet")
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews",
        verbose_name="affectée à",
    )
    opinion = models.CharField("avis", max_length=12, choices=Opinion.choices, blank=True, default="")
    text = models.TextField("motivation de l’avis", blank=True, default="", validators=[validate_text])
    proposed_amount = amount("montant proposé", null=True, blank=True)
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="reviews", verbose_name="comité"
    )
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", editable=False
    )
    saved_at = models.DateTimeField("enregistrée le", null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "Instruction"
        verbose_name_plural = "Instructions"

    def __str__(self) -> str:
        return f"Instruction de {self.project}"

    @property
    def author(self) -> str:
        """Who wrote it last, as a colleague knows them."""
        return self.saved_by.display_name if self.saved_by else "quelqu’un"


class ReviewNote(models.Model):
    """One line of the grid: a note from 1 (weak) to 4 (strong), and what it rests on."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="notes", verbose_name="instruction")
    criterion = models.CharField("critère", max_length=11, choices=Criterion.choices)
    note = models.PositiveSmallIntegerField(
        "note", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_NOTE)]
    )
    comment = models.TextField("observation", blank=True, default="", validators=[validate_text])

    class Meta:
        verbose_name = "Note d’instruction"
        verbose_name_plural = "Notes d’instruction"
        constraints = [
            once("projects_review_note_once", "review", "criterion", says="Ce critère est déjà noté."),
            always(
                "projects_review_note_in_range",
                Q(note__isnull=True) | Q(note__gte=1, note__lte=HIGHEST_NOTE),
                "Une note va de 1 à 4.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()} : {self.note or 'sans note'}"


class Decision(models.Model):
    """What was decided: the outcome, the amount granted in euros, the deliberation. An adjourned project has two."""

    OUTCOMES = (
        ProjectStatus.RETAINED,
        ProjectStatus.PARTLY_RETAINED,
        ProjectStatus.ADJOURNED,
        ProjectStatus.REFUSED,
    )

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="decisions", verbose_name="projet")
    outcome = models.CharField("décision", max_length=16, choices=[(status.value, status.label) for status in OUTCOMES])
    amount = amount("montant accordé", null=True, blank=True)
    deliberation = models.CharField("délibération", max_length=100, blank=True, default="", validators=[validate_line])
    decided_on = models.DateField("décidé le")
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name="comité"
    )
    reason = models.TextField("motif", blank=True, default="", validators=[validate_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("saisie le", auto_now_add=True)

    class Meta:
        verbose_name = "Décision"
        verbose_name_plural = "Décisions"
        ordering = ["at", "pk"]
        constraints = [not_negative("projects_decision_amount_not_negative", "amount", "Un montant n’est pas négatif.")]

    def __str__(self) -> str:
        return f"{self.project} : {self.get_outcome_display()}"


class DecisionImport(FileImport):
    """One import of what a committee decided, on a day."""

    committee = models.ForeignKey(
        Committee, on_delete=models.CASCADE, related_name="imports", verbose_name="comité", editable=False
    )
    decided_on = models.DateField("décidé le")

    class Meta(FileImport.Meta):
        abstract = False
        verbose_name = "Import de décisions"
        verbose_name_plural = "Imports de décisions"


class FileNote(models.Model):
    """What an officer says of a file to colleagues: read by officers alone, never by its lead. It is not rewritten.

    ``recipients`` are those whom it was to reach at once.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="file_notes", verbose_name="projet")
    text = models.TextField("note", validators=[validate_text])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="par")
    at = models.DateTimeField("le", auto_now_add=True)
    recipients = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="prévenus")

    class Meta:
        verbose_name = "Note entre collègues"
        verbose_name_plural = "Notes entre collègues"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"Note sur {self.project}"
