"""The year in one screen."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document
from axes.http import Versions, public_page
from projects.browsing.views.years import year_control
from projects.figures import figures
from projects.figures.addresses import list_address, served_communes_address
from projects.figures.periods import Period


@public_page
def dashboard(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What was promised, what is done for it in a year, and what nobody does."""
    framework = versions.in_force
    period = Period.from_query(request.GET)
    nodes = document.kept(framework) if framework else []
    period_figures = figures.of_period(framework, nodes, period)
    context = {
        "framework": framework,
        **year_control(request, framework, period),
        "headlines": figures.headlines(nodes, period_figures),
        "addresses": {
            "all": list_address(**period.filters),
            "communes": served_communes_address({}, period),
        },
    }
    return render(request, "dashboard/year.html", context)
