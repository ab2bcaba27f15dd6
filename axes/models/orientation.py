"""A node of the framework's tree.

The rules of one node stand here. Whatever door a write comes through (form, drag, importer, API, shell),
it ends in :meth:`Orientation.save`, :meth:`Orientation.delete` or the manager's ``move_node``, and these
go through :mod:`axes.tree`, which alone writes the tree.
"""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.text import Truncator
from mptt.models import MPTTModel, TreeForeignKey
from simple_history import register
from simple_history.signals import pre_create_historical_record

from axes import guard
from axes.choices import PriorityType
from axes.levels import CLOSED_LEVELS, COLUMN_LEVELS, ROOT_LEVELS, Level
from axes.models.framework import Framework
from axes.models.programme import REFERENCE
from cohesion.lib.text import typographic, validate_line, validate_text

CODE_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z.\-]{0,19}\Z"
TITLE_LENGTH = 500
PROSE_LENGTH = 20_000
PROSE_HELP = "Une ligne vide sépare deux paragraphes ; un tiret en début de ligne fait une puce."

validate_code = RegexValidator(
    CODE_PATTERN,
    "Un code commence par une lettre ou un chiffre, suivi d’au plus 19 lettres sans accent, chiffres, points "
    "ou tirets.",
    code="invalid_code",
)


def _prose(label: str, about: str) -> models.TextField:
    """A long text that stands beside the adopted wording, and is none of it."""
    return models.TextField(
        label,
        blank=True,
        default="",
        db_default="",
        validators=[validate_text, MaxLengthValidator(PROSE_LENGTH)],
        help_text=f"{about} {PROSE_HELP}",
    )


class MoveRecord(models.Model):
    """What a record of the history says of a move, which changes no field when the parent stays the same."""

    moved_from = models.CharField("place avant", max_length=100, blank=True, default="", db_default="")
    moved_to = models.CharField("place après", max_length=100, blank=True, default="", db_default="")

    class Meta:
        abstract = True


class OrientationQuerySet(guard.GuardedQuerySet):
    """Orientations, in the officer's order."""

    def in_force(self) -> "OrientationQuerySet":
        """Those of the framework in force of the reference programme."""
        return self.filter(framework__status="in_force", framework__programme=REFERENCE)

    def in_order(self) -> "OrientationQuerySet":
        """Document order: each node before its children, siblings as the officer placed them."""
        return self.order_by("tree_id", "lft")

    def branch(self, orientation: "Orientation") -> "OrientationQuerySet":
        """The orientation and all that stands under it."""
        return self.filter(tree_id=orientation.tree_id, lft__gte=orientation.lft, rght__lte=orientation.rght)


OrientationManager = guard.GuardedManager.from_queryset(OrientationQuerySet)


