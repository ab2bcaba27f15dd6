"""The framework with what is done for it: the outline with its counts, and each orientation with its projects."""

from collections.abc import Iterable, Set
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes import adoption, document, markup
from axes import views as framework_views
from axes.http import Versions, public_page
from axes.levels import ROOT_LEVELS
from axes.models import Framework, Orientation
from cohesion.lib.http import changed_address, paged
from cohesion.lib.queries import InFrench
from cohesion.lib.text import count_phrase
from projects.browsing.filters import FilterChoice, ProjectFilter
from projects.browsing.question import LABELS, narrowed
from projects.browsing.views.panels import panel_source
from projects.browsing.views.perimeters import perimeters_on
from projects.browsing.views.territories import drawing
from projects.browsing.views.years import year_control
from projects.catalogue.models import Contribution, Need, Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.figures import figures, gaps
from projects.figures.addresses import KINDS, coverage_address, list_address, named, place_parameters
from projects.figures.panel import FiguresPanel
from projects.figures.periods import ALL, Period
from projects.territory.models import Territory

PAGE = 25  # projects shown at a time
FILTERS = ("nature", "commune", "etat", "rattachement")


@public_page
def cadre(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The framework in force, each orientation with how many projects serve it."""
    framework = versions.in_force
    if framework is None:
        return render(request, "axes/no_framework.html", {"versions": versions})
    return _of_year(request, versions, framework)


def _of_year(request: HttpRequest, versions: Versions, framework: Framework) -> HttpResponse:
    """A framework in force with what serves it in the year that the address asks, whichever address names it."""
    period = Period.from_query(request.GET)
    return framework_views.framework_page(
        request,
        versions,
        framework,
        count=lambda nodes: figures.of_period(versions.in_force, nodes, period).served.tallies,
        suffix=period.suffix,
        more=year_control(request, versions.in_force, period),
    )


@public_page
def orientation(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """An orientation of the framework in force: what it says, and what is done for it."""
    if versions.in_force is None:
        raise Http404("Aucun cadre n’est en vigueur.")
    return framework_views.orientation_page(
        request,
        versions,
        versions.in_force,
        code,
        template="projects/orientation.html",
        more=lambda orientation: what_is_done(request, orientation, versions.in_force),
    )


@public_page
def version(request: HttpRequest, versions: Versions, slug: str) -> HttpResponse:
    """Any version, each orientation with how many projects are linked to it there; none for one in preparation.

    An archived one tells all that was linked to it, whatever the year.
    """
    framework = framework_views.find_version(request, versions, slug)
    if framework.is_in_force:
        return _of_year(request, versions, framework)

    def count(nodes: list[document.Node]) -> markup.Tallies:
        return figures.published(versions.in_force, nodes).tallies

    return framework_views.framework_page(request, versions, framework, count=count if framework.is_public else None)


@public_page
def version_orientation(request: HttpRequest, versions: Versions, slug: str, code: str) -> HttpResponse:
    """An orientation of any version: what it says and, once it is adopted, what was linked to it."""
    framework = framework_views.find_version(request, versions, slug)
    if not framework.is_public:
        return framework_views.orientation_page(request, versions, framework, code, is_version=True)
    return framework_views.orientation_page(
        request,
        versions,
        framework,
        code,
        is_version=True,
        template="projects/orientation.html",
        more=lambda orientation: what_is_done(request, orientation, versions.in_force),
    )


def what_is_done(request: HttpRequest, orientation: Orientation, in_force: Framework | None) -> dict[str, Any]:
    """Counts, projects, places and needs of an orientation's branch, in a constant number of queries.

    The figures, the map and the needs are of the whole branch; the list of projects is what the address asks for.
    The page of an archived framework tells the links that projects keep to it.
    """
    nodes = document.kept(orientation.framework)
    node = next(node for node in nodes if node.orientation.pk == orientation.pk)
    branch = [node, *node.descendants]
    period = _period(request, orientation.framework)
    served = figures.of_period(in_force, nodes, period).served
    ever = figures.ever(in_force, nodes, period)
    is_axis = orientation.level in ROOT_LEVELS
    same = adoption.leading_to([node.pk for node in branch], orientation.framework)
    answered = Need.objects.published().filter(orientation__in=same.order_by().values("pk"))
    needs = list(answered.select_related("territory", "heard_by", "orientation"))
    return {
        "tallies": served.tallies,
        "tally": served.tallies[orientation.pk],
        "period": period,
        **(year_control(request, in_force, period) if orientation.framework.is_in_force else {}),
        **(_listed(request, orientation, branch, in_force, period) if served.branch[orientation.pk] else {}),
        "otherwise": ever.of(orientation.pk),
        "lasting": ever.words(orientation.pk, period.today) if orientation.framework.is_in_force else "",
        "ever": len(ever.projects[orientation.pk]),
        "where": _where(orientation, served.branch[orientation.pk], in_force, period)
        if ever.projects[orientation.pk]
        else None,
        "waiting": len(figures.waiting(in_force)),
        "born_on": _born_on(orientation, branch),
        "needs": needs,
        "heard": gaps.heard_in(needs, period.year),
        "awaiting": gaps.awaiting(branch),
        "perimeters": list(perimeters_on(orientation)) if orientation.framework.is_in_force else [],
        "icicle": markup.icicle(branch, served.tallies, has_tooltips=True, suffix=period.suffix) if is_axis else "",
        "addresses": _addresses(orientation, period),
        "panel": _panel(request, nodes, node, in_force, period),
        "hors_pst": figures.kinds(in_force).counts(served.branch[orientation.pk])["hors"],
    }


def _panel(
    request: HttpRequest, nodes: list[document.Node], node: document.Node, in_force: Framework | None, period: Period
) -> FiguresPanel:
    return panel_source(request, in_force, period).of_orientation(nodes, node, **named(node.orientation.framework))


def _period(request: HttpRequest, framework: Framework) -> Period:
    """The year that the address asks; an archived framework tells all that was linked to it, whatever the year."""
    return Period.from_query(request.GET) if framework.is_in_force else Period.always()


def _born_on(orientation: Orientation, branch: list[document.Node]) -> date | None:
    """The day on which an orientation came with the framework, and all that is under it: nothing was before."""
    since = adoption.continuity(orientation.framework)
    return since.day if branch and since.new.issuperset(node.pk for node in branch) else None


def _named(orientation: Orientation) -> dict[str, str]:
    """How the list of projects names an orientation: with its framework, unless that is the one it means by itself."""
    return {"orientation": orientation.code, **named(orientation.framework)}


def _addresses(orientation: Orientation, period: Period) -> dict[str, str]:
    own = _named(orientation)
    return {
        "branch": list_address(**own, **period.filters),
        "direct": list_address(**own, compter="direct", **period.filters),
        "hors": list_address(**own, **KINDS["hors"], **period.filters),
        "ever": list_address(**own, annee=ALL),
        "unserved": f"{coverage_address(orientation.framework, period)}#vides",
    }


def _listed(
    request: HttpRequest,
    orientation: Orientation,
    branch: list[document.Node],
    in_force: Framework | None,
    period: Period,
) -> dict[str, Any]:
    """The projects of the year that the address asks for among those of the branch, and its filters, each with its
    counts."""
    fixed = narrowed(request.GET, (*FILTERS, "compter"), **_named(orientation), **period.filters)
    project_filter = ProjectFilter(fixed, in_force)
    projects = project_filter.ordered(_complete(project_filter.filter(Project.objects.published()), branch))
    listed = paged(request, projects, PAGE, anchor="fait", length=project_filter.number())
    _name_orientations(listed["page"].object_list, branch)
    return {
        "asked": project_filter,
        **listed,
        "choices": project_filter.choices(*FILTERS) | {"compter": _countings(project_filter)},
        "chips": [
            (LABELS[name], words, f"{changed_address(request, **{name: None, 'page': None})}#fait")
            for name, words in project_filter.shown.items()
            if name in FILTERS
        ],
        "list_address": f"{reverse('projects:list')}{project_filter.address()}",
        "file_address": f"{reverse('projects:export', args=['csv'])}{project_filter.address()}",
    }


def _countings(project_filter: ProjectFilter) -> list[FilterChoice]:
    """The branch and the orientation itself, the other filters staying as they are."""
    numbers = [project_filter.counting(direct=direct).number() for direct in (False, True)]
    return [
        FilterChoice("", "Avec ce qui en découle", numbers[0], not project_filter.is_direct),
        FilterChoice("direct", "À ce niveau seulement", numbers[1], project_filter.is_direct),
    ]


def _complete(projects: ProjectQuerySet, branch: list[document.Node]) -> ProjectQuerySet:
    """With the links of each to this branch, the main one first, and its places."""
    links = Contribution.objects.filter(orientation__in=[node.orientation.pk for node in branch])
    places = Place.objects.order_by(InFrench("territory__name"), "pk")
    return projects.with_leads().prefetch_related(
        Prefetch("contributions", links.order_by("-is_main", "orientation__lft")),
        Prefetch("places", places),
        Prefetch("places__territory", Territory.objects.defer("outline")),
    )


def _name_orientations(projects: Iterable[Project], branch: list[document.Node]) -> None:
    """The orientations of the links were read with the framework: no query."""
    by_key = {node.orientation.pk: node.orientation for node in branch}
    for project in projects:
        for link in project.contributions.all():
            link.orientation = by_key[link.orientation_id]


def _where(orientation: Orientation, projects: Set[int], in_force: Framework | None, period: Period) -> dict[str, Any]:
    """The communes of the perimeter, drawn; those that are served, with their number of projects and their lists."""
    places = figures.places(in_force)
    communes, totals = places.communes(), places.counts(projects)
    numbers = {commune.pk: totals[commune.pk] for commune in communes}
    parameters = {**_named(orientation), **period.filters}
    lists = {commune.pk: list_address(**parameters, **place_parameters(commune)) for commune in communes}
    served = [(commune, numbers[commune.pk], lists[commune.pk]) for commune in communes if numbers[commune.pk]]
    words = {commune.pk: f"{commune.name} : {count_phrase(numbers[commune.pk], 'projet')}" for commune in communes}
    return {
        "communes": communes,
        "served": sorted(served, key=lambda row: -row[1]),
        "drawing": drawing(numbers, words, lists),
    }
