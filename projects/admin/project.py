"""PST, PRH and actions: three screens over one model, each showing what concerns its kind."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from axes.models import Framework
from cohesion.history import HistoryAdmin
from cohesion.lib.people import signed_in
from cohesion.lib.widgets import CHOOSE
from cohesion.screens import Lines
from projects.admin.bulk import BulkAdmin
from projects.admin.forms import ProjectForm
from projects.admin.listing import ProjectListing
from projects.catalogue import actions, served
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
from projects.catalogue.models import Action, CoLead, Offer, Prh, Project, Pst
from projects.choices import ProjectKind
from projects.exchange.admin import ExportAdmin
from projects.instructing import moving
from projects.members.models import Organization
from projects.search import mentions

WHAT = "Le titre et le résumé sont ce que les habitants lisent ; le code est celui de vos dossiers."
WHO = "La structure qui porte le projet, et les communes ou les quartiers où il agit."
WHEN = "Une date peut être un jour, un mois ou une année ; les montants sont en euros."
MORE = "La présentation complète, les publics, les partenaires et les dispositifs dont il relève."
REASON = "Si l’état change, la structure le lira."
WHY = "L’orientation à laquelle le projet répond d’abord, puis les autres, chacune avec sa raison."


class ReadOnce(Lines):
    """Lines that each name a row: the rows to choose from are read once for all lines, not once a line."""

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        kept = request.__dict__.setdefault("_inline_choices", {})
        if db_field.name not in kept:
            kept[db_field.name] = [("", CHOOSE), *((row.pk, str(row)) for row in self.rows())]
        field.choices = kept[db_field.name]
        return field


class CoLeadInline(ReadOnce):
    model = CoLead
    help = "D’autres structures portent le projet avec la première : elles le voient dans leur espace."
    classes = ("collapse",)
    fields = ("organization",)
    extra = 0

    def rows(self) -> QuerySet[Organization]:
        return Organization.objects.only("name", "acronym")


class OfferInline(Lines):
    model = Offer
    help = "Ce que le projet ouvre aux habitants : un accueil, des ateliers, une permanence."
    classes = ("collapse",)
    fields = (("kind", "name"), ("places", "weekly_hours"), "opening", ("starts_on", "ends_on"))
    extra = 0


class ProjectAdmin(ProjectListing, BulkAdmin, DeletionAdmin, ExportAdmin, HistoryAdmin):
    """What the three screens share."""

    KIND: ProjectKind
    form = ProjectForm
    called = "ce projet"
    inlines: tuple[Any, ...] = (CoLeadInline,)
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
    readonly_fields = ("where", "former")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Project]:
        return super().get_queryset(request).filter(kind=self.KIND).visible_to(request.user)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Project], search_term: str
    ) -> tuple[Any, bool]:
        term = search_term.replace("\x00", " ")
        return (queryset.filter(mentions(term, is_public=False)) if term.strip() else queryset), False

    def get_fieldsets(self, request: HttpRequest, obj: Project | None = None) -> Any:
        """In the order in which one thinks of a project; what most have not is folded."""
        writes = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        where = "places" if writes else "where"
        what = {"fields": (("code", "status"), "title", "summary", *self.own_fields), "description": WHAT}
        who = {"fields": ("organization", where), "description": WHO}
        when = {
            "fields": (("starts_on", "ends_on"), ("total_cost", "requested", "granted")),
            "description": WHEN,
        }
        more = {
            "fields": ("description", "audience", "partners", "schemes"),
            "classes": ("collapse",),
            "description": MORE,
        }
        fieldsets = [("Quoi", what), ("Qui et où", who), ("Quand et combien", when)]
        former = ("former",) if obj and obj.pk and served.has_former_links(obj) else ()
        if not writes:
            was = [("Dans les cadres de son temps", {"fields": former})] if former else []
            return [*fieldsets, *was, ("En détail", more)]
        beside = ("beside",) if Framework.objects.beside().exists() else ()
        why = ("Pour quoi", {"fields": ("picked", *beside, *former), "description": WHY})
        reason = ("Pourquoi ce changement", {"fields": ("reason",), "description": REASON})
        return [*fieldsets, why, ("En détail", more), *([reason] if obj else [])]

    @admin.display(description="Communes et quartiers")
    def where(self, project: Project) -> str:
        return ", ".join(str(place.territory) for place in project.places.select_related("territory")) or "non précisé"

    @admin.display(description="Dans les cadres de son temps")
    def former(self, project: Project) -> SafeString:
        present = [*served.links_in_force(project), *served.links_beside(project, list(Framework.objects.beside()))]
        return render_to_string("admin/projects/former_links.html", {"former": served.former_links(project, present)})

    def save_model(self, request: HttpRequest, obj: Project, form: Any, change: bool) -> None:
        reason = form.cleaned_data.get("reason", "")
        if not change:
            actions.save_project(project=obj, by=signed_in(request), reason=reason)
        main, secondary = form.cleaned_data["picked"]
        if main is not None:
            actions.set_contributions(project=obj, main=main, secondary=secondary, by=signed_in(request), reason=reason)
        for framework, (first, others) in form.cleaned_data.get("beside", ()):
            actions.set_contributions_beside(
                project=obj, framework=framework, main=first, secondary=others, by=signed_in(request), reason=reason
            )
        if change:
            if form.is_moved:
                status, obj.status = obj.status, form.initial["status"]
                moving.move(obj, status, by=signed_in(request), reason=reason)
            actions.save_project(project=obj, by=signed_in(request), reason=reason)
        actions.set_places(project=obj, territories=form.cleaned_data["places"], by=signed_in(request), reason=reason)

    def history_names(self, obj: Project) -> dict[Any, str]:
        return history.project_names()

    def history_parts(self, obj: Project, names: dict[Any, str]) -> history.Parts:
        return history.of_project(obj, names)


@admin.register(Pst)
class PstAdmin(ProjectAdmin):
    purpose = (
        "Les projets sociaux de territoire, et les actions que chacun accueille. Un PST retenu paraît sur "
        "le site avec ses lieux et ses objectifs."
    )
    KIND = ProjectKind.PST
    own_fields = ("stage",)
    list_display = ("code", "headline", "serves", "stage", "state", "requested_amount", "granted_amount", "period")
    list_filter = ("stage", *ProjectAdmin.list_filter)


@admin.register(Prh)
class PrhAdmin(ProjectAdmin):
    purpose = (
        "Les lieux qui accueillent, informent et orientent les habitants. Leurs offres et leurs horaires "
        "paraissent sur le site, commune par commune."
    )
    KIND = ProjectKind.PRH
    inlines = (CoLeadInline, OfferInline)


@admin.register(Action)
class ActionAdmin(ProjectAdmin):
    purpose = (
        "Ce que les porteurs déclarent et ce que les agents ajoutent. L’état suit l’instruction : une "
        "action paraît sur le site quand elle est retenue."
    )
    KIND = ProjectKind.ACTION
    inlines = (CoLeadInline, OfferInline)
