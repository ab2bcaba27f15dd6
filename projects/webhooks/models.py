"""Where programs want to be told, and what each was told."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from cohesion.lib.sealing import unsealed
from cohesion.lib.text import validate_line


class WebhookEvent(models.TextChoices):
    """What may be told: public facts alone."""

    DECISION = "decision", "Une décision rend un projet public"
    PUBLISHED = "project_published", "Un projet devient public"
    FRAMEWORK = "framework_changed", "Un cadre public change"


def validate_events(events: object) -> None:
    known = isinstance(events, list) and events and set(map(str, events)) <= set(WebhookEvent.values)
    if not known:
        raise ValidationError("Cochez au moins un événement.")


class Webhook(models.Model):
    """An https address that is told of some events. ``secret`` signs what it is told, and is kept sealed."""

    name = models.CharField(
        "nom",
        max_length=80,
        unique=True,
        error_messages={"unique": "Une autre adresse avisée a déjà ce nom."},
        validators=[validate_line],
    )
    url = models.URLField("adresse", max_length=400, help_text="En https, sur l’internet public.")
    events = models.JSONField("événements", default=list, validators=[validate_events])
    secret = models.TextField("secret", editable=False, default="")
    is_active = models.BooleanField("actif", default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField("créée le", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "Adresse avisée"
        verbose_name_plural = "Adresses avisées"
        ordering = ["name"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> bytes:
        """What signs."""
        return str(unsealed(self.secret) or "").encode()

    @property
    def event_labels(self) -> list[str]:
        return [str(event.label) for event in WebhookEvent if event in self.events]


class DeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(sent_at=None, given_up_at=None)


class WebhookDelivery(models.Model):
    """Something to tell one address, and what came of it. ``subject`` is what it is about: while it waits, the same is
    not told again. ``next_at`` is when it is tried: set ahead before it is, so that two senders never send it both."""

    webhook = models.ForeignKey(
        Webhook, on_delete=models.CASCADE, related_name="deliveries", verbose_name="adresse avisée"
    )
    event = models.CharField("événement", max_length=20, choices=WebhookEvent.choices)
    subject = models.CharField("sujet", max_length=120)
    payload: "models.JSONField[Any, Any]" = models.JSONField("contenu", encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField("survenu le", default=timezone.now, editable=False)
    next_at = models.DateTimeField("prochain essai", default=timezone.now)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    sent_at = models.DateTimeField("reçu le", null=True, blank=True)
    given_up_at = models.DateTimeField("abandonné le", null=True, blank=True)
    status = models.PositiveSmallIntegerField("réponse", null=True, blank=True)
    failure = models.CharField("pourquoi", max_length=200, blank=True, default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "Avis à un logiciel"
        verbose_name_plural = "Avis aux logiciels"
        ordering = ["-created_at", "-pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["next_at"],
                condition=models.Q(sent_at=None, given_up_at=None),
                name="projects_delivery_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_event_display()} : {self.subject}"

    @property
    def state(self) -> str:
        if self.sent_at is not None:
            return "reçu"
        return "abandonné" if self.given_up_at is not None else "en attente"
