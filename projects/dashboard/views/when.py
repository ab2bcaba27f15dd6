"""The calendar of a year: when each project runs."""

import datetime
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document
from axes.document import Node
from axes.http import Versions, public_page
from cohesion.lib import charts
from cohesion.lib.http import paged
from projects.browsing.views.years import year_control
from projects.catalogue.models import Project
from projects.figures import facets, figures
from projects.figures.addresses import list_address
from projects.figures.breakdowns import NONE
from projects.figures.periods import Period
from projects.figures.sharing import attached

PAGE = 50
MONTHS = "JFMAMJJASOND"


@dataclass(frozen=True)
class ProjectTime:
    """A project, its main orientation, and what it takes of the year."""

    project: Project
    main: Node | None
    bar: charts.BarPart


@public_page
def actions_calendar(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The projects of a year by the day on which they begin; all years are asked a year at a time."""
    framework = versions.in_force
    period = Period.from_query(request.GET)
    year = period.year or period.today.year
    period = replace(period, year=year)
    nodes = document.kept(framework)
    homes, by_key = attached(framework, nodes).homes, {node.pk: node for node in nodes}
    running = figures.running(framework, period)
    ending = running & facets.facet("fin", framework).members.get(str(year), NONE)
    in_quarters = facets.facet("quartier", framework).members.get(facets.PRIORITY, NONE)
    projects = Project.objects.published().in_year(year).select_related("organization")
    context = {
        "framework": framework,
        **year_control(request, framework, period),
        **paged(request, projects.order_by("starts_on", "code_key", "code"), PAGE, length=len(running)),
        "months": MONTHS,
        "address": list_address(**period.filters),
        "number": len(running),
        "ending": len(ending),
        "ending_address": list_address(fin=str(year), **period.filters),
        "ending_in_quarters": len(ending & in_quarters),
        "ending_in_quarters_address": list_address(quartier=facets.PRIORITY, fin=str(year), **period.filters),
    }
    context["lines"] = [
        ProjectTime(project, by_key.get(homes.get(project.pk, 0)), _bar(year, project.starts_on, project.ends_on))
        for project in context["page"].object_list
    ]
    return render(request, "dashboard/calendar.html", context)


def _bar(year: int, start: datetime.date | None, end: datetime.date | None) -> charts.BarPart:
    """Whoever runs in a year has a beginning."""
    return charts.span_of_year(year, start or datetime.date(year, 1, 1), end)
