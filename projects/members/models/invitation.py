"""Who is asked to open an account, by whom, and to do what."""

import datetime
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from cohesion.lib.constraints import always
from cohesion.lib.sealing import digest
from cohesion.lib.text import NBSP
from projects.choices import LEAD_ROLES, InvitationRole
from projects.members.models.organization import Organization

LIFE = datetime.timedelta(hours=72)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those whose link still serves."""
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """One person is asked, at one address, to act for an organisation or to take a role; the link serves once."""

    email = models.EmailField("adresse électronique")
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name="structure",
        help_text="Pour un déclarant ou un signataire.",
    )
    role = models.CharField("rôle", max_length=10, choices=InvitationRole.choices)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="invité par",
    )
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    sent_at = models.DateTimeField("envoyée le", null=True, blank=True)
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("révoquée le", null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="acceptée par",
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "Invitation"
        verbose_name_plural = "Invitations"
        ordering = ["-created_at", "-pk"]
        constraints = [
            always(
                "projects_invitation_role_and_organization",
                Q(role__in=LEAD_ROLES, organization__isnull=False)
                | Q(role__in=(InvitationRole.OFFICER, InvitationRole.ELECTED), organization__isnull=True),
                "Un déclarant ou un signataire agit pour une structure ; un agent ou un élu, pour aucune.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email}, {self.what}"

    @property
    def what(self) -> str:
        """What it gives, in words: « signataire de la structure « L’Escale verte » »."""
        role = self.get_role_display().lower()
        return role if self.organization is None else f"{role} «{NBSP}{self.organization.name}{NBSP}»"

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def state(self) -> str:
        """What became of it, in words."""
        if self.accepted_at is not None:
            return f"acceptée le {timezone.localtime(self.accepted_at):%d/%m/%Y}"
        if self.revoked_at is not None:
            return "révoquée"
        if self.expires_at <= timezone.now():
            return "expirée"
        if self.sent_at is None:
            return "non envoyée"
        return f"en attente jusqu’au {timezone.localtime(self.expires_at):%d/%m/%Y à %H:%M}"

    def draw(self) -> str:
        """Give it a new secret and three days; the former link serves no more. Returns the secret, kept nowhere."""
        token = secrets.token_urlsafe(32)
        self.token_digest, self.expires_at, self.sent_at = digest(token), timezone.now() + LIFE, None
        return token