class Orientation(MPTTModel):
    """An axis, a challenge, a strategic or operational objective, or a priority.

    ``title`` is the adopted wording, to the letter; ``corrected_title`` the form shown where the adopted one
    has a slip. ``context`` and ``description`` are longer texts of the document or of its authors, in paragraphs and
    lists. ``columns`` names the levels whose columns the cell covers in the document's table (blank: its
    own). ``applies_to`` are the objectives that a merged cell concerns beside its place in the tree. ``uid``
    is the same node through all versions of the framework.
    """

    list_words: ClassVar = {"columns": dict(Level.choices)}  # for its history

    framework = models.ForeignKey(
        Framework, on_delete=models.PROTECT, related_name="orientations", verbose_name="cadre"
    )
    parent = TreeForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children", verbose_name="placée sous"
    )
    level = models.CharField("niveau", max_length=12, choices=Level.choices)
    code = models.CharField("code", max_length=20, validators=[validate_code])
    label = models.CharField(
        "mention imprimée",
        max_length=40,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Ce que le document imprime devant le titre, à la lettre (« AXE 1 : »).",
    )
    title = models.CharField(
        "texte adopté",
        max_length=TITLE_LENGTH,
        validators=[validate_line],
        help_text="À la lettre, coquilles comprises.",
    )
    corrected_title = models.CharField(
        "forme affichée",
        max_length=TITLE_LENGTH,
        blank=True,
        default="",
        validators=[validate_line],
        help_text="Seulement si le texte adopté contient une coquille ou des capitales. Le texte adopté ne change pas.",
    )
    context = _prose("contexte", "Le constat dont elle part.")
    description = _prose("description", "Ce qu’elle recouvre, au-delà de son titre.")
    columns = models.JSONField(
        "colonnes du tableau",
        default=list,
        blank=True,
        help_text="Les colonnes que couvre la cellule, si elle en couvre plusieurs.",
    )
    priority_type = models.CharField(
        "type de priorité", max_length=12, choices=PriorityType.choices, blank=True, default=""
    )
    applies_to = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="merged_priorities",
        verbose_name="s’applique à",
        help_text="Les objectifs que la cellule fusionnée concerne.",
    )
    source_line = models.PositiveIntegerField("ligne du document", null=True, blank=True)
    uid = models.UUIDField("identité", default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField("modifiée le", auto_now=True)

    objects = OrientationManager()

    class MPTTMeta:
        level_attr = "depth"  # `level` is ours: what the node is, not how deep it stands

    class Meta:
        verbose_name = "Orientation"
        verbose_name_plural = "Orientations"
        base_manager_name = "objects"  # the doors that Django opens by itself are guarded too
        # mptt would add this index behind makemigrations' back.
        indexes = [
            models.Index(fields=["tree_id", "lft"], name="axes_orientation_order"),
            models.Index(fields=["framework", "level"], name="axes_orientation_level"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "code"],
                name="axes_orientation_code_unique",
                violation_error_message="Ce code est déjà pris dans ce cadre.",
            ),
            models.UniqueConstraint(fields=["framework", "uid"], name="axes_orientation_uid_unique"),
            models.CheckConstraint(
                condition=Q(level="axis", parent__isnull=True) | (~Q(level="axis") & Q(parent__isnull=False)),
                name="axes_orientation_roots_are_axes",
                violation_error_message="Un axe ne se place sous rien ; tout autre niveau, sous une orientation.",
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="axes_orientation_level_known",
                violation_error_message="Ce niveau n’existe pas.",
            ),
            models.CheckConstraint(
                condition=Q(priority_type="") | Q(level="priority", priority_type__in=PriorityType.values),
                name="axes_orientation_type_of_priority_only",
                violation_error_message="Seule une priorité a un type de priorité.",
            ),
            models.CheckConstraint(
                condition=~Q(title="") & ~Q(code=""),
                name="axes_orientation_code_and_title",
                violation_error_message="Une orientation a un code et un texte.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.display_title}"

    # --- what is shown ----------------------------------------------------------------------------------

    @property
    def display_title(self) -> str:
        """The wording without its slips, set as the French print it."""
        return typographic(self.corrected_title or self.title)

    @property
    def name(self) -> str:
        """The short name of an axis, before its colon; the whole wording elsewhere."""
        return self.display_title.partition("\u00a0: ")[0] if self.is_root_level else self.display_title

    @property
    def subtitle(self) -> str:
        """What follows the colon in the wording of an axis."""
        return self.display_title.partition("\u00a0: ")[2] if self.is_root_level else ""

    @property
    def level_label(self) -> str:
        """Its level, with those whose column its cell also covers: « Enjeu et objectif stratégique »."""
        labels = [Level(level).label for level in self.span]
        if len(labels) == 1:
            return labels[0]
        first, *rest = labels
        rest = [label.lower() for label in rest]
        if len(rest) == 2 and all(label.startswith("objectif ") for label in rest):
            return f"{first}, objectif {rest[0].removeprefix('objectif ')} et {rest[1].removeprefix('objectif ')}"
        return f"{', '.join([first, *rest[:-1]])} et {rest[-1]}"

    @property
    def summary(self) -> str:
        """Its level, its code and the beginning of its wording: what a search engine shows of its page."""
        return f"{self.level_label} {self.code}\u00a0: {Truncator(self.display_title).chars(150)}"

    @property
    def badge(self) -> str:
        """What its landmark says: « Axe 5 », « 5.2.1 »."""
        return f"{Level(self.level).label} {self.code}" if self.is_root_level else self.code

    @property
    def says_level(self) -> bool:
        """Whether its landmark names its level, which a page then does not name a second time."""
        return self.badge != self.code

    @property
    def is_root_level(self) -> bool:
        """Whether it stands under nothing, and is a band of the document."""
        return self.level in ROOT_LEVELS

    @property
    def is_closed(self) -> bool:
        """Whether nothing may stand under it."""
        return self.level in CLOSED_LEVELS

    @property
    def span(self) -> list[str]:
        """The levels whose columns its cell covers, its own at least."""
        return list(self.columns) or [self.level]

    def reword(self, title: str) -> None:
        """Give it another wording; the form that was shown instead of the former one goes with it."""
        if (wording := title.strip()) != self.title:
            self.title, self.corrected_title = wording, ""

    # --- rules ------------------------------------------------------------------------------------------

    def clean(self) -> None:
        """Hold the rules of one node.

        Raises:
            ValidationError: by field, each with one French sentence.
        """
        errors: dict[str, str] = {}
        if self.level in Level.values:
            parent = self.parent if self.parent_id else None
            if sentence := guard.placement_error(self, parent):
                errors["parent"] = sentence
            if self.pk and (sentence := guard.children_error(self) or self._merged_error()):
                errors["level"] = sentence
            if self.priority_type and not self.is_closed:
                errors["priority_type"] = "Seule une priorité a un type de priorité."
            if sentence := self._columns_error():
                errors["columns"] = sentence
        if (
            self.framework_id
            and Orientation.objects.filter(framework=self.framework_id, code=self.code).exclude(pk=self.pk).exists()
        ):
            errors["code"] = f"Le code « {self.code} » est déjà pris dans ce cadre : choisissez-en un autre."
        if errors:
            raise ValidationError(errors)

    def _merged_error(self) -> str | None:
        """Say which merged cell forbids the present level, or None."""
        links = [(self, target) for target in self.applies_to.all()]
        links += [(priority, self) for priority in self.merged_priorities.all()]
        for node, target in links:
            if guard.applies_to_error(node, target):
                return (
                    f"La cellule fusionnée de {node.code} s’applique à {target.code} : "
                    "ce niveau ne le permet pas, retirez d’abord ce lien."
                )
        return None

    def _columns_error(self) -> str | None:
        if not self.columns:
            return None
        order = [level.value for level in COLUMN_LEVELS]
        if not isinstance(self.columns, list) or not set(map(str, self.columns)) <= set(order):
            return "Les colonnes se choisissent parmi : enjeu, objectif stratégique, objectif opérationnel, priorité."
        places = [order.index(column) for column in self.columns]
        if places != list(range(places[0], places[0] + len(places))):
            return "Une cellule couvre des colonnes voisines, de gauche à droite."
        if self.level not in self.columns:
            return "Une cellule couvre au moins la colonne de son propre niveau."
        return None

    # --- writes -----------------------------------------------------------------------------------------

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Validate and write the node under the tree's lock.

        Raises:
            ValidationError: a rule is broken, or the framework asks for a reason and none is given.
            guard.Conflict: somebody changed the node since it was read.
        """
        guard.save(self, super().save, *args, **kwargs)

    vars(save)["alters_data"] = True

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the node and all that stands under it.

        Raises:
            ProtectedError: something else (a project) hangs on the branch.
        """
        return guard.delete(self, super().delete, *args, **kwargs)

    vars(delete)["alters_data"] = True


register(
    Orientation,
    app="axes",
    bases=[MoveRecord],
    excluded_fields=["lft", "rght", "tree_id", "depth", "updated_at"],
    user_model=settings.AUTH_USER_MODEL,
)
models.signals.m2m_changed.connect(
    guard.guard_applies_to, sender=Orientation.applies_to.through, dispatch_uid="axes.tree.guard_applies_to"
)
pre_create_historical_record.connect(
    guard.record_move, sender=Orientation.history.model, dispatch_uid="axes.guard.record_move"
)
