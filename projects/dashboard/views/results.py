"""What it gave: indicators, from where they started to what they came to, and the share of targets met."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from axes import document
from axes.document import Node
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib.http import changed_address, paged
from projects.browsing.reader import reads_all
from projects.browsing.views.years import year_control
from projects.figures import figures, results
from projects.figures.facets import NO_LINK, WITHOUT
from projects.figures.periods import Period
from projects.figures.results import Measured, Met

PAGE = 50
OUTCOME, AXIS = "cible", "axe"
ANCHOR = "indicateurs"
# Which indicators the list shows, and in what words.
OUTCOMES: dict[str, tuple[str, Callable[[Measured], bool]]] = {
    "atteinte": ("cible atteinte", lambda indicator: indicator.is_met is True),
    "manquee": ("cible non atteinte", lambda indicator: indicator.is_met is False),
    "sans-mesure": ("sans mesure", lambda indicator: indicator.target is not None and indicator.is_met is None),
    "sans-cible": ("sans cible", lambda indicator: indicator.target is None),
}


@dataclass(frozen=True)
class MetRow:
    """How many targets are met under an orientation (None: of what serves none), with the lists that they open."""

    node: Node | None
    label: str
    met: Met
    addresses: Mapping[str, str]


@public_page
def results_page(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The share of targets met, by axis, and the indicators that an address asks for; each number opens its list.

    Officers and elected officials read every measure; anybody reads those that give away no small number of people.
    """
    framework = versions.in_force
    period = Period.from_query(request.GET)
    nodes = document.kept(framework)
    exact = reads_all(request)
    indicators = results.of_period(framework, period, exact=exact)
    branches = _branches(framework, nodes)
    axis, outcome = _chosen(request, AXIS, branches), _chosen(request, OUTCOME, OUTCOMES)
    listed = [each for each in indicators if axis == "" or each.project in branches[axis][2]]
    listed = [each for each in listed if outcome == "" or OUTCOMES[outcome][1](each)]
    turned = paged(request, listed, PAGE, anchor=ANCHOR)
    context = {
        "framework": framework,
        **year_control(request, framework, period),
        "met": MetRow(None, "", results.count(indicators), _addresses(request, "")),
        "rows": _rows(request, indicators, branches),
        "lines": results.lines(turned["page"].object_list, exact=exact),
        **turned,
        "narrowed": [words for words in (axis and branches[axis][1], outcome and OUTCOMES[outcome][0]) if words],
        "everything": changed_address(request, axe=None, cible=None, page=None) + f"#{ANCHOR}",
        "ignored": [request.GET[name][:20] for name in _ignored(request, branches)],
        "reads_all": exact,
    }
    return render(request, "dashboard/results.html", context)


Branches = dict[str, tuple[Node | None, str, Set[int]]]  # by code: the orientation, its name, the keys of its projects


def _branches(framework: Framework | None, nodes: list[Node]) -> Branches:
    """The widest orientations, each with the projects whose main orientation is under it; then the others."""
    served = figures.mainly_serving(framework, nodes).branch
    roots = [node for node in nodes if node.parent is None]
    branches: Branches = {node.orientation.code: (node, node.orientation.name, served[node.pk]) for node in roots}
    under = frozenset().union(*(served[node.pk] for node in roots))
    branches[WITHOUT] = (None, NO_LINK, figures.spans(framework).keys() - under)
    return branches


def _chosen(request: HttpRequest, name: str, known: Mapping[str, Any]) -> str:
    raw = request.GET.get(name, "")
    return raw if raw in known else ""


def _ignored(request: HttpRequest, branches: Branches) -> list[str]:
    """The parameters that mean nothing."""
    known: dict[str, Mapping[str, Any]] = {AXIS: branches, OUTCOME: OUTCOMES}
    return [name for name, values in known.items() if request.GET.get(name) and request.GET[name] not in values]


def _addresses(request: HttpRequest, axis: str) -> dict[str, str]:
    """The list of each outcome, and of all."""
    return {
        outcome.replace("-", "_"): changed_address(request, axe=axis, cible=outcome, page=None) + f"#{ANCHOR}"
        for outcome in (*OUTCOMES, "")
    }


def _rows(request: HttpRequest, indicators: list[Measured], branches: Branches) -> list[MetRow]:
    """The orientations that have an indicator."""
    rows = []
    for code, (node, label, projects) in branches.items():
        own = [indicator for indicator in indicators if indicator.project in projects]
        if own:
            rows.append(MetRow(node, label, results.count(own), _addresses(request, code)))
    return rows
