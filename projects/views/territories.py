"""The communes and quarters: on a map, as a table, and one page each."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from axes import document
from axes.choices import Level
from axes.http import Versions, public_page
from cohesion.lib import map_svg
from cohesion.lib.http import changed_address
from cohesion.lib.text import count_phrase, fold
from projects import figures
from projects.addresses import KINDS, list_address, place_parameters
from projects.choices import TerritoryKind
from projects.filters import ProjectFilter, narrowed
from projects.models import Need, Project, Territory
from projects.views.listing import complete

MEASURES = {"projets": "Nombre de projets", "habitants": "Projets pour 1 000 habitants"}
SORTS = {"nom": "Nom", "projets": "Projets"}
FILTERS = ("annee", "nature", "pst")
PER = 1000


def drawing(numbers: Mapping[int, float], words: Mapping[int, str], addresses: Mapping[int, str]) -> map_svg.Drawing:
    """The communes of the perimeter with a number each, in one query."""
    communes = Territory.objects.communes().in_perimeter().values_list("pk", "name", "outline")
    outlines = {pk: outline for pk, _, outline in communes}
    return map_svg.draw(outlines, {pk: name for pk, name, _ in communes}, numbers, words, addresses)


@public_page
def territories(request: HttpRequest, versions: Versions) -> HttpResponse:
    """Every commune of the perimeter with what is done there; the same year and kind filters as the list."""
    asked = ProjectFilter(narrowed(request.GET, FILTERS), versions.in_force)
    places = figures.by_territory(asked.filter(Project.objects.published()))
    totals = places.totals
    measure = _known(request.GET.get("mesure", ""), MEASURES)
    sort = _known(request.GET.get("tri", ""), SORTS)
    rows = [_row(one, totals[one.pk], asked) for one in places.communes()]
    numbers = {row["territory"].pk: row["rate"] if measure == "habitants" else row["number"] for row in rows}
    words = {row["territory"].pk: f"{row['territory'].name} : {_words(row, measure)}" for row in rows}
    addresses = {row["territory"].pk: reverse("projects:territory", args=[row["territory"].code]) for row in rows}
    quarters = [one for one in places.territories.values() if one.kind in ("qpv", "zus")]
    context = {
        "asked": asked,
        "choices": asked.choices(Project.objects.published(), "annee", "nature", "pst"),
        "rows": rows if sort == "nom" else sorted(rows, key=lambda row: -row["number"]),
        "quarters": [_row(one, totals[one.pk], asked) for one in sorted(quarters, key=lambda one: fold(one.name))],
        "drawing": drawing(numbers, words, addresses),
        "measure": measure,
        "measures": MEASURES,
        "sort": sort,
        "by_name": changed_address(request, tri=None),
        "by_number": changed_address(request, tri="projets"),
        "served": sum(1 for row in rows if row["number"]),
    }
    return render(request, "projects/territories.html", context)


def _known(asked: str, choices: Mapping[str, str]) -> str:
    """What is asked, or the first choice."""
    return asked if asked in choices else next(iter(choices))


def _row(territory: Territory, number: int, asked: ProjectFilter) -> dict[str, Any]:
    rate = number * PER / territory.population if territory.population else 0
    return {
        "territory": territory,
        "number": number,
        "rate": rate,
        "address": list_address(**place_parameters(territory), **asked.raw),
    }


def _words(row: dict[str, Any], measure: str) -> str:
    if measure == "habitants":
        return f"{row['rate']:.1f} pour 1 000 habitants".replace(".", ",")
    return count_phrase(row["number"], "projet")


@public_page
def territory(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """What is done in a territory, by axis, and which orientations are not served there.

    An agglomération holds the projects that declare it whole: what its communes declare is theirs, and what nobody
    does in it is the page of coverage.
    """
    here = get_object_or_404(Territory.objects.defer("outline").select_related("parent"), code=code)
    parts = list(here.parts.defer("outline").order_by("name"))
    is_whole = here.kind == TerritoryKind.AGGLOMERATION
    inside = [here] if is_whole else [here, *parts]
    projects = Project.objects.published().located_in([here])
    nodes = document.kept(versions.in_force) if versions.in_force else []
    served = figures.serving(nodes, projects)
    where = place_parameters(here)
    context = {
        "territory": here,
        "parts": parts,
        "is_whole": is_whole,
        "axes": [_axis(node, served, where) for node in nodes if node.parent is None],
        "unserved": [] if is_whole else [node for node in nodes if _is_unserved(node, served)],
        "projects": complete(projects).order_by("code"),
        "total": projects.count(),
        "address": list_address(**where),
        "hors_address": list_address(**where, **KINDS["hors"]),
        "needs": Need.objects.published()
        .filter(territory__in=inside)
        .select_related("orientation__framework", "heard_by"),
    }
    return render(request, "projects/territory.html", context)


def _axis(node: document.Node, served: figures.Serving, where: dict[str, str]) -> dict[str, Any]:
    orientation = node.orientation
    address = list_address(axe=orientation.code, **where)
    return {"orientation": orientation, "number": len(served.projects(orientation.pk)), "address": address}


def _is_unserved(node: document.Node, served: figures.Serving) -> bool:
    """An operational objective, or what stands for it, that no project of this place serves."""
    return node.orientation.level == Level.OPERATIONAL and not served.projects(node.orientation.pk)
