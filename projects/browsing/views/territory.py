"""The page of a commune or a quarter: what is done there, what is open, what is asked, and what nobody does."""

from collections import Counter
from collections.abc import Hashable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from axes import document
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib.http import paged
from cohesion.lib.text import fold
from projects.browsing.question import WAITING
from projects.browsing.views.listing import complete
from projects.browsing.views.panels import panel_source
from projects.browsing.views.years import year_control
from projects.catalogue.models import Need, Project
from projects.choices import QUARTERS, TerritoryKind
from projects.figures import breakdowns, figures, gaps
from projects.figures import offers as read_offers
from projects.figures.addresses import list_address, place_parameters
from projects.figures.periods import ALL, Period
from projects.territory.geography import geography, locate
from projects.territory.models import Territory

PAGE = 50


@public_page
def territory(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """What is done in a territory, by axis, and which orientations are not served there, at every level.

    An agglomération holds the projects that declare it whole: what its communes declare is theirs, and what nobody
    does in it is the page of coverage.
    """
    here = get_object_or_404(Territory.objects.defer("outline").select_related("parent"), code=code)
    is_whole = here.kind == TerritoryKind.AGGLOMERATION
    framework = versions.in_force
    places = figures.places(framework)
    parts = breakdowns.living_first(
        territory for territory in places.territories.values() if territory.parent_id == here.pk
    )
    period = Period.from_query(request.GET)
    ever = figures.ever_in(framework, period)
    now = places.members.get(here.pk, breakdowns.NONE) & figures.running(framework, period)
    nodes = document.kept(framework)
    served = figures.published(framework, nodes).within(now) if framework else figures.Serving({}, {})
    where = place_parameters(here) | period.filters
    projects = Project.objects.published().located_in([here]).order_by("code_key", "code")
    projects = projects.in_year(period.year) if period.year else projects
    source = panel_source(request, framework, period)
    shown = paged(request, complete(projects, framework), PAGE, anchor="projets-ici", length=len(now))
    heard = Need.objects.published().filter(territory__in=[here] if is_whole else [here, *parts])
    needs = gaps.in_force(heard.select_related("territory", "orientation__framework", "heard_by"))
    context = {
        "territory": here,
        "is_whole": is_whole,
        **year_control(request, framework, period),
        "axes": [_axis(node, served, where) for node in nodes if node.parent is None] if now else [],
        "missing": None if is_whole else gaps.missing(nodes, served),
        **shown,
        "waiting": len(figures.waiting(framework) & now),
        "waiting_address": list_address(reprise=WAITING, **where),
        "total": len(now),
        "compare_address": _compare_address(here, period),
        "panel": source.panel(places.members.get(here.pk, breakdowns.NONE), **place_parameters(here)),
        "ever": len(places.members.get(here.pk, ())),
        "ever_address": list_address(**place_parameters(here), annee=ALL),
        "otherwise": ever.of(here.pk),
        "lasting": ever.words(here.pk, period.today),
        "address": list_address(**where),
        "needs": needs,
        "heard": gaps.heard_in(needs, period.year),
        **_around(framework, here, parts, places.within(figures.running(framework, period)), period),
    }
    return render(request, "projects/territory.html", context)


def _compare_address(here: Territory, period: Period) -> str:
    parameters = {"lieu": here.code} | ({"annee": period.value} if period.value else {})
    return f"{reverse('projects:compare')}?{urlencode(parameters)}"


def _by_name(territory: Territory) -> tuple[str, str]:
    return fold(territory.name), territory.code


def _axis(node: document.Node, served: figures.Serving, where: dict[str, str]) -> dict[str, Any]:
    orientation = node.orientation
    address = list_address(axe=orientation.code, **where)
    return {"orientation": orientation, "number": len(served.projects(orientation.pk)), "address": address}


def _around(
    framework: Framework | None, here: Territory, parts: list[Territory], places: breakdowns.Places, period: Period
) -> dict[str, Any]:
    """Where it lies, what touches it and what it holds, each with its number of projects; its offers of the year."""
    drawn = geography(framework)
    commune = here.parent_id if here.kind in QUARTERS else here.pk
    near = sorted((places.territories[pk] for pk in drawn.neighbours.get(here.pk, ())), key=_by_name)
    published = read_offers.published(framework, places.territories)
    query = read_offers.OffersQuery(period)
    totals = places.totals
    quarters = [quarter for quarter in ([here] if here.kind in QUARTERS else parts) if quarter.kind in QUARTERS]
    offers = read_offers.within(query.of_the_year(published), query, here, near)
    return {
        "locator": locate(drawn, here, commune),
        "neighbours": [_counted(neighbour, totals, period) for neighbour in near],
        "parts": [_counted(part, totals, period) for part in parts],
        "undrawn": [quarter for quarter in quarters if quarter.valid_to is None and quarter.pk not in drawn.quarters],
        "outline_sources": sorted({quarter.source for quarter in quarters if quarter.pk in drawn.quarters} - {""}),
        "offers": offers,
        "has_offers": any(cell.sum.offers for _, cell, _ in offers),
    }


def _counted(territory: Territory, totals: Counter[Hashable], period: Period) -> tuple[Territory, int, str]:
    return territory, totals[territory.pk], list_address(**place_parameters(territory), **period.filters)
