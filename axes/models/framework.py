"""One version of the framework, from its preparation to its archive."""

import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from axes.choices import FrameworkStatus
from axes.levels import COLUMN_LEVELS
from axes.models.programme import REFERENCE, Programme
from cohesion.lib.states import holds
from cohesion.lib.text import fold, validate_line, validate_text


def default_column_titles() -> list[str]:
    return [level.label for level in COLUMN_LEVELS]


def validate_column_titles(titles: object) -> None:
    if (
        not isinstance(titles, list)
        or len(titles) != len(COLUMN_LEVELS)
        or not all(isinstance(title, str) and title.strip() for title in titles)
    ):
        raise ValidationError(
            f"Donnez les {len(COLUMN_LEVELS)} intitulés de colonnes du tableau, du plus large au plus précis."
        )
    for title in titles:
        validate_line(title)


TAKEN = {"comparer"}  # what an address says under /cadre/, and no version may be called


class FrameworkQuerySet(models.QuerySet["Framework"]):
    def in_force(self) -> "FrameworkQuerySet":
        """That of the reference programme: the framework that the site means when it names none."""
        return self.standing().filter(programme=REFERENCE)

    def standing(self) -> "FrameworkQuerySet":
        """Those in force, of any programme: one at most of each."""
        return self.filter(status=FrameworkStatus.IN_FORCE)

    def beside(self) -> "FrameworkQuerySet":
        """Those in force of the other programmes, in the order of these."""
        return self.standing().exclude(programme=REFERENCE).order_by("programme__order", "programme__name")

    def before(self, framework: "Framework") -> "FrameworkQuerySet":
        """That in force of the same programme, whose place this one takes when it is adopted."""
        return self.standing().filter(programme=framework.programme_id)

    def public(self) -> "FrameworkQuerySet":
        """What anybody may read: all but what is being prepared."""
        return self.exclude(status=FrameworkStatus.DRAFT)


class Framework(models.Model):
    """A framework of orientations, as adopted (or to be adopted) by a deliberation.

    ``revision`` grows at every change of the framework, its tree or its links: pages and exports that
    carry the same revision say the same thing, so that it is the key of caches and ETags.
    """

    # The code that does not know it may still run beside ours: what it writes is of the reference programme.
    programme: "models.ForeignKey[Any, Programme]" = models.ForeignKey(
        Programme,
        on_delete=models.PROTECT,
        related_name="frameworks",
        default=REFERENCE,
        db_default=REFERENCE,
        verbose_name="programme",
    )
    name = models.CharField("titre du document", max_length=300, validators=[validate_line])
    slug = models.SlugField(
        "identifiant",
        max_length=80,
        unique=True,
        error_messages={"unique": "Un autre cadre a déjà cet identifiant."},
    )
    authority = models.CharField("collectivité", max_length=200, blank=True, default="", validators=[validate_line])
    perimeter = models.CharField(
        "périmètre",
        max_length=200,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Où le cadre s’applique, par exemple : les 37 communes de l’agglomération.",
    )
    status = models.CharField("état", max_length=10, choices=FrameworkStatus.choices, default=FrameworkStatus.DRAFT)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    adopted_on = models.DateField("adopté le", null=True, blank=True)
    deliberation = models.CharField(
        "délibération",
        max_length=120,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Sa référence, telle qu’on la cite.",
    )
    predecessor = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="fait suite à"
    )
    origin = models.CharField(
        "repris de",
        max_length=300,
        blank=True,
        default="",
        db_default="",
        validators=[validate_line],
        help_text="Le cadre d’une autre collectivité ou le document dont il part, s’il ne fait pas suite à un d’ici.",
    )
    column_titles = models.JSONField(
        "intitulés des colonnes",
        default=default_column_titles,
        validators=[validate_column_titles],
        help_text="Les quatre têtes de colonne du document, à la lettre.",
    )
    note = models.TextField("note de lecture", blank=True, default="", validators=[validate_text])
    is_locked = models.BooleanField(
        "verrouillé",
        default=False,
        help_text="Chaque modification d’une orientation demande alors un motif, conservé dans l’historique.",
    )
    revision = models.PositiveBigIntegerField("révision", default=1, editable=False)
    updated_at = models.DateTimeField("modifié le", auto_now=True)

    evening: datetime.date | None = None  # of a copy that stands for what it was then (:mod:`axes.as_of`)

    objects = FrameworkQuerySet.as_manager()
    _history_user: Any  # who writes, for the history
    history = HistoricalRecords(excluded_fields=["revision", "updated_at"], user_model=settings.AUTH_USER_MODEL)

    class Meta:
        verbose_name = "Cadre"
        verbose_name_plural = "Cadres"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["status", "programme"],
                condition=Q(status="in_force"),
                name="axes_framework_one_of_a_programme",
                violation_error_message="Un autre cadre de ce programme est déjà en vigueur : archivez-le d’abord.",
            ),
            models.CheckConstraint(
                condition=Q(status__in=FrameworkStatus.values),
                name="axes_framework_status_known",
                violation_error_message="L’état doit être « en préparation », « en vigueur » ou « archivé ».",
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="axes_framework_dates_in_order",
                violation_error_message="La date de fin précède la date de début.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let every page of this framework know that it changed.

        The revision is increased by the database itself: two officers at once never give it the same number.
        """
        fields = kwargs.get("update_fields")
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        self.revision = F("revision") + 1  # type: ignore[assignment]
        if fields is not None:
            kwargs["update_fields"] = {*fields, "revision", "updated_at"}
        super().save(*args, **kwargs)
        self.refresh_from_db(fields=["revision"])

    def clean(self) -> None:
        if self.slug in TAKEN:
            raise ValidationError(
                {"slug": f"« {self.slug} » est déjà une page du site : choisissez un autre identifiant."}
            )
        if self.predecessor_id and self.predecessor_id == self.pk:
            raise ValidationError({"predecessor": "Un cadre ne peut pas faire suite à lui-même."})
        if self.predecessor is not None and self.predecessor.programme_id != self.programme_id:
            raise ValidationError({"predecessor": "Un cadre fait suite à un cadre du même programme."})

    @property
    def state(self) -> tuple[object, ...]:
        """The key of what is kept about this framework as it was read.

        The date stands beside the revision: a database restored from a backup may come to the same revision with
        other words.
        """
        return self.pk, self.revision, self.updated_at, self.evening

    @property
    def asks_reason(self) -> bool:
        """Whether a change of its orientations must say why: a locked framework, or an archived one."""
        return self.is_locked or self.status == FrameworkStatus.ARCHIVED

    is_draft = holds("status", FrameworkStatus.DRAFT)
    is_in_force = holds("status", FrameworkStatus.IN_FORCE)

    @property
    def is_beside(self) -> bool:
        """Whether it is of another programme than the reference one."""
        return self.programme_id != REFERENCE

    @property
    def full_name(self) -> str:
        """Its name with that of its programme, unless the one says the other already."""
        programme = self.programme.name
        return self.name if fold(programme) in fold(self.name) else f"{programme}, {self.name}"

    @property
    def file_stem(self) -> str:
        """What its files are called: one of another programme says whose it is."""
        programme = self.programme.slug if self.is_beside else ""
        return self.slug if self.slug.startswith(programme) else f"{programme}_{self.slug}"

    @property
    def is_reference(self) -> bool:
        """Whether it is the one that the site means when it names none: in force, of the reference programme."""
        return self.is_in_force and not self.is_beside

    @property
    def is_public(self) -> bool:
        return self.status != FrameworkStatus.DRAFT
