"""What is done: PST, PRH and actions, and their links to the framework."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from axes.models import Orientation
from cohesion.lib.constraints import always, in_order, not_negative
from cohesion.lib.dates import calendar_years
from cohesion.lib.natural import NaturalKeyField
from cohesion.lib.states import holds
from cohesion.lib.text import euros, fold, validate_line, validate_text
from projects.catalogue.models.links import Place
from projects.catalogue.models.project_queries import ProjectQuerySet
from projects.catalogue.models.scheme import Scheme
from projects.catalogue.workflow import GRANTED
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus, PstStage
from projects.members.models.organization import Organization
from projects.territory.models import Territory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from projects.catalogue.models.agreement import Agreement

TITLE_LENGTH = 255
SUMMARY_LENGTH = 1_000
DESCRIPTION_LENGTH = 20_000
CODE_KEY_LENGTH = 60  # of the thirty signs of a code: a sign and a digit by turns


class Project(models.Model):
    """A PST, a PRH or an action.

    ``host`` is the PST that a PRH or an action belongs to; an action without one is « hors PST ». ``organization``
    leads it, alone or first of several: the others are ``co_leads``. Amounts are in euros: ``total_cost`` of the whole
    project, ``requested`` from and ``granted`` by the agglomération.

    ``granted`` is what its last decision says, where there is one: the database writes it from there and refuses any
    other (``migrations/_triggers.py``). A project that was brought here already decided keeps its own.
    """

    kind = models.CharField("nature", max_length=6, choices=ProjectKind.choices)
    code = models.CharField(
        "code",
        max_length=30,
        unique=True,
        error_messages={"unique": "Un autre projet a déjà ce code."},
        validators=[
            RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z._\-]*\Z", "Un code n’a que lettres, chiffres, points et tirets.")
        ],
    )
    code_key = NaturalKeyField(of="code", max_length=CODE_KEY_LENGTH)
    title = models.CharField("titre", max_length=TITLE_LENGTH, validators=[validate_line])
    summary = models.CharField(
        "résumé", max_length=SUMMARY_LENGTH, blank=True, default="", validators=[validate_text], help_text="Public."
    )
    description = models.TextField(
        "description",
        blank=True,
        default="",
        db_default="",
        validators=[validate_text, MaxLengthValidator(DESCRIPTION_LENGTH)],
        help_text="Publique. Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce.",
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="projects", verbose_name="structure porteuse"
    )
    co_leads = models.ManyToManyField(
        Organization, through="CoLead", related_name="co_led", verbose_name="structures associées au portage"
    )
    host = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="hosted",
        verbose_name="PST",
        limit_choices_to={"kind": ProjectKind.PST},
    )
    status = models.CharField("état", max_length=16, choices=ProjectStatus.choices, default=ProjectStatus.DRAFT)
    stage = models.CharField("étape du PST", max_length=14, choices=PstStage.choices, blank=True, default="")
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    audience = models.CharField("publics", max_length=250, blank=True, default="", validators=[validate_line])
    total_cost = models.DecimalField(
        "coût total", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    requested = models.DecimalField(
        "demandé", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    granted = models.DecimalField(
        "accordé", max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    territories = models.ManyToManyField(
        Territory, through="Place", related_name="projects", verbose_name="territoires"
    )
    schemes = models.ManyToManyField(Scheme, blank=True, related_name="projects", verbose_name="dispositifs")
    partners = models.ManyToManyField(Organization, blank=True, related_name="partnerships", verbose_name="partenaires")
    orientations = models.ManyToManyField(
        Orientation, through="Contribution", related_name="projects", verbose_name="orientations"
    )
    # The title, the code and the summary without accents or capitals: one search and one order on any database.
    search_text = models.TextField(editable=False, default="")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    # As it was read from the database: what it shows to anybody may have to be taken back.
    was_public = False

    objects = ProjectQuerySet.as_manager()
    history = HistoricalRecords(
        excluded_fields=["version", "updated_at", "search_text", "code_key"], user_model=settings.AUTH_USER_MODEL
    )

    class Meta:
        verbose_name = "Projet"
        verbose_name_plural = "Projets"
        ordering = ["code_key", "code"]
        indexes = [
            models.Index(fields=["code_key", "code"], name="projects_project_by_code"),
            models.Index(fields=["status", "kind"], name="projects_project_status_kind"),
            models.Index(fields=["starts_on", "ends_on"], name="projects_project_dates"),
        ]
        constraints = [
            always(
                "projects_project_kind_known",
                Q(kind__in=ProjectKind.values),
                "Un projet est un PST, un PRH ou une action.",
            ),
            always("projects_project_status_known", Q(status__in=ProjectStatus.values), "Cet état n’existe pas."),
            always(
                "projects_project_pst_has_no_host",
                Q(host__isnull=True) | ~Q(kind=ProjectKind.PST),
                "Un PST ne fait partie d’aucun autre projet.",
            ),
            in_order("projects_project_dates_in_order", "starts_on", "ends_on"),
            not_negative("projects_project_cost_not_negative", "total_cost", "Un coût n’est pas négatif."),
            always(
                "projects_project_amounts_not_negative",
                (Q(requested__isnull=True) | Q(requested__gte=0)) & (Q(granted__isnull=True) | Q(granted__gte=0)),
                "Un montant n’est pas négatif.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the words that a search looks through."""
        self.search_text = self.words()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text", "code_key"}
        super().save(*args, **kwargs)
        self.was_public = self.is_public

    def get_absolute_url(self) -> str:
        return reverse("projects:detail", args=[self.code])

    @classmethod
    def from_db(cls, db: str | None, field_names: "Collection[str]", values: "Collection[Any]", **kwargs: Any) -> Self:
        project = super().from_db(db, field_names, values, **kwargs)
        project.was_public = project.__dict__.get("status") in PUBLIC_STATUSES
        return project

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.was_public = self.was_public or self.is_public

    def words(self) -> str:
        """What ``search_text`` holds; a bulk load, which does not save one by one, writes it itself."""
        return fold(f"{self.title} {self.code} {self.summary}")

    @property
    def kind_label(self) -> str:
        """What it is, in the words of the field: « Action hors PST », « Action de PST »."""
        if self.kind != ProjectKind.ACTION:
            return self.get_kind_display()
        return "Action hors PST" if self.host_id is None else "Action de PST"

    @property
    def years(self) -> str:
        """The calendar years in which it runs: « 2026 », « 2025–2027 », « depuis 2025 »."""
        return calendar_years(self.starts_on, self.ends_on) or "non fixées"

    is_pst = holds("kind", ProjectKind.PST)
    is_action = holds("kind", ProjectKind.ACTION)
    is_public = holds("status", *PUBLIC_STATUSES)
    is_draft = holds("status", ProjectStatus.DRAFT)
    is_to_complete = holds("status", ProjectStatus.TO_COMPLETE)
    is_under_review = holds("status", ProjectStatus.SUBMITTED, ProjectStatus.ADMISSIBLE, ProjectStatus.IN_REVIEW)
    awaits_committee = holds("status", ProjectStatus.PROPOSED, ProjectStatus.ADJOURNED)
    is_adjourned = holds("status", ProjectStatus.ADJOURNED)
    is_retained = holds("status", ProjectStatus.RETAINED, ProjectStatus.PARTLY_RETAINED)
    is_running = holds("status", ProjectStatus.RUNNING)
    is_report_due = holds("status", ProjectStatus.REPORT_DUE)
    has_report = holds("status", ProjectStatus.REPORT_RECEIVED, ProjectStatus.CLOSED)
    is_abandoned = holds("status", ProjectStatus.ABANDONED)
    is_over = holds("status", ProjectStatus.CLOSED, ProjectStatus.ABANDONED, ProjectStatus.REFUSED)

    @property
    def is_renewable(self) -> bool:
        """Whether it may be declared anew for another year."""
        return self.is_public and self.is_action

    def clean(self) -> None:
        if self.host_id and self.host_id == self.pk:
            raise ValidationError({"host": "Un projet ne fait pas partie de lui-même."})
        if self.host_id and self.host is not None and self.host.kind != ProjectKind.PST:
            raise ValidationError(
                {"host": f"« {self.host} » n’est pas un PST : seul un PST contient d’autres projets."}
            )
        if self.kind != ProjectKind.PST and self.pk and self.hosted.exists():
            raise ValidationError({"kind": "Ce PST contient d’autres projets : il ne peut pas changer de nature."})
        if self.pk and (sentence := self.places_refusal(self.places.select_related("territory"))):
            raise ValidationError({"starts_on": sentence})
        if sentence := self.granted_refusal():
            raise ValidationError({"granted": sentence})
        agreement = self._agreement()
        if agreement is not None and agreement.organization_id != self.organization_id:
            raise ValidationError(
                f"Sa subvention est sous la convention {agreement.number} de {agreement.organization.name} : ce projet "
                "ne passe pas à une autre structure."
            )

    def granted_refusal(self) -> str:
        """Why it may not be said to be granted this amount; nothing when it may."""
        decision = self.decisions.order_by("-pk").first() if self.pk else None
        if decision is not None and decision.amount != self.granted:
            return (
                f"Le montant accordé est celui de la décision du {decision.decided_on:%d/%m/%Y} : il se change en "
                "rectifiant la décision, sur la page du dossier, dans l’instruction."
            )
        if decision is None and self.granted is not None and self.status not in (*GRANTED, ProjectStatus.ABANDONED):
            return "Rien n’est accordé à un projet qui n’est pas retenu : videz ce montant."
        grant = getattr(self, "grant", None) if self.pk else None
        if grant is not None and (paid := grant.paid()) > (self.granted or 0):
            return f"{euros(paid)} sont déjà versés : saisissez d’abord le remboursement, sur la page de la subvention."
        agreement = self._agreement()
        if grant is not None and agreement is not None and self.granted and self.status in GRANTED:
            left = agreement.left_of_year(grant.year, besides=self.pk)
            if self.granted > left:
                return (
                    f"La convention {agreement.number} ne laisse que {euros(left)} à ce projet pour "
                    f"{grant.year} : il faut d’abord un avenant signé."
                )
        return ""

    def _agreement(self) -> "Agreement | None":
        """The convention under which its grant is."""
        grant = getattr(self, "grant", None) if self.pk else None
        return grant.agreement if grant is not None else None

    def places_refusal(self, places: "Iterable[Place]") -> str:
        """Why its dates do not go with its places, which were read; nothing when they do."""
        outside = [
            place.territory.name for place in places if not place.territory.exists_during(self.starts_on, self.ends_on)
        ]
        if not outside:
            return ""
        verb = "n’existe" if len(outside) == 1 else "n’existent"
        return f"« {' », « '.join(outside)} » {verb} pas à ces dates : retirez d’abord ce lieu, ou changez les dates."


class FormerCode(models.Model):
    """A code that a project no longer bears. The database writes it whenever a code changes, whoever changes it
    (``migrations/_former_codes.py``): the last project that had a code keeps it here."""

    code = models.CharField(
        "ancien code",
        max_length=30,
        unique=True,
        error_messages={"unique": "Cet ancien code mène déjà à un projet."},
    )
    project = models.ForeignKey(
        "projects.Project", on_delete=models.CASCADE, related_name="former_codes", verbose_name="projet"
    )

    class Meta:
        verbose_name = "Ancien code"
        verbose_name_plural = "Anciens codes"

    def __str__(self) -> str:
        return self.code
