"""What people were told, for administrators: what did not leave, and why. Nothing is written here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohesion.lib.admin import AdministratorsAdmin, ReadOnlyAdmin
from projects.messaging.models import Message


class FailureFilter(admin.SimpleListFilter):
    title = "envoi"
    parameter_name = "envoi"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("echec", "En échec"), ("attente", "En attente"), ("envoye", "Envoyé")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> QuerySet[Message]:
        if self.value() == "echec":
            return queryset.exclude(failure="")
        if self.value() == "attente":
            return queryset.to_send().unread().filter(failure="")
        return queryset.filter(sent_at__isnull=False, failure="") if self.value() == "envoye" else queryset


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin, AdministratorsAdmin):
    purpose = (
        "Tout ce que le site a écrit à quelqu’un, lu ou non, parti ou non. Un courriel qui n’est pas parti "
        "est réessayé."
    )
    list_display = ("title", "reader", "failure", "at", "sent_at", "read_at")
    list_filter = (FailureFilter,)
    list_select_related = ("user",)
    search_fields = ("title", "user__email", "email")
    search_help_text = "Objet du message ou adresse"
    date_hierarchy = "at"
    fields = ("title", "text", "reader", "project", "path", "at", "mailed", "sent_at", "failure", "read_at")
    readonly_fields = ("reader",)
    actions = None

    @admin.display(description="à")
    def reader(self, message: Message) -> str:
        return str(message.user) if message.user is not None else message.email
