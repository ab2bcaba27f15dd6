"""The home page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document
from axes.choices import Level
from axes.http import Versions, public_page
from axes.search import examples, index_of
from axes.views import level_counts


@public_page
def home(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What the site is, and the framework in force at a glance."""
    framework = versions.in_force
    if framework is None:
        return render(request, "home.html", {"framework": None, "versions": versions})
    index = index_of(framework)
    nodes = [entry.node for entry in index.entries]
    counts = level_counts(nodes)
    context = {
        "framework": framework,
        "counts": counts,
        "by_level": {count["level"].value: count["number"] for count in counts},
        "axes": [_summary(node) for node in nodes if node.parent is None],
        "bands": document.bands(nodes, split=True),
        "examples": examples(index)[-4:],
    }
    return render(request, "home.html", context)


def _summary(axis: document.Node) -> dict[str, object]:
    """An axis and how many objectives and priorities stand under it."""
    levels = [node.orientation.level for node in axis.descendants]
    return {
        "orientation": axis.orientation,
        "strategic": levels.count(Level.STRATEGIC),
        "operational": levels.count(Level.OPERATIONAL),
        "priorities": levels.count(Level.PRIORITY),
    }
