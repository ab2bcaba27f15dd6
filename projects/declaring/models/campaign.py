"""Calls for projects: when a declaration may be handed in, and who may still do it afterwards."""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from axes.models.programme import REFERENCE, Programme
from cohesion.lib.constraints import always, not_negative, once
from cohesion.lib.text import validate_line, validate_text
from projects.catalogue.models import Project
from projects.choices import AttachmentKind, LateReportRule, PieceMoment, PieceRule
from projects.members.models.organization import Organization

# A request comes before its report, and a report is no file of another year.
NEVER_EXPECTED = (
    (PieceMoment.REQUEST, AttachmentKind.FINANCIAL_REPORT),
    (PieceMoment.REPORT, AttachmentKind.LAST_REPORT),
    (PieceMoment.REPORT, AttachmentKind.MANDATE),
)


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def announced(self) -> "CampaignQuerySet":
        """Those that leads may see: published, open or not."""
        return self.filter(is_published=True)

    def open_at(self, moment: datetime.datetime) -> "CampaignQuerySet":
        """Those in which anybody may hand in at a moment."""
        return self.announced().filter(opens_at__lte=moment, closes_at__gt=moment)


class Campaign(models.Model):
    """A call for projects.

    It is open from the second of ``opens_at`` to the last second before ``closes_at``. ``budget`` is the envelope in
    euros. Reports of what it retained are due on ``report_due_on``.
    """

    name = models.CharField(
        "nom",
        max_length=150,
        unique=True,
        validators=[validate_line],
        error_messages={"unique": "Un autre appel à projets porte déjà ce nom."},
    )
    year = models.PositiveSmallIntegerField(
        "année des actions", validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    opens_at = models.DateTimeField("ouverture")
    closes_at = models.DateTimeField(
        "clôture", help_text="À cette seconde, l’appel est clos : on ne dépose plus qu’avec une autorisation."
    )
    text = models.TextField(
        "présentation", blank=True, default="", validators=[validate_text], help_text="Ce que les porteurs lisent."
    )
    budget = models.DecimalField(
        "enveloppe", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    contact_email = models.EmailField("courriel de contact", blank=True, default="")
    committee_on = models.DateField("comité prévu le", null=True, blank=True)
    report_due_on = models.DateField("bilan attendu le", help_text="Dans les six mois qui suivent la fin de l’année.")
    late_after_days = models.PositiveSmallIntegerField(
        "en retard après (jours)",
        default=14,
        help_text="Un dossier qui attend les agents plus longtemps est en retard.",
    )
    late_report_rule = models.CharField(
        "structure dont un bilan est en retard",
        max_length=6,
        choices=LateReportRule.choices,
        default=LateReportRule.WARN,
        db_default=LateReportRule.WARN,
        help_text="Avertir le dit à la structure et aux agents ; bloquer refuse aussi son dépôt.",
    )
    is_published = models.BooleanField("annoncé aux porteurs", default=False)
    programmes = models.ManyToManyField(
        Programme,
        blank=True,
        related_name="campaigns",
        limit_choices_to=~Q(pk=REFERENCE),
        verbose_name="autres programmes concernés",
        help_text="Outre celui de référence, toujours demandé. Aucun coché : tous ceux qui ont un cadre en vigueur.",
    )

    objects = CampaignQuerySet.as_manager()
    history = HistoricalRecords(user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Appel à projets"
        verbose_name_plural = "Appels à projets"
        ordering = ["-year", "-opens_at"]
        constraints = [
            always(
                "projects_campaign_closes_after_opening", Q(closes_at__gt=F("opens_at")), "La clôture suit l’ouverture."
            ),
            not_negative("projects_campaign_budget_not_negative", "budget", "Une enveloppe n’est pas négative."),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """A report tells of a year that is over.

        Raises:
            ValidationError: it is due before the end of the year of the actions.
        """
        if self.year and self.report_due_on and self.report_due_on.year <= self.year:
            sentence = f"Les actions de {self.year} ne sont pas finies ce jour-là : le bilan s’attend l’année suivante."
            raise ValidationError({"report_due_on": sentence})

    @property
    def beside(self) -> str:
        """The names of the other programmes that it concerns, where it says which."""
        return ", ".join(self.programmes.values_list("name", flat=True)) if self.pk else ""

    def is_open(self, moment: datetime.datetime | None = None) -> bool:
        return self.is_published and self.opens_at <= (moment or timezone.now()) < self.closes_at

    def accepts(self, organization: Organization, moment: datetime.datetime | None = None) -> bool:
        """Whether an organisation may hand in at a moment (now, if none is given): in time, or by leave."""
        moment = moment or timezone.now()
        return self.is_open(moment) or (
            self.is_published
            and self.opens_at <= moment
            and self.leaves.filter(organization=organization, until__gt=moment).exists()
        )


class ExpectedPiece(models.Model):
    """A piece that a call expects with the request or with the report, and what becomes of one without it."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="expected_pieces", verbose_name="appel"
    )
    moment = models.CharField("attendue", max_length=7, choices=PieceMoment.choices, default=PieceMoment.REQUEST)
    kind = models.CharField("pièce", max_length=15, choices=AttachmentKind.choices)
    rule = models.CharField("règle", max_length=6, choices=PieceRule.choices, default=PieceRule.REASON)

    class Meta:
        verbose_name = "Pièce attendue"
        verbose_name_plural = "Pièces attendues"
        ordering = ["moment", "pk"]
        constraints = [
            once(
                "projects_expected_piece_once",
                "campaign",
                "moment",
                "kind",
                says="Cette pièce est déjà attendue : une seule ligne suffit.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_moment_display().lower()})"

    def clean(self) -> None:
        if (self.moment, self.kind) in NEVER_EXPECTED:
            raise ValidationError({"kind": f"Cette pièce ne se demande pas {self.get_moment_display().lower()}."})


class Leave(models.Model):
    """What an officer lets an organisation do in a call, and why."""

    campaign: "models.ForeignKey[Campaign, Campaign]"
    organization: "models.ForeignKey[Organization, Organization]"
    reason = models.CharField("motif", max_length=300, validators=[validate_line])
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name="accordée par",
    )
    at = models.DateTimeField("accordée le", auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.organization} : {self.campaign}"


class LateLeave(Leave):
    """An officer lets an organisation hand in after the closing, until a moment, for a reason that is kept."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="leaves", verbose_name="appel")
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="late_leaves", verbose_name="structure"
    )
    until = models.DateTimeField("jusqu’à")

    class Meta:
        verbose_name = "Autorisation de dépôt tardif"
        verbose_name_plural = "Autorisations de dépôt tardif"
        constraints = [
            once(
                "projects_late_leave_once",
                "campaign",
                "organization",
                says="Cette structure a déjà une autorisation : modifiez-la.",
            )
        ]


class LateReportLeave(Leave):
    """An officer lets an organisation hand in though a report of its is late, for a reason that is kept."""

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="late_report_leaves", verbose_name="appel"
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="late_report_leaves", verbose_name="structure"
    )

    class Meta:
        verbose_name = "Dispense de bilan"
        verbose_name_plural = "Dispenses de bilan"
        constraints = [
            once(
                "projects_late_report_leave_once",
                "campaign",
                "organization",
                says="Cette structure a déjà une dispense : modifiez-la.",
            )
        ]


def campaign_of(project: Project) -> Campaign | None:
    """The call for projects under which it was declared, if any."""
    declaration = getattr(project, "declaration", None)
    return declaration.campaign if declaration else None
