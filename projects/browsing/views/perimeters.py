"""« Et si le périmètre s’étendait ? »: what more territories would bring, for officers and elected officials."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from axes.models import Orientation
from cohesion.lib.nouns import Noun
from cohesion.lib.queries import InFrench
from cohesion.lib.widgets import TickList
from projects.browsing.reader import reader
from projects.catalogue.models import Contribution, Perimeter, Project
from projects.figures.perimeters import Extent
from projects.territory.models import Territory

MORE = "plus"  # in the address: the codes of the territories that it might extend to


class ExtensionForm(forms.Form):
    """More territories, by their codes."""

    def __init__(self, offered: list[Territory], chosen: list[str]) -> None:
        super().__init__(initial={MORE: chosen})
        groups: dict[str, list[tuple[str, str]]] = {}
        for territory in offered:
            groups.setdefault(territory.get_kind_display(), []).append((territory.code, territory.dated_name))
        self.fields[MORE] = forms.MultipleChoiceField(
            label="Territoires à ajouter",
            choices=list(groups.items()),
            required=False,
            widget=TickList(noun=Noun.of(Territory._meta)),
        )


@require_safe
def extension(request: HttpRequest, code: str) -> HttpResponse:
    """Where an orientation applies today, and what it would be with the territories that the address names.

    What the address names and is no territory of today is set aside, and told.
    """
    user, today = reader(request), timezone.localdate()
    if not user.has_perm("projects.view_perimeter"):
        raise Http404("Cette page est celle des agents et des élus.")
    orientation = get_object_or_404(Orientation.objects.in_force().select_related("framework"), code=code)
    perimeters = list(perimeters_on(orientation))
    named = [territory for perimeter in perimeters for territory in perimeter.territories.all()]
    present = Extent.of(territory for territory in named if territory.exists_during(today, today))
    standing = territories().on(today).order_by("kind", InFrench("name"), "pk")
    offered = [territory for territory in standing if territory.pk not in present.keys]
    codes = request.GET.getlist(MORE)
    chosen = [territory for territory in offered if territory.code in codes]
    extended = Extent.of([*present.territories, *chosen])
    known = {territory.code for territory in [*offered, *present.territories]}
    context = {
        "orientation": orientation,
        "perimeters": perimeters,
        "present": present,
        "ended": sorted({territory.dated_name for territory in named if territory.pk not in present.keys}),
        "extended": extended,
        "chosen": chosen,
        "unknown_codes": sorted({code for code in codes if code and code not in known}),
        "new_communes": [name for name in extended.communes if name not in present.communes],
        "more_inhabitants": extended.more_than(present),
        "form": ExtensionForm(offered, [territory.code for territory in chosen]),
        "projects": _acting(chosen, present, orientation) if chosen else [],
        "today": today,
    }
    response = render(request, "projects/extension.html", context)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def perimeters_on(orientation: Orientation) -> QuerySet[Perimeter]:
    """The perimeters of an orientation that hold today, with their territories."""
    return Perimeter.objects.of(orientation).on(timezone.localdate()).prefetch_related("territories__parent")


def territories() -> Any:
    """Territories with what contains them; their outlines are not read."""
    return Territory.objects.select_related("parent__parent").defer("outline", "parent__outline")


def _acting(chosen: list[Territory], present: Extent, orientation: Orientation) -> list[tuple[Project, bool]]:
    """The published projects that act in the territories that are added, or in what stands in them, and not only where
    it applies already; each with whether it is linked to the orientation."""
    keys = {territory.pk for territory in chosen}
    there = Q(places__territory__in=keys) | Q(places__territory__parent__in=keys)
    already = Project.objects.filter(places__territory__in=present.keys).values("pk")
    acting = Project.objects.published().filter(there).exclude(pk__in=already).select_related("organization")
    linked = set(Contribution.objects.filter(orientation=orientation).values_list("project_id", flat=True))
    return [(project, project.pk in linked) for project in acting.distinct().order_by("code_key", "code")]
