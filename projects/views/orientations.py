"""The framework with what is done for it: the outline with its counts, and each orientation with its projects."""

from collections.abc import Iterable, Set
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes import document, markup
from axes import views as framework_views
from axes.choices import Level
from axes.http import Versions, public_page
from axes.models import Orientation
from cohesion.lib.http import Counted, changed_address
from cohesion.lib.text import count_phrase
from projects import figures, gaps
from projects.addresses import KINDS, list_address, place_parameters, served_address
from projects.filters import LABELS, Choice, ProjectFilter, narrowed
from projects.models import Contribution, Need, Place, Project, Territory
from projects.models.project import ProjectQuerySet
from projects.periods import Period
from projects.views.territories import drawing
from projects.views.years import year_control

PAGE = 25  # projects shown at a time
FILTERS = ("nature", "commune", "etat", "rattachement")


@public_page
def cadre(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The framework in force, each orientation with how many projects serve it."""
    framework = versions.in_force
    if framework is None:
        return render(request, "axes/no_framework.html", {"versions": versions})
    period = Period.read(request.GET)
    return framework_views.framework_page(
        request,
        versions,
        framework,
        count=lambda nodes: figures.of_period(framework, nodes, period).served.tallies,
        suffix=period.suffix,
        more=year_control(request, framework, period),
    )


@public_page
def orientation(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """An orientation of the framework in force: what it says, and what is done for it."""
    if versions.in_force is None:
        raise Http404("Aucun cadre n’est en vigueur.")
    return framework_views.orientation_page(
        request,
        versions.in_force,
        code,
        template="projects/orientation.html",
        more=lambda found: what_is_done(request, found),
    )


def what_is_done(request: HttpRequest, orientation: Orientation) -> dict[str, Any]:
    """Counts, projects, places and needs of an orientation's branch, in a constant number of queries.

    The figures, the map and the needs are of the whole branch; the list of projects is what the address asks for.
    """
    nodes = document.kept(orientation.framework)
    node = next(one for one in nodes if one.orientation.pk == orientation.pk)
    branch = [node, *node.descendants]
    period = Period.read(request.GET)
    served = figures.of_period(orientation.framework, nodes, period).served
    ever = figures.ever(orientation.framework, nodes, period)
    is_axis = orientation.level == Level.AXIS
    needs = Need.objects.published().filter(orientation__in=[one.orientation.pk for one in branch])
    return {
        "tallies": served.tallies,
        "tally": served.tallies[orientation.pk],
        **year_control(request, orientation.framework, period),
        **(_listed(request, orientation, branch, period) if served.branch[orientation.pk] else {}),
        "otherwise": ever.of(orientation.pk),
        "ever": len(ever.projects[orientation.pk]),
        "where": _where(orientation, served.branch[orientation.pk], period) if ever.projects[orientation.pk] else None,
        "needs": list(needs.select_related("territory", "heard_by", "orientation")),
        "awaiting": gaps.awaiting(branch),
        "icicle": markup.icicle(branch, served.tallies, has_tooltips=True, suffix=period.suffix) if is_axis else "",
        "addresses": _addresses(orientation, period),
        "hors_pst": figures.kinds(orientation.framework).counts(served.branch[orientation.pk])["hors"],
    }


def _addresses(orientation: Orientation, period: Period) -> dict[str, str]:
    code = orientation.code
    return {
        "branch": served_address(code, period),
        "direct": served_address(code, period, direct=True),
        "hors": list_address(orientation=code, **KINDS["hors"], **period.filters),
        "ever": list_address(orientation=code),
    }


def _listed(
    request: HttpRequest, orientation: Orientation, branch: list[document.Node], period: Period
) -> dict[str, Any]:
    """The projects of the year that the address asks for among those of the branch, and its filters, each with its
    counts."""
    fixed = narrowed(request.GET, (*FILTERS, "compter"), orientation=orientation.code, **period.filters)
    asked = ProjectFilter(fixed, orientation.framework)
    found = asked.ordered(_complete(asked.filter(Project.objects.published()), branch))
    page = Counted(found, PAGE, asked.number()).get_page(request.GET.get("page"))
    _name_orientations(page.object_list, branch)
    return {
        "asked": asked,
        "page": page,
        "choices": asked.choices(*FILTERS) | {"compter": _countings(asked)},
        "chips": [
            (LABELS[name], words, f"{changed_address(request, **{name: None, 'page': None})}#fait")
            for name, words in asked.shown.items()
            if name in FILTERS
        ],
        "turns": {
            way: f"{changed_address(request, page=str(number))}#fait"
            for way, number in (("previous", page.number - 1), ("next", page.number + 1))
            if 1 <= number <= page.paginator.num_pages
        },
        "list_address": f"{reverse('projects:list')}{asked.address()}",
        "file_address": f"{reverse('projects:export', args=['csv'])}{asked.address()}",
    }


def _countings(asked: ProjectFilter) -> list[Choice]:
    """The branch and the orientation itself, the other filters staying as they are."""
    numbers = [asked.counting(direct=direct).number() for direct in (False, True)]
    return [
        Choice("", "Toute la branche", numbers[0], not asked.is_direct),
        Choice("direct", "Elle-même", numbers[1], asked.is_direct),
    ]


def _complete(projects: ProjectQuerySet, branch: list[document.Node]) -> ProjectQuerySet:
    """With the links of each to this branch, the main one first, and its places."""
    links = Contribution.objects.filter(orientation__in=[one.orientation.pk for one in branch])
    places = Place.objects.order_by("territory__name", "pk")
    return projects.select_related("organization").prefetch_related(
        Prefetch("contributions", links.order_by("-is_main", "orientation__lft")),
        Prefetch("places", places),
        Prefetch("places__territory", Territory.objects.defer("outline")),
    )


def _name_orientations(projects: Iterable[Project], branch: list[document.Node]) -> None:
    """The orientations of the links were read with the framework: no query."""
    named = {one.orientation.pk: one.orientation for one in branch}
    for project in projects:
        for link in project.contributions.all():
            link.orientation = named[link.orientation_id]


def _where(orientation: Orientation, projects: Set[int], period: Period) -> dict[str, Any]:
    """The communes of the perimeter, drawn; those that are served, with their number of projects and their lists."""
    places = figures.places(orientation.framework)
    communes, totals = places.communes(), places.counts(projects)
    numbers = {one.pk: totals[one.pk] for one in communes}
    asked = {"orientation": orientation.code, **period.filters}
    lists = {one.pk: list_address(**asked, **place_parameters(one)) for one in communes}
    served = [(one, numbers[one.pk], lists[one.pk]) for one in communes if numbers[one.pk]]
    words = {one.pk: f"{one.name} : {count_phrase(numbers[one.pk], 'projet')}" for one in communes}
    return {
        "communes": communes,
        "served": sorted(served, key=lambda row: -row[1]),
        "drawing": drawing(numbers, words, lists),
    }
