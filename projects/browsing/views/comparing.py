"""Two places side by side, in a year."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document
from axes.document import Node
from axes.http import Versions, public_page
from projects.browsing.views.panels import panel_source
from projects.browsing.views.years import year_control
from projects.choices import QUARTERS
from projects.figures import breakdowns, figures
from projects.figures.addresses import list_address, place_parameters
from projects.figures.breakdowns import NONE, Places
from projects.figures.panel import FiguresPanel
from projects.figures.periods import Period
from projects.territory.models import Territory

FIRST, SECOND = "lieu", "avec"


@dataclass(frozen=True)
class AxisCell:
    """How many projects of a place serve an orientation, and their list."""

    number: int
    address: str


@dataclass(frozen=True)
class ComparedPlace:
    """A place with its figures of the year, and what is done there for each of the widest orientations, in order."""

    territory: Territory
    panel: FiguresPanel
    cells: list[AxisCell]


@public_page
def compare(request: HttpRequest, versions: Versions) -> HttpResponse:
    """Two communes or quarters that the address names; without both, the form that asks for them."""
    framework = versions.in_force
    period = Period.from_query(request.GET)
    places = figures.places(framework)
    choices = _choices(places)
    named = [_named(choices, request.GET.get(parameter, "")) for parameter in (FIRST, SECOND)]
    nodes = document.kept(framework)
    roots = [node for node in nodes if node.parent is None]
    compared = []
    if all(named):
        source, served = panel_source(request, framework, period), figures.published(framework, nodes).branch
        running = figures.running(framework, period)
        for territory in filter(None, named):
            keys = places.members.get(territory.pk, NONE)
            parameters = place_parameters(territory)
            cells = [_cell(len(keys & running & served[node.pk]), node, parameters, period) for node in roots]
            compared.append(ComparedPlace(territory, source.panel(keys, **parameters), cells))
    context = {
        **year_control(request, framework, period),
        "choices": choices,
        "first": named[0],
        "second": named[1],
        "compared": compared,
        "rows": list(zip(roots, *[place.cells for place in compared], strict=True)) if compared else [],
        "ignored": [raw for raw, place in zip(_asked_for(request), named, strict=True) if raw and place is None],
    }
    return render(request, "projects/compare.html", context)


def _asked_for(request: HttpRequest) -> list[str]:
    return [request.GET.get(parameter, "")[:20] for parameter in (FIRST, SECOND)]


def _choices(places: Places) -> list[Territory]:
    """The communes of the perimeter, then the quarters that exist."""
    quarters = [place for place in places.territories.values() if place.kind in QUARTERS and place.valid_to is None]
    return [*places.communes(), *breakdowns.living_first(quarters)]


def _named(choices: list[Territory], code: str) -> Territory | None:
    return next((territory for territory in choices if territory.code == code), None)


def _cell(number: int, node: Node, parameters: dict[str, str], period: Period) -> AxisCell:
    address = list_address(axe=node.orientation.code, **parameters, **period.filters) if number else ""
    return AxisCell(number, address)
