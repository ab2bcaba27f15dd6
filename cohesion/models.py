"""Accounts, and what this installation is."""

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from cohesion.choices import AuditKind, TokenScope


class User(AbstractUser):
    """Somebody who logs in. The e-mail address, where there is one, belongs to one account only.

    One that is erased stays as a number, so that what it did still says that one person did it.
    ``calendar_key`` opens their calendar to a program that cannot log in; none, and nothing does. ``first_visit`` names
    the steps of the visit that they have opened, each with a space before it.
    """

    erased_at = models.DateTimeField("effacé le", null=True, blank=True, editable=False)
    calendar_key = models.CharField(
        "clé du calendrier", max_length=22, blank=True, default="", db_default="", editable=False, db_index=True
    )
    first_visit = models.CharField(
        "visite, étapes ouvertes", max_length=250, blank=True, default="", db_default="", editable=False
    )
    first_visit_hidden_at = models.DateTimeField("visite masquée le", null=True, blank=True, editable=False)
    news_read_on = models.DateField("nouveautés lues jusqu’au", null=True, blank=True, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = "Compte"
        verbose_name_plural = "Comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~models.Q(email=""),
                name="cohesion_user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse électronique.",
            )
        ]

    @property
    def display_name(self) -> str:
        """How the others call them: their name, else that of their account."""
        return self.get_full_name() or str(self)


class DemoMark(models.Model):
    """Its one row says that this database is a demonstration: ``demo`` may write it, every page says so."""

    created_at = models.DateTimeField("créée le", auto_now_add=True)

    class Meta:
        verbose_name = "Marque de démonstration"
        verbose_name_plural = "Marques de démonstration"

    def __str__(self) -> str:
        return f"Base de démonstration créée le {self.created_at:%d/%m/%Y}"


class KeptMail(models.Model):
    """A mail that a demonstration did not send, to be read there (:mod:`cohesion.kept_mails`)."""

    to = models.CharField("à", max_length=254)
    sender = models.CharField("de", max_length=254)
    subject = models.CharField("objet", max_length=300)
    body = models.TextField("texte")
    html = models.TextField("en HTML", blank=True, default="")
    at = models.DateTimeField("le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Courriel d’une démonstration"
        verbose_name_plural = "Courriels d’une démonstration"
        default_permissions = ()
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class AppendOnlyError(TypeError):
    """Somebody tried to change or delete an event; only ``purge_audit`` deletes, and only old ones."""


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Events are added, and read."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Le journal ne se modifie pas.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("Le journal ne s’efface pas.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Le journal ne se modifie pas.")


class AuditEvent(models.Model):
    """Something that happened. Triggers refuse what this class refuses (cohesion/audit/triggers.py).

    It points at nothing by a foreign key: it outlives the accounts and the rows that it speaks of.
    """

    at = models.DateTimeField("le", default=timezone.now, editable=False, db_index=True)
    kind = models.CharField("événement", max_length=20, choices=AuditKind.choices)
    account = models.BigIntegerField("n° du compte", null=True, blank=True)
    who = models.CharField("qui", max_length=254, blank=True, default="")
    address = models.GenericIPAddressField("adresse", null=True, blank=True)
    model = models.CharField("nature de l’objet", max_length=100, blank=True, default="")
    key = models.CharField("n° de l’objet", max_length=40, blank=True, default="")
    label = models.CharField("objet", max_length=200, blank=True, default="")
    before = models.JSONField("avant", null=True, blank=True, encoder=DjangoJSONEncoder)
    after = models.JSONField("après", null=True, blank=True, encoder=DjangoJSONEncoder)
    request = models.CharField("n° de la requête", max_length=64, blank=True, default="")

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        verbose_name = "Événement du journal"
        verbose_name_plural = "Journal"
        ordering = ["-at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(fields=["kind", "-at"], name="cohesion_audit_kind"),
            models.Index(fields=["who", "-at"], name="cohesion_audit_who"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("Le journal ne se modifie pas.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("Le journal ne s’efface pas.")


class SentForm(models.Model):
    """A form that makes something and was sent, and where its answer led (:mod:`cohesion.together.once`)."""

    token = models.CharField("jeton", max_length=22, primary_key=True)
    address = models.CharField("adresse de la réponse", max_length=500, blank=True, default="")
    at = models.DateTimeField("le", default=timezone.now, editable=False, db_index=True)

    class Meta:
        verbose_name = "Formulaire envoyé"
        verbose_name_plural = "Formulaires envoyés"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Formulaire envoyé le {self.at:%d/%m/%Y}"


class SavedFilter(models.Model):
    """The filters of a list that somebody keeps: the path of its page, and the parameters of its address."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters", verbose_name="compte"
    )
    screen = models.CharField("liste", max_length=200)
    name = models.CharField("nom", max_length=60)
    query = models.CharField("filtres", max_length=1000)

    class Meta:
        verbose_name = "Filtre gardé"
        verbose_name_plural = "Filtres gardés"
        ordering = ["name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "screen", "name"], name="cohesion_savedfilter_name_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.screen}?{self.query}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def open(self) -> "ApiTokenQuerySet":
        """Those that still open something: neither revoked nor over."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now())


class ApiToken(models.Model):
    """What lets a program read and write in somebody's name (:mod:`cohesion.accounts.tokens`).

    The token itself is kept nowhere: only its beginning, by which its person knows it, and its digest.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens", verbose_name="compte"
    )
    name = models.CharField("nom", max_length=60)
    prefix = models.CharField("début", max_length=12)
    digest = models.CharField(
        "empreinte", max_length=64, unique=True, error_messages={"unique": "Un autre jeton a déjà cette empreinte."}
    )
    scopes = models.JSONField("ce qu’il ouvre", default=list)
    created_at = models.DateTimeField("fait le", default=timezone.now, editable=False)
    expires_at = models.DateTimeField("valable jusqu’au")
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField("a servi le", null=True, blank=True, editable=False)
    last_address = models.GenericIPAddressField("vu depuis", null=True, blank=True, editable=False)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "Jeton d’API"
        verbose_name_plural = "Jetons d’API"
        ordering = ["-created_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_over(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and not self.is_over

    @property
    def state(self) -> str:
        """« ouvert », « expiré », « révoqué »."""
        if self.revoked_at is not None:
            return "révoqué"
        return "expiré" if self.is_over else "ouvert"

    @property
    def scope_labels(self) -> list[str]:
        return [str(scope.label) for scope in TokenScope if scope in self.scopes]
