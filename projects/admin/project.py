"""PST, PRH and actions: three screens over one model, each showing what concerns its kind."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cohesion.history import HistoryAdmin
from cohesion.lib.people import signed_in
from projects.admin.bulk import BulkAdmin
from projects.admin.forms import ProjectForm
from projects.admin.listing import ProjectListing
from projects.catalogue import actions
from projects.catalogue.admin import history
from projects.catalogue.admin.deletion import DeletionAdmin
from projects.catalogue.admin.filters import (
    BranchFilter,
    LeadFilter,
    ServedAxisFilter,
    TerritoryFilter,
    UnattachedFilter,
    YearFilter,
)
from projects.catalogue.models import Action, CoLead, Offer, Place, Prh, Project, Pst
from projects.choices import ProjectKind
from projects.exchange.admin import ExportAdmin
from projects.instructing import moving
from projects.members.models import Organization
from projects.territory.models import Territory


class ReadOnce(admin.StackedInline):
    """Lines that each name a row: the rows to choose from are read once for all lines, not once a line."""

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        kept = request.__dict__.setdefault("_inline_choices", {})
        if db_field.name not in kept:
            kept[db_field.name] = [("", "—"), *((row.pk, str(row)) for row in self.rows())]
        field.choices = kept[db_field.name]
        return field


class PlaceInline(ReadOnce):
    model = Place
    fields = ("territory",)
    extra = 1

    def rows(self) -> QuerySet[Territory]:
        return Territory.objects.only("name")


class CoLeadInline(ReadOnce):
    model = CoLead
    fields = ("organization",)
    extra = 0

    def rows(self) -> QuerySet[Organization]:
        return Organization.objects.only("name", "acronym")


class OfferInline(admin.StackedInline):
    model = Offer
    fields = ("kind", "name", "places", "weekly_hours", "opening", "starts_on", "ends_on")
    extra = 0


class ProjectAdmin(ProjectListing, BulkAdmin, DeletionAdmin, ExportAdmin, HistoryAdmin):
    """What the three screens share."""

    KIND: ProjectKind
    form = ProjectForm
    called = "ce projet"
    inlines: tuple[Any, ...] = (CoLeadInline, PlaceInline)
    own_fields: tuple[str, ...] = ("host",)
    list_filter: tuple[Any, ...] = (
        "status",
        ServedAxisFilter,
        BranchFilter,
        UnattachedFilter,
        TerritoryFilter,
        YearFilter,
        LeadFilter,
    )
    search_fields = ("search_text",)
    search_help_text = "Code, titre, résumé ou structure ; ni les accents ni les majuscules ne comptent."
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return super().get_queryset(request).filter(kind=self.KIND).visible_to(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Project], search_term: str
    ) -> tuple[Any, bool]:
        term = search_term.replace("\x00", " ")
        return (queryset.mentioning(term) if term.strip() else queryset), False

    def get_fieldsets(self, request: HttpRequest, obj: Project | None = None) -> Any:
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        what = ("code", "title", "summary", "description", "audience", "status")
        fieldsets = [
            ("Quoi", {"fields": (*what, *self.own_fields)}),
            ("Qui", {"fields": ("organization", "partners", "schemes")}),
            ("Quand", {"fields": ("starts_on", "ends_on")}),
            ("Combien", {"fields": ("total_cost", "requested", "granted")}),
        ]
        if not writes:
            return fieldsets
        return [*fieldsets, ("Pour quoi", {"fields": ("picked",)}), ("Pourquoi ce changement", {"fields": ("reason",)})]

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        reason = form.cleaned_data.get("reason", "")
        if not change:
            actions.save_project(project=obj, by=signed_in(request), reason=reason)
        main, secondary = form.cleaned_data["picked"]
        if main is not None:
            actions.set_contributions(project=obj, main=main, secondary=secondary, by=signed_in(request), reason=reason)
        if change:
            if form.is_moved:
                status, obj.status = obj.status, form.initial["status"]
                moving.move(obj, status, by=signed_in(request), reason=reason)
            actions.save_project(project=obj, by=signed_in(request), reason=reason)

    def history_names(self, obj: Project) -> dict[Any, str]:
        return history.project_names()

    def history_parts(self, obj: Project, names: dict[Any, str]) -> history.Parts:
        return history.of_project(obj, names)


@admin.register(Pst)
class PstAdmin(ProjectAdmin):
    KIND = ProjectKind.PST
    own_fields = ("stage",)
    list_display = ("code", "headline", "serves", "stage", "state", "requested_amount", "granted_amount", "period")
    list_filter = ("stage", *ProjectAdmin.list_filter)


@admin.register(Prh)
class PrhAdmin(ProjectAdmin):
    KIND = ProjectKind.PRH
    inlines = (CoLeadInline, PlaceInline, OfferInline)


@admin.register(Action)
class ActionAdmin(ProjectAdmin):
    KIND = ProjectKind.ACTION
    inlines = (CoLeadInline, PlaceInline, OfferInline)
