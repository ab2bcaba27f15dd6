"""Where the framework is served, and what nobody does: one table, its file, and lists by name."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes import document
from axes.addresses import orientation_address
from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.lib import spreadsheets
from cohesion.lib.http import base_url, changed_address, paged
from cohesion.lib.spreadsheets.tables import Value
from projects.browsing import exports
from projects.browsing.views.years import year_control
from projects.figures import breakdowns, figures, gaps, periods
from projects.figures import coverage as table
from projects.figures import offers as read_offers
from projects.figures.addresses import KINDS, list_address, served_communes_address
from projects.figures.facets import WITHOUT

NEEDS_PAGE, GAPS_PAGE = 25, 200


@public_page
def coverage(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The gap radar of the framework in force."""
    if versions.in_force is None:
        return render(request, "axes/no_framework.html", {"versions": versions})
    asked = table.CoverageQuery.read(request.GET)
    read = _read(versions.in_force, asked)
    rows = table.shown(read["nodes"], asked, read["headlines"].objectives_served)
    missing = gaps.read(read["nodes"], read["figures"].served, read["ever"])
    mesh = _mesh(versions.in_force, read["figures"].places, asked)
    context = {
        "asked": asked,
        "framework": versions.in_force,
        "is_large": len(read["nodes"]) > document.LARGE,
        "headlines": read["headlines"],
        "waiting": len(figures.waiting(versions.in_force)),
        "gaps": missing,
        "communes": _empty_communes(versions.in_force, read["headlines"], asked),
        "never": paged(request, missing.never, GAPS_PAGE, parameter="vides", anchor="jamais"),
        "without_orientation": _needs(request, missing.needs_without_orientation, "sans_orientation"),
        "without_project": _needs(request, missing.needs_without_project, "sans_projet"),
        "mesh": mesh,
        "mesh_address": f"{reverse('projects:offers')}{asked.period.suffix}",
        **year_control(
            request, versions.in_force, asked.period, without="colonnes" if asked.columns == "annee" else ""
        ),
        "outside": _outside(versions.in_force, read["nodes"], asked),
        "head": read["head"],
        "rows": [_with_toggle(request, one) for one in _rows(rows[: table.MOST_ROWS], read, asked)],
        "is_cut": len(rows) > table.MOST_ROWS,
        "hidden_places": len(table.columns(read["figures"].places, _everywhere(asked))) - len(read["head"]),
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
            "objectives": f"{changed_address(request, lignes='servis', compter=None)}#matrice",
            "communes": served_communes_address(asked.filters, asked.period),
            "everywhere": f"{changed_address(request, colonnes='toutes')}#matrice",
        },
    }
    return render(request, "projects/coverage.html", context)


@public_page
def export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The table that the page shows with the same parameters, whole, as CSV."""
    headers: list[str] = ["annee", "code", "niveau", "orientation", "compte", "tous"]
    lines: list[list[Value]] = []
    if versions.in_force is not None:
        asked = table.CoverageQuery.read(request.GET)
        read = _read(versions.in_force, asked)
        headers += [*(column.label for column in read["head"]), exports.PAGE, exports.CHANGED]
        changes = dict(versions.in_force.orientations.values_list("pk", "updated_at"))
        site = base_url(request)
        for one in _rows(table.shown(read["nodes"], asked, read["headlines"].objectives_served), read, asked):
            orientation = one.node.orientation
            named = [
                str(asked.period.year or periods.ALL),
                orientation.code,
                orientation.level_label,
                orientation.display_title,
                asked.counting,
            ]
            page = f"{site}{orientation_address(orientation)}{asked.period.suffix}"
            told = [page, exports.day_of(changes.get(orientation.pk))]
            lines.append([*named, one.total.number, *(cell.number for cell in one.cells), *told])
    content = spreadsheets.write("csv", [spreadsheets.Table("Couverture", headers, lines)])
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="couverture.csv"'
    return response


@public_page
def needs_export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The lists of needs that the page shows with the same parameters, whole, as CSV, a line each."""
    headers = ["liste", "code", "orientation", "besoin", "entendu_le", "lieu", "fois", "projets"]
    lines: list[list[Value]] = []
    if versions.in_force is not None:
        asked = table.CoverageQuery.read(request.GET)
        read = _read(versions.in_force, asked)
        served = read["figures"].served
        found = gaps.read(read["nodes"], served, read["ever"])
        lines = gaps.lines(found, served)
    content = spreadsheets.write("csv", [spreadsheets.Table("Besoins", headers, lines)])
    response = HttpResponse(content, content_type=spreadsheets.CONTENT_TYPES["csv"])
    response.headers["Content-Disposition"] = 'attachment; filename="besoins.csv"'
    return response


