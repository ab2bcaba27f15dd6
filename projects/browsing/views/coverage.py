"""Where the framework is served, and what nobody does: one table, its file, and lists by name."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes import adoption, document
from axes.addresses import orientation_address
from axes.http import Versions, public_page
from axes.models import Framework
from axes.subjects import subjects_of
from cohesion.lib import spreadsheets
from cohesion.lib.http import base_url, changed_address, file_answer, paged
from cohesion.lib.spreadsheets.tables import Value
from projects.browsing import exports
from projects.browsing.question import WITHOUT_MAIN
from projects.browsing.views.years import year_control
from projects.choices import MoneyItem
from projects.figures import breakdowns, figures, gaps, money, periods, sharing
from projects.figures import coverage as table
from projects.figures import offers as read_offers
from projects.figures.addresses import KINDS, list_address, named, served_communes_address
from projects.figures.facets import WITHOUT

NEEDS_PAGE, GAPS_PAGE = 25, 200
CHOICES = {
    "kinds": table.KIND_CHOICES,
    "rows": table.ROW_CHOICES,
    "columns": table.COLUMN_CHOICES,
    "counts": table.COUNT_CHOICES,
}


@public_page
def coverage(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The gap radar of the framework in force, or of one that is in force beside it (``cadre``)."""
    if versions.in_force is None:
        return render(request, "axes/no_framework.html", {"versions": versions})
    framework, ignored = _asked_framework(request, versions)
    query = table.CoverageQuery.from_query(request.GET)
    reading = _read_figures(versions.in_force, framework, query)
    rows = table.shown(reading["nodes"], query, reading["headlines"].objectives_served)
    missing = gaps.find_gaps(reading["nodes"], reading["figures"].served, reading["ever"])
    everywhere = f"{changed_address(request, colonnes='toutes')}#matrice"
    mesh = _mesh(versions.in_force, reading["figures"].places, query)
    continuity = adoption.continuity(framework)
    shown = _rows(rows[: table.MOST_ROWS], reading, query)
    context = {
        "asked": query,
        "framework": framework,
        "beside": versions.beside,
        "ignored": ignored,
        "named": named(framework),
        "is_large": len(reading["nodes"]) > document.LARGE,
        "headlines": reading["headlines"],
        "waiting": len(figures.waiting(versions.in_force)),
        "continuity": continuity if continuity.new or continuity.gone else None,
        "gaps": missing,
        "communes": _empty_communes(reading),
        "never": paged(request, missing.never, GAPS_PAGE, parameter="vides", anchor="jamais"),
        "without_orientation": _needs(request, missing.needs_without_orientation, "sans_orientation"),
        "without_project": _needs(request, missing.needs_without_project, "sans_projet"),
        "mesh": mesh,
        "mesh_address": f"{reverse('projects:offers')}{query.period.suffix}",
        **year_control(
            request, versions.in_force, query.period, without="colonnes" if query.columns == "annee" else ""
        ),
        "outside": [] if framework.is_beside else _outside(versions, reading["nodes"], query),
        "head": reading["head"],
        "sentence": table.sentence([row for row in shown if row.node.parent is None or not query.has_folded_rows]),
        "rows": [_with_toggle(request, row) for row in shown],
        "is_cut": len(rows) > table.MOST_ROWS,
        "hidden_places": len(table.columns(reading["figures"].places, _everywhere(query))) - len(reading["head"]),
        "all_address": list_address(**named(framework), **query.filters),
        "file_address": f"{request.path}export.csv?{request.GET.urlencode()}".rstrip("?"),
        "needs_address": f"{request.path}besoins.csv?{request.GET.urlencode()}".rstrip("?"),
        "choices": {**CHOICES, "measures": table.measures()},
        "addresses": {
            "objectives": f"{changed_address(request, lignes='servis', compter=None)}#matrice",
            "communes": everywhere if framework.is_beside else served_communes_address(query.filters, query.period),
            "everywhere": everywhere,
        },
    }
    return render(request, "projects/coverage.html", context)


