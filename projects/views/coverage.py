"""Where the framework is served, and what nobody does: one table, its file, and lists by name."""

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from axes import document
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib import spreadsheets
from cohesion.lib.http import changed_address, paged
from projects import breakdowns, figures, gaps
from projects import coverage as table
from projects import offers as read_offers
from projects.addresses import list_address
from projects.models import Project

NEEDS_PAGE, GAPS_PAGE = 25, 200


@public_page
def coverage(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The gap radar of the framework in force."""
    if versions.in_force is None:
        return render(request, "axes/no_framework.html", {"versions": versions})
    asked = table.Asked.read(request.GET)
    read = _read(versions.in_force, asked)
    rows = table.shown(read["nodes"], asked)
    context = {
        "asked": asked,
        "framework": versions.in_force,
        "is_large": len(read["nodes"]) > document.LARGE,
        "headlines": read["headlines"],
        "waiting": len(figures.waiting(versions.in_force)),
        "gaps": (missing := gaps.read(read["nodes"], read["served"])),
        "unserved": paged(request, missing.unserved, GAPS_PAGE, parameter="vides", anchor="vides"),
        "without_orientation": _needs(request, missing.needs_without_orientation, "sans_orientation"),
        "without_project": _needs(request, missing.needs_without_project, "sans_projet"),
        "mesh": (mesh := _mesh(read["places"], asked)),
        "mesh_address": f"{reverse('projects:offers')}?annee={mesh.year or read_offers.ALL_YEARS}",
        "years": breakdowns.years(figures.rows(versions.in_force)),
        "head": read["head"],
        "rows": [_with_toggle(request, one) for one in _rows(rows[: table.MOST_ROWS], read, asked)],
        "is_cut": len(rows) > table.MOST_ROWS,
        "hidden_places": len(table.columns(read["places"], _everywhere(asked))) - len(read["head"]),
        "all_address": list_address(**asked.filters),
        "file_address": f"{request.path}export.csv?{request.GET.urlencode()}".rstrip("?"),
        "needs_address": f"{request.path}besoins.csv?{request.GET.urlencode()}".rstrip("?"),
        "choices": {
            "kinds": table.KIND_CHOICES,
            "rows": table.ROW_CHOICES,
            "columns": table.COLUMN_CHOICES,
            "counts": table.COUNT_CHOICES,
        },
        "addresses": {
            "objectives": f"{changed_address(request, lignes='objectifs', compter=None)}#matrice",
            "communes": f"{changed_address(request, colonnes='toutes')}#matrice",
        },
    }
    return render(request, "projects/coverage.html", context)


@public_page
def export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The table that the page shows with the same parameters, whole, as CSV."""
    headers: list[str] = ["code", "niveau", "orientation", "compte", "tous"]
    lines: list[list[str | int | float | None]] = []
    if versions.in_force is not None:
        asked = table.Asked.read(request.GET)
        read = _read(versions.in_force, asked)
        headers += [column.label for column in read["head"]]
        for one in _rows(table.shown(read["nodes"], asked), read, asked):
            orientation = one.node.orientation
            named = [orientation.code, orientation.level_label, orientation.display_title, asked.counting]
            lines.append([*named, one.total.number, *(cell.number for cell in one.cells)])
    content = spreadsheets.write("csv", [spreadsheets.Table("Couverture", headers, lines)])
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="couverture.csv"'
    return response


@public_page
def needs_export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The lists of needs that the page shows with the same parameters, whole, as CSV, a line each."""
    headers = ["liste", "code", "orientation", "besoin", "entendu_le", "lieu", "fois", "projets"]
    lines: list[list[str | int | float | None]] = []
    if versions.in_force is not None:
        read = _read(versions.in_force, table.Asked.read(request.GET))
        lines = gaps.lines(gaps.read(read["nodes"], read["served"]), read["served"])
    content = spreadsheets.write("csv", [spreadsheets.Table("Besoins", headers, lines)])
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="besoins.csv"'
    return response


def _needs(request: HttpRequest, rows: list[Any], parameter: str) -> dict[str, Any]:
    return paged(request, rows, NEEDS_PAGE, parameter=parameter, anchor=parameter.replace("_", "-"))


def _mesh(places: breakdowns.Places, asked: table.Asked) -> read_offers.Mesh:
    """The offers of the year that is asked (none: the last), by kind."""
    found = read_offers.read(places.territories)
    query = QueryDict(mutable=True)
    query.update({"annee": str(asked.year)} if asked.year else {})
    wanted = read_offers.Asked.read(query, found, ())
    communes = places.communes()
    return read_offers.mesh(wanted.of_the_year(found), wanted, communes, [])


def _read(framework: Framework, asked: table.Asked) -> dict[str, Any]:
    """What the page and the file share, in a constant number of queries."""
    nodes = document.kept(framework)
    projects = asked.narrow(Project.objects.published())
    is_whole = not asked.year and not asked.kind
    served = figures.published(framework, nodes) if is_whole else figures.serving(nodes, projects)
    rows = figures.rows(framework) if is_whole else breakdowns.read(projects)
    kinds = figures.kinds(framework) if is_whole else breakdowns.by_kind(rows)
    places = figures.places(framework) if is_whole else breakdowns.by_territory(projects)
    breakdown = {"nature": kinds}.get(asked.columns, places)
    if asked.columns == "annee":
        breakdown = breakdowns.by_year(rows)
    return {
        "nodes": nodes,
        "served": served,
        "places": places,
        "breakdown": breakdown,
        "head": table.columns(breakdown, asked),
        "headlines": figures.headlines(nodes, served, kinds, places),
    }


def _rows(nodes: list[document.Node], read: dict[str, Any], asked: table.Asked) -> list[table.Row]:
    return [table.row(node, read["served"], read["breakdown"], read["head"], asked) for node in nodes]


def _with_toggle(request: HttpRequest, row: table.Row) -> tuple[table.Row, str]:
    """The row, and the address that opens or closes its branch and comes back to it."""
    return row, f"{changed_address(request, deplier=row.toggled)}#o-{row.node.orientation.code}"


def _everywhere(asked: table.Asked) -> table.Asked:
    return table.Asked(asked.year, asked.kind, asked.rows, "toutes", asked.counting, asked.unfolded)
