"""The addresses that are told, and the log of what each was told: for administrators."""

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from cohesion.audit import AuditKind, record
from cohesion.lib.admin import AdministratorsAdmin, ReadOnlyAdmin
from cohesion.lib.http import ExtraContext
from cohesion.lib.sealing import sealed, unsealed
from cohesion.lib.text import count_phrase
from projects.webhooks.guard import validate_target
from projects.webhooks.models import Webhook, WebhookDelivery, WebhookEvent
from projects.webhooks.sending import send_again

JUST_MADE = "webhook_just_made"  # in the session, sealed, until it is shown


class WebhookForm(forms.ModelForm):
    events = forms.MultipleChoiceField(
        label="Événements", choices=WebhookEvent.choices, widget=forms.CheckboxSelectMultiple
    )

    url = forms.URLField(
        label="Adresse", max_length=400, assume_scheme="https", help_text="En https, sur l’internet public."
    )

    class Meta:
        model = Webhook
        fields = ("name", "url", "events", "is_active")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        validate_target(url)
        return url


@admin.register(Webhook)
class WebhookAdmin(AdministratorsAdmin):
    purpose = (
        "Les adresses d’autres logiciels, prévenues quand quelque chose de public change. Chacune vérifie, par un "
        "secret, que c’est bien ce site qui parle."
    )
    form = WebhookForm
    list_display = ("name", "url", "events_words", "is_active")
    actions = None
    change_form_template = "admin/projects/webhook.html"
    fieldsets = (
        (
            "À qui",
            {
                "fields": ("name", "url", "is_active"),
                "description": "Une adresse en https, que tout l’internet peut joindre.",
            },
        ),
        (
            "De quoi",
            {"fields": ("events",), "description": "Rien ne part qui ne soit déjà public."},
        ),
    )

    @admin.display(description="Prévenue de")
    def events_words(self, webhook: Webhook) -> str:
        return ", ".join(webhook.event_labels)

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        if not change:
            words = secrets.token_urlsafe(32)
            obj.secret = sealed(words)
            request.session[JUST_MADE] = sealed(words)
        super().save_model(request, obj, form, change)
        after = {"adresse": obj.url, "événements": obj.events, "actif": obj.is_active}
        record(AuditKind.WEBHOOK_CHANGED, on=obj, after=after)

    def response_add(self, request: HttpRequest, obj: Webhook, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:projects_webhook_change", args=[obj.pk]))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: ExtraContext = None
    ) -> HttpResponse:
        kept = request.session.pop(JUST_MADE, None) if request.method == "GET" else None
        context = {**(extra_context or {}), "words": unsealed(kept) if kept else None}
        return super().change_view(request, object_id, form_url, context)


class DeliveryStateFilter(admin.SimpleListFilter):
    title = "état"
    parameter_name = "etat"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("attente", "En attente"), ("recu", "Reçu"), ("abandonne", "Abandonné")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> QuerySet[WebhookDelivery]:
        if self.value() == "attente":
            return queryset.filter(sent_at=None, given_up_at=None)
        if self.value() == "recu":
            return queryset.filter(sent_at__isnull=False)
        return queryset.filter(given_up_at__isnull=False) if self.value() == "abandonne" else queryset


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin, AdministratorsAdmin):
    purpose = "Ce qui a été dit à d’autres logiciels, reçu ou non. Ce qui n’arrive pas est réessayé, puis abandonné."
    list_display = ("subject", "event", "to", "state_words", "attempts", "failure", "created_at")
    list_filter = (DeliveryStateFilter, "event", "webhook")
    list_select_related = ("webhook",)
    date_hierarchy = "created_at"
    actions = ("send_again",)
    fields = ("webhook", "event", "subject", "payload", "created_at", "attempts", "next_at", "sent_at")
    fields += ("given_up_at", "status", "failure")

    @admin.display(description="À")
    def to(self, delivery: WebhookDelivery) -> str:
        return delivery.webhook.name

    @admin.display(description="État")
    def state_words(self, delivery: WebhookDelivery) -> str:
        return delivery.state

    @admin.action(description="Renvoyer", permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[WebhookDelivery]) -> None:
        deliveries = list(queryset)
        for delivery in deliveries:
            send_again(delivery)
        number = count_phrase(len(deliveries), "avis repart", "avis repartent")
        self.message_user(request, f"{number} au prochain passage.", messages.SUCCESS)
