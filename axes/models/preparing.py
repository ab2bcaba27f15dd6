"""What a working group says of a framework that is prepared, and the links that show it to others before the vote."""

import datetime
import secrets

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from axes.models.framework import Framework
from axes.models.orientation import Orientation
from cohesion.lib.dates import plain_date
from cohesion.lib.sealing import digest
from cohesion.lib.text import validate_line, validate_text

NOTE_LENGTH = 2_000  # characters
NAME_LENGTH = 80
LONGEST = datetime.timedelta(days=180)  # a link lasts no longer


def _user(label: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


class DraftLinkQuerySet(models.QuerySet["DraftLink"]):
    def open(self) -> "DraftLinkQuerySet":
        """Those that still show something."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class DraftLink(models.Model):
    """A secret address that shows a framework in preparation to whoever holds it, for a while.

    Only a digest of its secret is kept. ``may_remark``: its holders may leave remarks, which officers read.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="draft_links", verbose_name="cadre")
    purpose = models.CharField(
        "pour qui",
        max_length=120,
        validators=[validate_line],
        help_text="Ce qui vous le fera reconnaître : « Commission du 12 mars », « Mme la vice-présidente ».",
    )
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    may_remark = models.BooleanField("ses porteurs peuvent laisser des remarques", default=False)
    created_by = _user("créé par")
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)
    opened_at = models.DateTimeField("ouvert la dernière fois le", null=True, blank=True, editable=False)
    times_opened = models.PositiveIntegerField("nombre d’ouvertures", default=0, editable=False)

    objects = DraftLinkQuerySet.as_manager()

    class Meta:
        verbose_name = "Lien vers un cadre en préparation"
        verbose_name_plural = "Liens vers un cadre en préparation"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.purpose

    def draw(self) -> str:
        """Give it a new secret; returns it, and it is kept nowhere."""
        token = secrets.token_urlsafe(32)
        self.token_digest = digest(token)
        return token

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.revoked_at is not None:
            return f"fermé le {plain_date(self.revoked_at)}"
        if not self.is_open:
            return "expiré"
        return f"valable jusqu’au {plain_date(self.expires_at)}"


class NodeNoteQuerySet(models.QuerySet["NodeNote"]):
    def open_questions(self) -> "NodeNoteQuerySet":
        """What nobody has answered yet."""
        return self.filter(is_question=True, closed_at=None)


class NodeNote(models.Model):
    """A remark or a question of the working group on an orientation, or (no ``orientation``) on the whole framework.

    Written by an officer (``author``), or by whoever holds a ``link`` and signs (``signature``). Never public: it is
    deleted with its orientation, and kept, for officers, once the framework is adopted.
    """

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="notes", verbose_name="cadre")
    orientation = models.ForeignKey(
        Orientation,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name="orientation",
    )
    text = models.TextField("remarque", validators=[validate_text, MaxLengthValidator(NOTE_LENGTH)])
    is_question = models.BooleanField("c’est une question, à laquelle il faut répondre", default=False)
    author = _user("écrite par")
    link = models.ForeignKey(
        DraftLink,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="remarks",
        verbose_name="laissée par le lien",
    )
    signature = models.CharField("signée", max_length=NAME_LENGTH, blank=True, default="", validators=[validate_line])
    written_at = models.DateTimeField("écrite le", auto_now_add=True)
    answer = models.TextField(
        "réponse", blank=True, default="", validators=[validate_text, MaxLengthValidator(NOTE_LENGTH)]
    )
    closed_at = models.DateTimeField("close le", null=True, blank=True, editable=False)
    closed_by = _user("close par")

    objects = NodeNoteQuerySet.as_manager()

    class Meta:
        verbose_name = "Note sur une orientation"
        verbose_name_plural = "Notes sur les orientations"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="axes_note_says_something",
                violation_error_message="Une note dit quelque chose.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def signed(self) -> str:
        """Who wrote it, in words; a holder of a link is whoever they say that they are."""
        if self.author is not None:
            return self.author.display_name
        return f"{self.signature} (par le lien « {self.link or 'supprimé'} »)" if self.signature else "Compte effacé"
