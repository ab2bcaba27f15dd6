"""Filters of the tree list."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from axes.admin.outline import UNFOLDED
from axes.choices import PriorityType
from axes.levels import ROOT_LEVELS, Level
from axes.models import Framework, Orientation
from axes.vocabulary import PRIORITY_KINDS
from cohesion.lib.text import capital, whole_number


class FrameworkFilter(admin.SimpleListFilter):
    """One framework at a time: the one in force unless another is asked for."""

    title = "cadre"
    parameter_name = "cadre"

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        self.frameworks = list(Framework.objects.all())
        super().__init__(request, *args, **kwargs)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(str(f.pk), f"{f.name[:60]} ({f.get_status_display().lower()})") for f in self.frameworks]

    @property
    def framework(self) -> Framework | None:
        """The framework shown: the one asked for, else the one in force, else the newest."""
        for framework in self.frameworks:
            if str(framework.pk) == self.value():
                return framework
        in_force = [f for f in self.frameworks if f.is_reference]
        return next(iter(in_force or self.frameworks), None)

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        shown = self.framework
        for value, title in self.lookup_choices:
            yield {
                "selected": shown is not None and str(shown.pk) == value,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Orientation]) -> QuerySet[Orientation]:
        return queryset.filter(framework=self.framework)


class LevelFilter(admin.SimpleListFilter):
    title = "niveau"
    parameter_name = "niveau"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return list(Level.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Orientation]) -> QuerySet[Orientation]:
        return queryset.filter(level=self.value()) if self.value() in Level.values else queryset


class AxisFilter(admin.SimpleListFilter):
    """One axis with all that stands under it."""

    title = "axe"
    parameter_name = "axe"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        requested = request.GET.get(FrameworkFilter.parameter_name, "")
        key = whole_number(requested)
        shown = Q(framework__in=Framework.objects.in_force()) if key is None else Q(framework=key)
        axes = Orientation.objects.filter(shown, parent=None).in_order()
        return [(axis.code, f"{axis.code}. {axis.name}") for axis in axes]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Orientation]) -> QuerySet[Orientation]:
        if not self.value():
            return queryset
        trees = queryset.filter(level__in=ROOT_LEVELS, code=self.value()).values("tree_id")
        return queryset.filter(tree_id__in=trees)


class PriorityTypeFilter(admin.ChoicesFieldListFilter):
    """The types of priorities, in the words of the pages."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        words = {str(kind.label): PRIORITY_KINDS[kind] for kind in PriorityType}
        for choice in super().choices(changelist):
            yield choice | {"display": capital(words.get(str(choice["display"]), str(choice["display"])))}


class CorrectedFilter(admin.SimpleListFilter):
    title = "forme affichée"
    parameter_name = "forme"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("corrigee", "Différente du texte adopté"), ("identique", "Identique au texte adopté")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Orientation]) -> QuerySet[Orientation]:
        if self.value() == "corrigee":
            return queryset.exclude(corrected_title="")
        return queryset.filter(corrected_title="") if self.value() == "identique" else queryset


class UnfoldedAxes(admin.SimpleListFilter):
    """No filter: the axes that the address unfolds (:mod:`axes.admin.outline`), which the list lets through."""

    title = "axes dépliés"
    parameter_name = UNFOLDED

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Orientation]) -> QuerySet[Orientation]:
        return queryset
