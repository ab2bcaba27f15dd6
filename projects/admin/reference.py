"""Schemes, reference documents, needs heard and offers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from axes import document
from axes.admin.forms import described
from axes.models import Framework
from projects.models import Need, Offer, OfferSite, ReferenceDocument, Scheme


def orientation_choices() -> list[tuple[int, str]]:
    """The orientations of the framework in force, in its order."""
    framework = Framework.objects.in_force().first()
    nodes = document.read(framework) if framework else []
    return [(node.orientation.pk, described(node)) for node in nodes]


@admin.register(Scheme)
class SchemeAdmin(admin.ModelAdmin):
    list_display = ("code", "name")
    search_fields = ("code", "name")
    actions = None


@admin.register(ReferenceDocument)
class ReferenceDocumentAdmin(admin.ModelAdmin):
    list_display = ("title", "acronym", "status", "owner", "review_on")
    list_filter = ("status",)
    list_select_related = ("owner",)
    actions = None

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name != "orientations":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        field = db_field.formfield(widget=forms.SelectMultiple(attrs={"size": 12}), **kwargs)
        field.choices = orientation_choices()
        return field


@admin.register(Need)
class NeedAdmin(admin.ModelAdmin):
    list_display = ("wording", "heard_on", "territory", "times", "orientation", "is_published")
    list_filter = ("is_published", ("territory", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("territory", "orientation")
    search_fields = ("wording",)
    actions = None

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "orientation":
            field.choices = [("", "(aucune encore)"), *orientation_choices()]
        return field


class OfferSiteInline(admin.TabularInline):
    model = OfferSite
    extra = 1


@admin.register(Offer)
class OfferAdmin(admin.ModelAdmin):
    list_display = ("name", "kind", "project", "places", "weekly_hours", "starts_on", "ends_on")
    list_filter = ("kind",)
    list_select_related = ("project",)
    inlines = (OfferSiteInline,)
    actions = None
