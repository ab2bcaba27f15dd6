"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document, markup
from axes.http import Versions, public_page
from axes.levels import ANNOUNCED_LEVELS, CLOSED_LEVELS
from axes.search import examples, index_of
from axes.views import level_counts
from projects.browsing.views.years import year_control
from projects.figures import figures, gaps
from projects.figures.addresses import KINDS, list_address, served_address, served_communes_address
from projects.figures.periods import Period

MOST_GAPS = 12  # the coverage page has them all


@public_page
def home(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What the site is, the framework in force at a glance, and what is done for it."""
    framework = versions.in_force
    if framework is None:
        return render(request, "home.html", {"framework": None, "versions": versions})
    index = index_of(framework)
    nodes = [entry.node for entry in index.entries]
    counts = level_counts(nodes)
    period = Period.from_query(request.GET)
    period_figures = figures.of_period(framework, nodes, period)
    served, headlines = period_figures.served, figures.headlines(nodes, period_figures)
    missing = gaps.find_gaps(nodes, served, figures.ever(framework, nodes, period))
    context = {
        "framework": framework,
        "beside": versions.beside,
        "counts": counts,
        "by_level": {count["level"].value: count["number"] for count in counts},
        **year_control(request, framework, period),
        "axes": [_summary(node, served, period) for node in nodes if node.parent is None],
        "icicle": markup.icicle(nodes, served.tallies, has_tooltips=len(nodes) <= document.LARGE, suffix=period.suffix),
        "examples": examples(index)[-4:],
        "tallies": served.tallies,
        "headlines": headlines,
        "gaps": [*missing.never, *missing.over, *missing.awaited][:MOST_GAPS],
        "missing": missing,
        "unserved": len(missing.unserved),
        "waiting": len(figures.waiting(framework)),
        "beside_only": len(figures.beside_only(framework, versions.beside, figures.running(framework, period))),
        "addresses": {
            "all": list_address(**period.filters),
            "communes": served_communes_address({}, period),
            **{kind: list_address(**parameters, **period.filters) for kind, parameters in KINDS.items()},
        },
    }
    return render(request, "home.html", context)


def _summary(axis: document.Node, served: figures.Serving, period: Period) -> dict[str, object]:
    """An axis: how many projects its branch has, and which of its operational objectives are served."""
    objectives = [node for node in axis.descendants if node.orientation.level in ANNOUNCED_LEVELS]
    return {
        "orientation": axis.orientation,
        "projects": len(served.branch[axis.orientation.pk]),
        "address": served_address(axis.orientation.code, period),
        "objectives": len(objectives),
        "objectives_served": sum(1 for node in objectives if served.branch[node.orientation.pk]),
        "priorities": sum(1 for node in axis.descendants if node.orientation.level in CLOSED_LEVELS),
    }
