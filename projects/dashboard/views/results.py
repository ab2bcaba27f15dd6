"""What it gave: indicators, from where they started to what they came to, and the share of targets met."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from axes import document
from axes.document import Node
from axes.http import Versions, public_page
from axes.models import Framework
from axes.subjects import subjects_of
from cohesion.lib import spreadsheets
from cohesion.lib.http import changed_address, paged
from cohesion.lib.spreadsheets import Column, Table, known_format
from cohesion.lib.spreadsheets.tables import Value
from projects.browsing.exports import FORMATS
from projects.browsing.reader import reads_all
from projects.browsing.views.years import year_control
from projects.choices import IndicatorDirection
from projects.dashboard.files import files
from projects.figures import figures, results
from projects.figures.facets import NO_LINK, WITHOUT
from projects.figures.periods import Period
from projects.figures.results import HIDDEN, IndicatorLine, Measured, Met, YearMeasure
from projects.members.public_names import file_name

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
    reading = ResultsReading.of(request, versions)
    turned = paged(request, reading.listed, PAGE, anchor=ANCHOR)
    context = {
        "framework": versions.in_force,
        **year_control(request, versions.in_force, reading.period),
        "met": MetRow(None, "", results.count(reading.indicators), _addresses(request, "")),
        "rows": _rows(request, reading.indicators, reading.branches),
        "lines": results.lines(turned["page"].object_list, exact=reads_all(request)),
        **turned,
        "narrowed": reading.narrowed,
        "everything": changed_address(request, axe=None, cible=None, page=None) + f"#{ANCHOR}",
        "ignored": [request.GET[name][:20] for name in _ignored(request, reading.branches)],
        "reads_all": reads_all(request),
        "files": files(request, "projects:dashboard_results_export", "page"),
    }
    return render(request, "dashboard/results.html", context)


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """The indicators that the page lists with the same parameters, all pages together, one row a measure."""
    known_format(format, FORMATS)
    lines = results.lines(ResultsReading.of(request, versions).listed, exact=reads_all(request))
    rows = []
    for line in lines:
        rows += [MeasureRow(line, measure) for measure in line.indicator.measures or (None,)]
    table = Table.of("Indicateurs", COLUMNS, rows).speaking_of(subjects_of(versions.in_force))
    return spreadsheets.table_file(table, format, "resultats")


@dataclass(frozen=True)
class MeasureRow:
    """A row of the file: an indicator, and what was measured in a year (None: nothing)."""

    line: IndicatorLine
    measure: YearMeasure | None

    @property
    def year(self) -> str:
        return str(self.measure.year) if self.measure else ""

    @property
    def actual(self) -> Value:
        if self.measure is None:
            return None
        return self.measure.hundredths / 100 if self.line.exact or self.measure.is_public else HIDDEN


def _of_project(name: str) -> Callable[[MeasureRow], str]:
    return lambda row: attrgetter(name)(row.line.project) if row.line.project else ""


def _structure(row: MeasureRow) -> str:
    project = row.line.project
    if project is None:
        return ""
    return project.organization.name if row.line.exact else file_name(project.organization)


def _number(name: str) -> Callable[[MeasureRow], Value]:
    """A number that was declared, unless the page hides it."""

    def value(row: MeasureRow) -> Value:
        hundredths: int | None = getattr(row.line.indicator, name)
        if getattr(row.line, name) == HIDDEN:
            return HIDDEN
        return None if hundredths is None else hundredths / 100

    return value


COLUMNS = [
    Column("Code du projet", _of_project("code"), 14),
    Column("Projet", _of_project("title"), 50),
    Column("Structure", _structure, 40),
    Column("Indicateur", lambda row: row.line.indicator.name, 50),
    Column("Unité", lambda row: row.line.indicator.unit, 14),
    Column("Au départ", _number("baseline"), 12),
    Column("Cible", _number("target"), 12),
    Column("Sens visé", lambda row: IndicatorDirection(row.line.indicator.direction).label, 14),
    Column("Année", lambda row: row.year, 8),
    Column("Mesure", lambda row: row.actual, 12),
    Column("Cible atteinte", lambda row: row.line.outcome, 14),
]


Branches = dict[str, tuple[Node | None, str, Set[int]]]  # by code: the orientation, its name, the keys of its projects


@dataclass(frozen=True)
class ResultsReading:
    """What the address asks: the indicators of the period, those that it lists, and in what words it narrows them."""

    period: Period
    branches: Branches
    indicators: list[Measured]
    listed: list[Measured]
    narrowed: list[str]

    @classmethod
    def of(cls, request: HttpRequest, versions: Versions) -> "ResultsReading":
        framework, period = versions.in_force, Period.from_query(request.GET)
        branches = _branches(framework, document.kept(framework))
        indicators = results.of_period(framework, period, exact=reads_all(request))
        axis, outcome = _chosen(request, AXIS, branches), _chosen(request, OUTCOME, OUTCOMES)
        listed, narrowed = indicators, []
        if axis:
            _, name, projects = branches[axis]
            listed, narrowed = [each for each in listed if each.project in projects], [name]
        if outcome:
            words, is_such = OUTCOMES[outcome]
            listed, narrowed = [each for each in listed if is_such(each)], [*narrowed, words]
        return cls(period, branches, indicators, listed, narrowed)


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
