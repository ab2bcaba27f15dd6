"""What is done: PST, PRH and actions, and their links to the framework."""

import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.lookups import In
from django.urls import reverse
from simple_history.models import HistoricalRecords

from axes.models import Framework, Orientation
from cohesion.lib.natural import NaturalKeyField
from cohesion.lib.people import Visitor
from cohesion.lib.queries import InFrench, Unindexed
from cohesion.lib.states import holds
from cohesion.lib.text import euros, fold, validate_line, validate_text
from projects.catalogue.models.links import CoLead, Contribution, Place
from projects.catalogue.models.scheme import Scheme
from projects.catalogue.workflow import GRANTED, LEADS_TURN
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus, PstStage, TerritoryKind
from projects.members import rules as member_rules
from projects.members.models.organization import Membership, Organization
from projects.territory.models import Territory

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

TITLE_LENGTH = 255
SUMMARY_LENGTH = 1_000
DESCRIPTION_LENGTH = 20_000
CODE_KEY_LENGTH = 60  # of the thirty signs of a code: a sign and a digit by turns


def beside() -> "Prefetch[Any]":
    """The organisations that lead a project beside its first, in the order of a French dictionary."""
    return Prefetch("co_leads", Organization.objects.order_by(InFrench("name"), "pk"))


class ProjectQuerySet(models.QuerySet["Project"]):
    """The one place that says which projects count; every figure and every list begins here."""

    def published(self) -> "ProjectQuerySet":
        """What the council has said yes to: what anybody may read, and what public figures count.

        Most projects are: no index is consulted for it, so that SQLite, which takes any index for a good one, follows
        the index of a rarer condition or of the order asked for.
        """
        return self.filter(In(Unindexed("status"), PUBLIC_STATUSES))

    def of(self, user: Visitor) -> "ProjectQuerySet":
        """Those of the organisations for which somebody acts."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(organization__in=Membership.objects.filter(user=user).values("organization"))

    def co_led_by(self, user: Visitor) -> "ProjectQuerySet":
        """Those that an organisation for which somebody acts leads beside another one."""
        if not user.is_authenticated:
            return self.none()
        mine = Membership.objects.filter(user=user).values("organization")
        return self.filter(pk__in=CoLead.objects.filter(organization__in=mine).values("project"))

    def led_by(self, organization: "Organization | int") -> "ProjectQuerySet":
        """Those that an organisation leads, first or beside another."""
        beside = CoLead.objects.filter(organization=organization).values("project")
        return self.filter(Q(organization=organization) | Q(pk__in=beside))

    def with_leads(self) -> "ProjectQuerySet":
        """With the organisation that leads each and those that do beside it, in two queries."""
        return self.select_related("organization").prefetch_related(beside())

    def waiting_for_lead(self) -> "ProjectQuerySet":
        """Those on which the next move is the organisation's: a report that is due, a declaration to go on with."""
        declared = Q(status__in=LEADS_TURN, declaration__isnull=False)
        return self.filter(declared | Q(status=ProjectStatus.REPORT_DUE))

    def visible_to(self, user: Visitor) -> "ProjectQuerySet":
        """Those that :data:`projects.catalogue.rules.may_read` says yes to."""
        if member_rules.is_officer(user):
            return self.all()
        known = ~Q(status=ProjectStatus.DRAFT) if member_rules.is_elected(user) else Q(status__in=PUBLIC_STATUSES)
        own, beside = Project.objects.of(user), Project.objects.co_led_by(user)
        return self.filter(known | Q(pk__in=own.values("pk")) | Q(pk__in=beside.values("pk")))

    def serving(
        self, orientation: Orientation, *, direct: bool = False, is_main: bool | None = None
    ) -> "ProjectQuerySet":
        """Those linked to an orientation or to anything under it (``direct``: to itself only), each once.

        ``is_main``: only those whose main orientation is among these (True), or is another one (False).
        """
        links = Contribution.objects.filter(orientation=orientation)
        if not direct:
            links = Contribution.objects.filter(
                orientation__tree_id=orientation.tree_id,
                orientation__lft__gte=orientation.lft,
                orientation__rght__lte=orientation.rght,
            )
        main = links.filter(is_main=True).values("project")
        if is_main:
            return self.filter(pk__in=main)
        projects = self.filter(pk__in=links.values("project"))
        return projects if is_main is None else projects.exclude(pk__in=main)

    def attached(self, framework: "Framework") -> "ProjectQuerySet":
        """Those that serve an orientation of a framework, whichever."""
        return self.filter(pk__in=Contribution.objects.of(framework).values("project"))

    def unattached(self, framework: "Framework | None" = None) -> "ProjectQuerySet":
        """Those that serve no orientation of a framework (none: of the one in force): « sans rattachement »."""
        links = Contribution.objects.of(framework) if framework else Contribution.objects.in_force()
        return self.exclude(pk__in=links.values("project"))

    def without_main(self, framework: "Framework | None" = None) -> "ProjectQuerySet":
        """Those that serve a framework (none: the one in force), but no orientation of it first of all: the main one of
        the framework before has no heir yet."""
        links = Contribution.objects.of(framework) if framework else Contribution.objects.in_force()
        main = links.filter(is_main=True)
        return self.filter(pk__in=links.values("project")).exclude(pk__in=main.values("project"))

    def located_in(self, territories: "Iterable[Territory]") -> "ProjectQuerySet":
        """Those that declare one of these territories, or a quarter of one of these communes, each once."""
        kept = list(territories)
        inside = Territory.objects.filter(
            Q(pk__in=[territory.pk for territory in kept]) | Q(parent__in=kept, parent__kind=TerritoryKind.COMMUNE)
        )
        # Territories first: they are few, and the places of each are found by index.
        return self.filter(pk__in=Place.objects.filter(territory__in=inside.order_by().values("pk")).values("project"))

    def in_year(self, year: int) -> "ProjectQuerySet":
        """Those that run on at least one day of a calendar year."""
        first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
        return self.filter(Q(starts_on__lte=last), Q(ends_on__isnull=True) | Q(ends_on__gte=first))

    def ended_before(self, year: int) -> "ProjectQuerySet":
        """Those that were over before a calendar year."""
        return self.filter(starts_on__isnull=False, ends_on__lt=datetime.date(year, 1, 1))

    def beginning_after(self, year: int) -> "ProjectQuerySet":
        return self.filter(starts_on__gt=datetime.date(year, 12, 31))

    def undated(self) -> "ProjectQuerySet":
        """Those that do not say when they begin: no year holds them."""
        return self.filter(starts_on__isnull=True)

    def reported(self, year: int | None = None) -> "ProjectQuerySet":
        """Those of which a report was handed in (of that year, if one is given)."""
        of_year = {} if year is None else {"reports__year": year}
        reported = Project.objects.filter(reports__handed_at__isnull=False, **of_year)
        return self.filter(pk__in=reported.values("pk"))

    def waiting_for_link(self) -> "ProjectQuerySet":
        """Those that had a link to an orientation of the reference programme which its framework in force did not take
        up, and nobody decided."""
        open_links = Contribution.objects.of_reference().filter(uncarried__isnull=False, uncarried__settled_at=None)
        return self.filter(pk__in=open_links.values("project"))

    def hors_pst(self) -> "ProjectQuerySet":
        """Actions outside any PST."""
        return self.filter(kind=ProjectKind.ACTION, host__isnull=True)

    def said_by_parts(self, amount: str) -> Q:
        """The PST of which a part, among these projects, has something of an amount (the path of its field): a sum over
        them leaves the PST out, which says the same again."""
        parts = self.filter(host__isnull=False, **{f"{amount}__gt": 0})
        return Q(pk__in=parts.order_by().values("host"))


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
            models.CheckConstraint(
                condition=Q(kind__in=ProjectKind.values),
                name="projects_project_kind_known",
                violation_error_message="Un projet est un PST, un PRH ou une action.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=ProjectStatus.values),
                name="projects_project_status_known",
                violation_error_message="Cet état n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(host__isnull=True) | ~Q(kind=ProjectKind.PST),
                name="projects_project_pst_has_no_host",
                violation_error_message="Un PST ne fait partie d’aucun autre projet.",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="projects_project_dates_in_order",
                violation_error_message="La date de fin précède la date de début.",
            ),
            models.CheckConstraint(
                condition=Q(total_cost__isnull=True) | Q(total_cost__gte=0),
                name="projects_project_cost_not_negative",
                violation_error_message="Un coût n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=(Q(requested__isnull=True) | Q(requested__gte=0))
                & (Q(granted__isnull=True) | Q(granted__gte=0)),
                name="projects_project_amounts_not_negative",
                violation_error_message="Un montant n’est pas négatif.",
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
        if self.starts_on is None:
            return "non fixées"
        if self.ends_on is None:
            return f"depuis {self.starts_on.year}"
        first, last = self.starts_on.year, self.ends_on.year
        return str(first) if first == last else f"{first}–{last}"

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
        return ""

    def places_refusal(self, places: "Iterable[Place]") -> str:
        """Why its dates do not go with its places, which were read; nothing when they do."""
        outside = [
            place.territory.name for place in places if not place.territory.exists_during(self.starts_on, self.ends_on)
        ]
        if not outside:
            return ""
        verb = "n’existe" if len(outside) == 1 else "n’existent"
        return f"« {' », « '.join(outside)} » {verb} pas à ces dates : retirez d’abord ce lieu, ou changez les dates."
