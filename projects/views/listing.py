"""The list of projects, its files, and the sheet of one project."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from axes.http import Versions, public_page
from axes.models import Orientation
from projects.exports import FORMATS, table_of
from projects.filters import ProjectFilter
from projects.models import Contribution, Need, Offer, Place, Project
from projects.models.project import ProjectQuerySet

PAGE = 25
SORTS = {
    "code": ("Code", ("code",)),
    "titre": ("Titre", ("title", "code")),
    "porteur": ("Structure", ("organization__name", "code")),
    "date": ("Plus récents", ("-starts_on", "code")),
}


def complete(projects: ProjectQuerySet) -> ProjectQuerySet:
    """With all that a row shows, in a constant number of queries."""
    links = Contribution.objects.select_related("orientation__framework").order_by(
        "-is_main", "orientation__tree_id", "orientation__lft"
    )
    places = Place.objects.select_related("territory").order_by("territory__name")
    return projects.select_related("organization", "host").prefetch_related(
        Prefetch("contributions", links), Prefetch("places", places)
    )


@public_page
def project_list(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The published projects that the address asks for, a page at a time."""
    asked = ProjectFilter(request.GET, versions.in_force)
    published = Project.objects.published()
    sort = request.GET.get("tri") if request.GET.get("tri") in SORTS else "code"
    found = complete(asked.filter(published)).order_by(*SORTS[sort][1])
    context = {
        "asked": asked,
        "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
        "published_total": published.count(),
        "choices": asked.choices(published),
        "sorts": [(key, label, asked.address(tri=key), key == sort) for key, (label, _) in SORTS.items()],
        "sort": sort,
        "formats": FORMATS,
        "kept": ("orientation", "territoire"),  # filters that the form has no field for
    }
    return render(request, "projects/list.html", context)


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponse:
    """Exactly the rows that the list shows, all pages together."""
    if format not in FORMATS:
        raise Http404("Ce format d’export n’existe pas.")
    asked = ProjectFilter(request.GET, versions.in_force)
    projects = complete(asked.filter(Project.objects.published())).prefetch_related("schemes").order_by("code")
    content, content_type = table_of(projects, format)
    headers = {"Content-Disposition": f'attachment; filename="projets.{format}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=content_type, headers=headers)


@public_page
def project_detail(request: HttpRequest, versions: Versions, pk: int) -> HttpResponse:
    """The sheet of a project: what, for whom, where, for which orientations, with whom, when."""
    project = get_object_or_404(complete(Project.objects.published()), pk=pk)
    links = list(project.contributions.all())
    context = {
        "project": project,
        "links": [(link, path) for link, path in zip(links, _paths(links), strict=True)],
        "hosted": complete(project.hosted.published()).order_by("kind", "code"),
        "siblings": _siblings(project),
        "offers": Offer.objects.filter(project=project).prefetch_related("sites__territory"),
        "needs": Need.objects.published().filter(heard_by=project).select_related("territory", "orientation"),
        "partners": project.partners.order_by("name"),
        "schemes": project.schemes.all(),
    }
    return render(request, "projects/detail.html", context)


def _paths(links: Sequence[Contribution]) -> list[list[Orientation]]:
    """The ancestors of each orientation served, from the axis down, in one query for all."""
    trees = {link.orientation.tree_id for link in links}
    nodes = list(Orientation.objects.filter(tree_id__in=trees).in_order())
    return [
        [
            node
            for node in nodes
            if node.tree_id == link.orientation.tree_id
            and node.lft < link.orientation.lft
            and node.rght > link.orientation.rght
        ]
        for link in links
    ]


def _siblings(project: Project) -> Any:
    if project.host_id is None:
        return Project.objects.none()
    return complete(Project.objects.published().filter(host=project.host_id).exclude(pk=project.pk)).order_by(
        "kind", "code"
    )
