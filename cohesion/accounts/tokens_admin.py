"""The tokens of everybody, for administrators: whose they are, what they open, and how to close them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest

from cohesion.accounts.tokens import revoke
from cohesion.lib.people import signed_in
from cohesion.lib.text import count_phrase
from cohesion.models import ApiToken


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    purpose = "Les jetons par lesquels des logiciels lisent et écrivent au nom de quelqu’un. Chacun fait les siens."
    list_display = ("name", "prefix", "user", "opens", "state_words", "expires_at", "last_used_at")
    list_filter = ("expires_at",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__email")
    fields = ("name", "prefix", "user", "opens", "created_at", "expires_at", "revoked_at", "last_used_at")
    readonly_fields = ("opens",)
    actions = ("revoke_tokens",)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="Ce qu’il ouvre")
    def opens(self, token: ApiToken) -> str:
        return ", ".join(token.scope_labels)

    @admin.display(description="État")
    def state_words(self, token: ApiToken) -> str:
        return token.state

    @admin.action(description="Révoquer", permissions=["view"])
    def revoke_tokens(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        closed = [token for token in queryset if revoke(token, by=signed_in(request))]
        number = count_phrase(len(closed), "jeton n’ouvre plus rien", "jetons n’ouvrent plus rien")
        self.message_user(request, f"{number}.", messages.SUCCESS)
