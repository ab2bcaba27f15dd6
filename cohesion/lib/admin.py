"""What the officers' screens share: a page beside Django's own, the rows of a list, who may do what."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse


def admin_page(
    screen: admin.ModelAdmin, request: HttpRequest, template: str, title: str, **context: Any
) -> TemplateResponse:
    """A page of ``templates/admin/`` in the frame of a screen."""
    shared = {**screen.admin_site.each_context(request), "opts": screen.opts, "title": title}
    return TemplateResponse(request, f"admin/{template}", {**shared, **context})


def listed(screen: admin.ModelAdmin, request: HttpRequest) -> QuerySet[Any]:
    """What the list shows with the filters of this request, all its pages together.

    Raises:
        BadRequest: a filter makes no sense; the list itself leads back to all its rows.
    """
    try:
        return screen.get_changelist_instance(request).get_queryset(request)
    except IncorrectLookupParameters as error:
        raise BadRequest("Cette liste n’a pas ce filtre.") from error


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that other things write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AdministratorsAdmin(admin.ModelAdmin):
    """For administrators alone, whatever rights are given apart; what they made inactive stays, with its log."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_active and request.user.is_superuser

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_view_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
