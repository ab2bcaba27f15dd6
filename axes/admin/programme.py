"""The programmes that stand side by side, for officers."""

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from axes.models import Framework, Programme
from cohesion.history import HistoryAdmin


@admin.register(Programme)
class ProgrammeAdmin(HistoryAdmin):
    purpose = (
        "Un programme est une politique qui a ses cadres à elle : la cohésion sociale, un contrat de ville, une "
        "convention territoriale globale. Chacun a un cadre en vigueur à la fois ; aucun chiffre n’en additionne deux."
    )
    list_display = ("name", "short_name", "slug", "standing", "is_reference")
    search_fields = ("name", "short_name", "slug")
    prepopulated_fields = {"slug": ("short_name",)}
    actions = None
    fieldsets = (
        (
            "Le programme",
            {
                "fields": (("name", "short_name"), "description"),
                "description": "Ce que les pages du site disent de lui.",
            },
        ),
        (
            "Sa place",
            {
                "fields": (("slug", "order"),),
                "description": "Son identifiant précède ses codes dans les fichiers : public, il ne change plus.",
            },
        ),
    )

    def list_prefetch(self) -> list[Any]:
        return [Prefetch("frameworks", Framework.objects.standing(), to_attr="standing_frameworks")]

    @admin.display(description="Cadre en vigueur")
    def standing(self, programme: Any) -> SafeString | str:
        links = [
            (reverse("admin:axes_framework_change", args=[framework.pk]), framework.name)
            for framework in programme.standing_frameworks
        ]
        return format_html_join("", '<a href="{}">{}</a>', links) if links else "aucun encore"

    def get_readonly_fields(self, request: HttpRequest, obj: Programme | None = None) -> tuple[str, ...]:
        """The name that files and addresses bear no longer changes once something of it is public."""
        return ("slug",) if obj is not None and _is_cited(obj) else ()

    def get_prepopulated_fields(self, request: HttpRequest, obj: Programme | None = None) -> dict[str, Any]:
        return {} if self.get_readonly_fields(request, obj) else dict(self.prepopulated_fields)

    def has_delete_permission(self, request: HttpRequest, obj: Programme | None = None) -> bool:
        """One that has a framework stays, and so does the reference one."""
        if obj is not None and (obj.is_reference or obj.frameworks.exists()):
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Programme, form: Any, change: bool) -> None:
        obj._history_user = request.user
        super().save_model(request, obj, form, change)


def _is_cited(programme: Programme) -> bool:
    return programme.is_reference or Framework.objects.public().filter(programme=programme).exists()
