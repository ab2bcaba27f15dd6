"""Filters of the lists of projects."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from axes.models import Framework, Orientation
from cohesion.lib.queries import InFrench
from cohesion.lib.text import whole_number
from projects.catalogue.models import CoLead, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.members.models import Organization
from projects.territory.models import Territory


class ServedAxisFilter(admin.SimpleListFilter):
    title = "axe"
    parameter_name = "axe"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(str(axis.pk), f"{axis.badge} · {axis.name}") for axis in _in_force().filter(parent=None).in_order()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        return _serving(queryset, self.value())


class BranchFilter(admin.SimpleListFilter):
    """Under the chosen axis, any orientation with all that stands under it."""

    title = "orientation, y compris ce qui en découle"
    parameter_name = "branche"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        key = whole_number(request.GET.get("axe", "")) or whole_number(request.GET.get("branche", ""))
        chosen = _in_force().filter(pk=key).first()
        if chosen is None:
            return []
        branch = chosen.get_root().get_descendants().in_order()
        return [(str(node.pk), f"{node.code} · {node.display_title[:60]}") for node in branch]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        return _serving(queryset, self.value())


class UnattachedFilter(admin.SimpleListFilter):
    """What serves no orientation in force: drafts, imported projects, links to an archived framework."""

    title = "rattachement"
    parameter_name = "rattachement"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("sans", "Sans rattachement")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        return _projects(queryset).unattached() if self.value() == "sans" else queryset


class TerritoryFilter(admin.SimpleListFilter):
    title = "territoire"
    parameter_name = "territoire"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        served = Territory.objects.filter(places__isnull=False).distinct()
        return [(str(territory.pk), str(territory)) for territory in served]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        if not (value := self.value()):
            return queryset
        return _projects(queryset).located_in(Territory.objects.filter(pk=whole_number(value)))


class LeadFilter(admin.SimpleListFilter):
    """Each of the leading structures of a project, not the first alone."""

    title = "structure porteuse"
    parameter_name = "porteur"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        first = Project.objects.filter(kind=model_admin.KIND).values("organization")
        beside = CoLead.objects.filter(project__kind=model_admin.KIND).values("organization")
        leads = Organization.objects.filter(Q(pk__in=first) | Q(pk__in=beside)).order_by(InFrench("name"), "pk")
        return [(str(lead.pk), str(lead)) for lead in leads]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        if not (value := self.value()):
            return queryset
        return _projects(queryset).led_by(whole_number(value) or 0)


class YearFilter(admin.SimpleListFilter):
    title = "année"
    parameter_name = "annee"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        years = Project.objects.exclude(starts_on=None).dates("starts_on", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Project]) -> QuerySet[Project]:
        year = whole_number(self.value() or "") or 0
        return _projects(queryset).in_year(year) if 1 <= year <= 9999 else queryset


def _projects(queryset: QuerySet[Project]) -> ProjectQuerySet:
    """What the admin lists, with what is asked of projects alone."""
    assert isinstance(queryset, ProjectQuerySet)
    return queryset


def _in_force() -> QuerySet[Orientation]:
    return Orientation.objects.filter(framework__in=Framework.objects.in_force())


def _serving(queryset: QuerySet[Project], key: str | None) -> QuerySet[Project]:
    if not key:
        return queryset
    orientation = Orientation.objects.filter(pk=whole_number(key)).first()
    return queryset.serving(orientation) if orientation else queryset.none()
