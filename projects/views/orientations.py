"""The framework with what is done for it: the outline with its counts, and each orientation with its projects."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from axes import document
from axes import views as framework_views
from axes.choices import Level
from axes.http import Versions, public_page
from axes.models import Orientation
from cohesion.lib.text import count_phrase
from projects import figures
from projects.addresses import KINDS, list_address, place_parameters, served_address
from projects.models import Contribution, Need, Place, Project
from projects.models.project import ProjectQuerySet
from projects.views.territories import drawing

MOST_PROJECTS = 50  # on the page of an orientation; the list has them all, by pages


@public_page
def cadre(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The framework in force, each orientation with how many projects serve it."""
    if versions.in_force is None:
        return render(request, "axes/no_framework.html", {"versions": versions})
    return framework_views.framework_page(
        request,
        versions,
        versions.in_force,
        more=lambda nodes: {"tallies": figures.published(nodes).tallies},
    )


@public_page
def orientation(request: HttpRequest, versions: Versions, code: str) -> HttpResponse:
    """An orientation of the framework in force: what it says, and what is done for it."""
    if versions.in_force is None:
        raise Http404("Aucun cadre n’est en vigueur.")
    return framework_views.orientation_page(
        request, versions.in_force, code, template="projects/orientation.html", more=what_is_done
    )


def what_is_done(orientation: Orientation) -> dict[str, Any]:
    """Counts, projects, places and needs of an orientation's branch, in a constant number of queries."""
    nodes = document.kept(orientation.framework)
    node = next(one for one in nodes if one.orientation.pk == orientation.pk)
    branch = [node, *node.descendants]
    served = figures.published(nodes)
    projects = Project.objects.published().serving(orientation)
    is_axis = orientation.level == Level.AXIS
    needs = Need.objects.published().filter(orientation__in=[one.orientation.pk for one in branch])
    return {
        "tallies": served.tallies,
        "tally": served.tallies[orientation.pk],
        "projects": _shown(projects, branch),
        "is_cut": len(served.branch[orientation.pk]) > MOST_PROJECTS,
        "where": _where(orientation, projects),
        "needs": list(needs.select_related("territory", "heard_by", "orientation")),
        "bands": list(document.bands([node.axis, *node.axis.descendants], split=True)) if is_axis else [],
        "addresses": _addresses(orientation),
        "hors_pst": figures.by_kind(projects).totals["hors"],
    }


def _addresses(orientation: Orientation) -> dict[str, str]:
    code = orientation.code
    return {
        "branch": served_address(code),
        "direct": served_address(code, direct=True),
        "hors": list_address(orientation=code, **KINDS["hors"]),
        "file": f"{reverse('projects:export', args=['csv'])}?{urlencode({'orientation': code})}",
    }


def _shown(projects: ProjectQuerySet, branch: list[document.Node]) -> Sequence[Project]:
    """The first projects, each with its links to this branch, the main one first, and its places."""
    named = {one.orientation.pk: one.orientation for one in branch}
    links = Contribution.objects.filter(orientation__in=list(named)).order_by("-is_main", "orientation__lft")
    places = Place.objects.select_related("territory").order_by("territory__name")
    shown = list(
        projects.select_related("organization").prefetch_related(
            Prefetch("contributions", links, to_attr="links_here"), Prefetch("places", places)
        )[:MOST_PROJECTS]
    )
    for project in shown:
        for link in project.links_here:
            link.orientation = named[link.orientation_id]
    return shown


def _where(orientation: Orientation, projects: ProjectQuerySet) -> dict[str, Any]:
    """The communes of the perimeter, drawn; those that are served, with their number of projects and their lists."""
    places = figures.by_territory(projects)
    communes = places.communes()
    numbers = {one.pk: places.totals[one.pk] for one in communes}
    lists = {one.pk: list_address(orientation=orientation.code, **place_parameters(one)) for one in communes}
    served = [(one, numbers[one.pk], lists[one.pk]) for one in communes if numbers[one.pk]]
    words = {one.pk: f"{one.name} : {count_phrase(numbers[one.pk], 'projet')}" for one in communes}
    return {
        "communes": communes,
        "served": sorted(served, key=lambda row: -row[1]),
        "drawing": drawing(numbers, words, lists),
    }
