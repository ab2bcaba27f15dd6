"""The envelopes of a year, as officers write them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohesion.history import HistoryAdmin
from cohesion.lib.text import euros
from projects.catalogue.admin.deletion import DeletionAdmin
from projects.programming.models import BudgetEnvelope


@admin.register(BudgetEnvelope)
class BudgetEnvelopeAdmin(DeletionAdmin, HistoryAdmin):
    purpose = (
        "Ce que le conseil vote pour une année, ou gère pour un autre. La page des enveloppes dit ce qui en est "
        "engagé, payé, et ce qu’il en reste."
    )
    list_display = ("label", "year", "voted_in_words", "is_delegated", "scheme", "orientation", "campaign", "sums")
    list_filter = ("year", "is_delegated")
    list_select_related = ("scheme", "orientation", "campaign")
    search_fields = ("label",)
    actions = None
    fieldsets = (
        (
            "L’enveloppe",
            {
                "fields": (("label", "year"), ("voted", "is_delegated")),
                "description": "Des crédits d’une année : votés sur le budget propre, ou délégués par un autre.",
            },
        ),
        (
            "Les subventions qu’elle porte",
            {
                "fields": (("scheme", "orientation"), "campaign"),
                "description": (
                    "Une subvention compte dans une seule enveloppe de son année : la plus précise de celles qui la "
                    "contiennent. Tout laisser vide : l’enveloppe porte ce qu’aucune autre ne porte."
                ),
            },
        ),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "orientation":
            field.queryset = field.queryset.filter(parent=None).select_related("framework").in_order()
            field.label_from_instance = lambda node: f"{node.code}. {node.name} ({node.framework})"
        return field

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """From July on, one prepares the next year."""
        today = timezone.localdate()
        year = today.year + 1 if today.month > 6 else today.year
        return {"year": year, **super().get_changeform_initial_data(request)}

    @admin.display(description="voté", ordering="voted")
    def voted_in_words(self, envelope: BudgetEnvelope) -> str:
        return euros(envelope.voted)

    @admin.display(description="engagé, payé")
    def sums(self, envelope: BudgetEnvelope) -> SafeString:
        address = reverse("projects:envelopes")
        return format_html('<a href="{}?annee={}">Voir {}</a>', address, envelope.year, envelope.year)
