"""The orientation that a need, a document or a perimeter names, chosen in its form and told in its list."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from axes import adoption, document
from axes.admin.choices import Group, grouped, shortened
from axes.models import Framework, Orientation

ELSEWHERE = "Nommées dans un autre cadre"


class OrientationNamed(admin.ModelAdmin):
    """What names orientations: those of the framework in force are offered, and those that the row names already,
    wherever they are, so that nothing is lost by saving it as it is."""

    orientation_field = "orientation"
    no_orientation = ""  # what one chooses to name none

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        if field := form.base_fields.get(self.orientation_field):
            blank = [("", self.no_orientation)] if self.no_orientation else []
            field.choices = [*blank, *orientation_choices(self._named(obj))]
        return form

    def _named(self, obj: Any) -> list[Orientation]:
        """The orientations that a row names."""
        if obj is None:
            return []
        name = self.orientation_field
        rows = Orientation.objects.filter(**{f"{obj._meta.get_field(name).related_query_name()}": obj.pk})
        return list(rows.select_related("framework").in_order())


def orientation_choices(named: Iterable[Orientation]) -> list[Group]:
    """The orientations of the framework in force, in its order, under their axis; before them, those that are
    ``named`` and stand in another one, each with what it is today."""
    framework = Framework.objects.in_force().first()
    nodes = document.read_nodes(framework) if framework else []
    elsewhere = [node for node in named if framework is None or node.framework_id != framework.pk]
    offered = grouped(nodes)
    if elsewhere:
        today = names_today(elsewhere)
        rows = [(node.pk, f"{_in_its_framework(node)} : {today[node.pk]}") for node in elsewhere]
        offered.insert(0, (ELSEWHERE, rows))
    return offered


def _in_its_framework(node: Orientation) -> str:
    return f"{node.code} · {shortened(node.display_title, 90)} ({node.framework.slug})"


def names_today(orientations: Iterable[Orientation]) -> dict[int, str]:
    """What each of these is today, in words, by its key: « en vigueur », « aujourd’hui 4.1-z », « sans suite ».

    ``orientations`` come with their frameworks; a constant number of queries.
    """
    listed = list(orientations)
    codes: dict[int, list[str]] = {node.pk: [] for node in listed}
    for framework in Framework.objects.standing():
        became = adoption.became(codes, framework)
        here = dict(Orientation.objects.filter(pk__in=set().union(*became.values())).values_list("pk", "code"))
        for pk, successors in became.items():
            codes[pk] += map(here.__getitem__, successors)
    return {node.pk: _today(node, codes[node.pk]) for node in listed}


def _today(node: Orientation, codes: list[str]) -> str:
    if node.framework.is_draft or node.framework.is_in_force:
        return node.framework.get_status_display().lower()
    return f"aujourd’hui {', '.join(codes)}" if codes else "sans suite aujourd’hui"