def _needs(request: HttpRequest, rows: list[Any], parameter: str) -> dict[str, Any]:
    return paged(request, rows, NEEDS_PAGE, parameter=parameter, anchor=parameter.replace("_", "-"))


def _mesh(framework: Framework, places: breakdowns.Places, asked: table.CoverageQuery) -> read_offers.Mesh:
    """The offers of the same year, by kind."""
    found = read_offers.published(framework, places.territories)
    wanted = read_offers.OffersQuery(asked.period)
    return read_offers.mesh(wanted.of_the_year(found), wanted, places.communes())


def _read(framework: Framework, asked: table.CoverageQuery) -> dict[str, Any]:
    """What the page and the file share, in a constant number of queries."""
    nodes = document.kept(framework)
    found = figures.of_period(framework, nodes, asked.period, kind=asked.kind)
    breakdown = {"nature": found.kinds}.get(asked.columns, found.places)
    if asked.columns == "annee":
        breakdown = figures.years(framework, asked.period.today)
    return {
        "nodes": nodes,
        "figures": found,
        "ever": figures.ever(framework, nodes, asked.period),
        "breakdown": breakdown,
        "head": table.columns(breakdown, asked),
        "headlines": figures.headlines(nodes, found),
    }


def _outside(
    framework: Framework, nodes: list[document.Node], asked: table.CoverageQuery
) -> list[tuple[int, str, str]]:
    """What the table does not show, for want of an objective, a place or a date: how many, what, and their list.

    What has no year is asked among all years, the rest among what the page is about.
    """
    within = figures.running(framework, asked.period) & figures.of_kind(framework, asked.kind)
    lines = [
        (len(within & figures.unlinked(framework, nodes)), "sans rattachement au cadre en vigueur", {"axe": WITHOUT}),
        (len(within & figures.nowhere(framework)), "sans lieu déclaré", {"commune": WITHOUT}),
    ]
    addresses = [(number, words, list_address(**{**asked.filters, **more})) for number, words, more in lines]
    of_kind = figures.of_kind(framework, asked.kind)
    years = figures.years(framework, asked.period.today)
    for key, label in years.columns.items():
        if not str(key).isdecimal():
            number = len(years.members[key] & of_kind)
            address = list_address(**{**KINDS.get(asked.kind, {}), "annee": str(key)})
            addresses.append((number, f"{label[:1].lower()}{label[1:]}", address))
    return [line for line in addresses if line[0]]


def _empty_communes(framework: Framework, headlines: figures.Headlines, asked: table.CoverageQuery) -> dict[str, Any]:
    """Those that have no project: that had one, that shall, that never did."""
    ever = figures.ever_in(framework, asked.period)
    found = [(one, ever.of(one.pk)) for one in headlines.communes_empty]
    return {
        "over": [(one, when) for one, when in found if when.is_over],
        "awaited": [(one, when) for one, when in found if when.is_awaited],
        "never": [one for one, when in found if not when.is_over and not when.is_awaited],
    }


def _rows(nodes: list[document.Node], read: dict[str, Any], asked: table.CoverageQuery) -> list[table.CoverageRow]:
    return [table.row(node, read["figures"].served, read["breakdown"], read["head"], asked) for node in nodes]


def _with_toggle(request: HttpRequest, row: table.CoverageRow) -> tuple[table.CoverageRow, str]:
    """The row, and the address that opens or closes its branch and comes back to it."""
    return row, f"{changed_address(request, deplier=row.toggled)}#o-{row.node.orientation.code}"


def _everywhere(asked: table.CoverageQuery) -> table.CoverageQuery:
    return replace(asked, columns="toutes")