@public_page
def export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The table that the page shows with the same parameters, whole, as CSV."""
    headers: list[str] = ["annee", "code", "niveau", "orientation", "compte", "tous"]
    lines: list[list[Value]] = []
    name, about = "couverture.csv", subjects_of(None)
    if versions.in_force is not None:
        framework, _ = _asked_framework(request, versions)
        about = subjects_of(framework)
        name = f"couverture-{framework.slug}.csv" if framework.is_beside else name
        query = table.CoverageQuery.from_query(request.GET)
        reading = _read_figures(versions.in_force, framework, query)
        headers += [column.label for column in reading["head"]]
        headers += ["servi", exports.PAGE, exports.CHANGED, "mesure"]
        ever = figures.ever(
            versions.in_force, reading["nodes"], query.period, kind=query.kind, direct=query.counting == "direct"
        )
        changes = dict(framework.orientations.values_list("pk", "updated_at"))
        site = base_url(request)
        for row in _rows(table.shown(reading["nodes"], query, reading["headlines"].objectives_served), reading, query):
            orientation = row.node.orientation
            first = [
                str(query.period.year or periods.ALL),
                orientation.code,
                orientation.level_label,
                orientation.display_title,
                query.counting,
            ]
            page = f"{site}{orientation_address(orientation)}{query.period.suffix}"
            more = [
                ever.words(orientation.pk, query.period.today),
                page,
                exports.day_of(changes.get(orientation.pk)),
                query.measure,
            ]
            lines.append([*first, row.total.in_file, *(cell.in_file for cell in row.cells), *more])
    content = spreadsheets.write("csv", [spreadsheets.Table("Couverture", headers, lines, about=about)])
    return file_answer(content, spreadsheets.CONTENT_TYPES["csv"], name)


@public_page
def needs_export(request: HttpRequest, versions: Versions) -> HttpResponse:
    """The lists of needs that the page shows with the same parameters, whole, as CSV, a line each."""
    headers = ["liste", "code", "orientation", "besoin", "entendu_le", "lieu", "fois", "projets"]
    lines: list[list[Value]] = []
    about = subjects_of(None)
    if versions.in_force is not None:
        query = table.CoverageQuery.from_query(request.GET)
        framework, _ = _asked_framework(request, versions)
        about = subjects_of(framework)
        reading = _read_figures(versions.in_force, framework, query)
        served = reading["figures"].served
        missing = gaps.find_gaps(reading["nodes"], served, reading["ever"])
        lines = gaps.lines(missing, served)
    content = spreadsheets.write("csv", [spreadsheets.Table("Besoins", headers, lines, about=about)])
    return file_answer(content, spreadsheets.CONTENT_TYPES["csv"], "besoins.csv")


def _needs(request: HttpRequest, rows: list[Any], parameter: str) -> dict[str, Any]:
    return paged(request, rows, NEEDS_PAGE, parameter=parameter, anchor=parameter.replace("_", "-"))


def _mesh(framework: Framework, places: breakdowns.Places, query: table.CoverageQuery) -> read_offers.Mesh:
    """The offers of the same year, by kind."""
    published = read_offers.published(framework, places.territories)
    wanted = read_offers.OffersQuery(query.period)
    return read_offers.mesh(wanted.of_the_year(published), wanted, places.communes())


def _asked_framework(request: HttpRequest, versions: Versions) -> tuple[Framework, str]:
    """The framework in force that the address names, else that of the reference programme; a sentence, where the name
    means none."""
    assert versions.in_force is not None
    slug = request.GET.get("cadre", "")
    chosen = next((version for version in (versions.in_force, *versions.beside) if version.slug == slug), None)
    if chosen is not None or not slug:
        return chosen or versions.in_force, ""
    return versions.in_force, "Cadre : cette valeur ne désigne aucun cadre en vigueur, voici celui de référence."


def _read_figures(in_force: Framework, framework: Framework, query: table.CoverageQuery) -> dict[str, Any]:
    """What the page and the file share, in a constant number of queries. Those of a framework that is in force beside
    the reference one are of what serves it alone."""
    nodes = document.kept(framework)
    period_figures = figures.of_period(in_force, nodes, query.period, kind=query.kind)
    years, places = figures.years(in_force, query.period.today), figures.places(in_force)
    if framework.is_beside:
        linked = figures.linked(in_force, nodes)
        period_figures, years, places = period_figures.within(linked), years.within(linked), places.within(linked)
    breakdown = {"nature": period_figures.kinds, "annee": years}.get(query.columns, period_figures.places)
    of_kind = figures.of_kind(in_force, query.kind)
    serving, granted = period_figures.served, None
    if query.is_of_amounts:
        serving = figures.mainly_serving(in_force, nodes)
        amounts = money.of_period(in_force, query.period).items[MoneyItem.GRANTED]
        granted = {pk: cents for pk, cents in amounts.items() if pk in of_kind}
    return {
        "nodes": nodes,
        "serving": serving,
        "granted": granted,
        "figures": period_figures,
        "ever": figures.ever(in_force, nodes, query.period, kind=query.kind),
        "ever_in": figures.ever_in(in_force, query.period, kind=query.kind, held=places),
        "breakdown": breakdown,
        "head": table.columns(breakdown, query),
        "headlines": figures.headlines(nodes, period_figures),
    }


def _outside(versions: Versions, nodes: list[document.Node], query: table.CoverageQuery) -> list[tuple[int, str, str]]:
    """What the table does not show, for want of an objective, a place or a date: how many, what, and their list.

    What has no year is asked among all years, the rest among what the page is about.
    """
    framework = versions.in_force
    within = figures.running(framework, query.period) & figures.of_kind(framework, query.kind)
    unlinked = within & figures.unlinked(framework, nodes)
    elsewhere = figures.elsewhere_words(figures.beside_only(framework, versions.beside, within))
    lines = [
        (len(unlinked), f"sans rattachement au cadre en vigueur{elsewhere}", {"axe": WITHOUT}),
        (len(within & figures.nowhere(framework)), "sans lieu déclaré", {"commune": WITHOUT}),
    ]
    if query.is_of_amounts:
        without_main = sharing.attached(framework, nodes).without_main(within)
        lines.append((len(without_main), "sans orientation principale", {"axe": WITHOUT_MAIN}))
    addresses = [(number, words, list_address(**{**query.filters, **more})) for number, words, more in lines]
    of_kind = figures.of_kind(framework, query.kind)
    years = figures.years(framework, query.period.today)
    for key, label in years.columns.items():
        if not str(key).isdecimal():
            number = len(years.members[key] & of_kind)
            address = list_address(**{**KINDS.get(query.kind, {}), "annee": str(key)})
            addresses.append((number, f"{label[:1].lower()}{label[1:]}", address))
    return [line for line in addresses if line[0]]


def _empty_communes(reading: dict[str, Any]) -> dict[str, Any]:
    """Those that have no project: that had one, that shall, that never did."""
    communes = [(commune, reading["ever_in"].of(commune.pk)) for commune in reading["headlines"].communes_empty]
    return {
        "over": [(commune, when) for commune, when in communes if when.is_over],
        "awaited": [(commune, when) for commune, when in communes if when.is_awaited],
        "never": [commune for commune, when in communes if not when.is_over and not when.is_awaited],
    }


def _rows(nodes: list[document.Node], reading: dict[str, Any], query: table.CoverageQuery) -> list[table.CoverageRow]:
    return [
        table.row(node, reading["serving"], reading["breakdown"], reading["head"], query, reading["granted"])
        for node in nodes
    ]


def _with_toggle(request: HttpRequest, row: table.CoverageRow) -> tuple[table.CoverageRow, str]:
    """The row, and the address that opens or closes its branch and comes back to it."""
    return row, f"{changed_address(request, deplier=row.toggled)}#o-{row.node.orientation.code}"


def _everywhere(query: table.CoverageQuery) -> table.CoverageQuery:
    return replace(query, columns="toutes")
