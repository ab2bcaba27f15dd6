"""The communes and quarters: on a map and as a table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Max, Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from axes.http import Versions, public_page
from axes.models import Framework
from cohesion.imports.columns import ColumnField
from cohesion.lib import map_svg
from cohesion.lib.french import decimal_fr
from cohesion.lib.http import base_url, changed_address
from cohesion.lib.map_svg import Number
from cohesion.lib.spreadsheets import Column, Table, known_format, table_file
from cohesion.lib.spreadsheets.tables import Value
from cohesion.lib.text import NARROW_NBSP, count_phrase
from projects.browsing import exports
from projects.browsing.filters import ProjectFilter
from projects.browsing.question import narrowed
from projects.browsing.views.years import year_control
from projects.catalogue import publicity
from projects.choices import QUARTERS, MoneyItem, TerritoryKind
from projects.figures import breakdowns, figures, money
from projects.figures import offers as read_offers
from projects.figures.addresses import list_address, place_parameters
from projects.figures.lasting import Ever
from projects.figures.money import Cents
from projects.figures.periods import ALL, Period
from projects.territory.columns import PUBLIC_COLUMNS, TERRITORIES
from projects.territory.models import Territory

MEASURES = {"projets": "Nombre de projets", "habitants": "Pour 1 000 habitants", "accorde": "Accordé"}
BY_AMOUNT = "accorde"
DRAWN = {"projets": "number", "habitants": "rate", BY_AMOUNT: "thousands"}  # what of a row the map shows
SORTS = {"nom": "Nom", "projets": "Projets"}
FILTERS = ("nature", "pst")
SHOWN = {"toutes": "Toutes", "servies": "Celles qui ont un projet"}
PER = 1000
COUNTED = {"pst": "pst", "prh": "prh", "actions": "action"}  # a column of the file, and the kind that it counts


def drawing(
    numbers: Mapping[int, Number],
    words: Mapping[int, str],
    addresses: Mapping[int, str],
    step_of: Callable[[Number], int] = map_svg.level,
) -> map_svg.Drawing:
    """The communes of the perimeter with a number each, and over them the quarters that ``words`` speak of, in one
    query."""
    perimeter = Territory.objects.in_perimeter().filter(Q(kind=TerritoryKind.COMMUNE) | Q(kind__in=QUARTERS))
    rows = [row for row in perimeter.values_list("pk", "kind", "name", "outline") if row[0] in words]
    drawn = map_svg.draw(
        {pk: outline for pk, _, _, outline in rows},
        {pk: name for pk, _, name, _ in rows},
        numbers,
        words,
        addresses,
        step_of,
    )
    quarters = {pk for pk, kind, _, _ in rows if kind in QUARTERS}
    return replace(
        drawn,
        areas=[area for area in drawn.areas if area.key not in quarters],
        inner=tuple(area for area in drawn.areas if area.key in quarters),
    )


@public_page
def territories(request: HttpRequest, versions: Versions) -> HttpResponse:
    """Every commune of the perimeter with what is done there; the present year unless another is asked."""
    period = Period.from_query(request.GET)
    project_filter = ProjectFilter(narrowed(request.GET, FILTERS, **period.filters), versions.in_force)
    places = figures.places(versions.in_force).within(project_filter.keys())
    ever = figures.ever_in(versions.in_force, period)
    granted = _granted(versions.in_force, period)
    measure = _known(request.GET.get("mesure", ""), _measures(granted))
    sort = _known(request.GET.get("tri", ""), SORTS)
    shown = _known(request.GET.get("montrer", ""), SHOWN)
    row_of = partial(_row, places=places, ever=ever, project_filter=project_filter, granted=granted)
    rows = list(map(row_of, places.communes()))
    numbers = {row["territory"].pk: row[DRAWN[measure]] for row in rows}
    words = {row["territory"].pk: f"{row['territory'].name} : {_words(row, measure)}" for row in rows}
    listed = [row for row in rows if row["number"] or shown != "servies"]
    quarters = [quarter for quarter in places.territories.values() if quarter.kind in QUARTERS]
    today = timezone.localdate()
    living = [quarter for quarter in quarters if quarter.exists_during(today, today)]
    words |= {
        quarter.pk: f"{quarter.name}, quartier : {count_phrase(places.totals[quarter.pk], 'projet')}"
        for quarter in living
    }
    addresses = {pk: _page(places.territories[pk], period) for pk in words}
    drawn = drawing(numbers, words, addresses, _money_step if measure == BY_AMOUNT else map_svg.level)
    inner = {area.key for area in drawn.inner}
    context = {
        "framework": versions.in_force,
        "asked": project_filter,
        **year_control(request, versions.in_force, period),
        "choices": project_filter.choices(*FILTERS),
        "communes": len(rows),
        "rows": listed if sort == "nom" else sorted(listed, key=lambda row: -row["number"]),
        "quarters": list(map(row_of, breakdowns.living_first(quarters))),
        "shown": shown,
        "shown_choices": SHOWN,
        "drawing": drawn,
        "outline_sources": sorted({quarter.source for quarter in living if quarter.pk in inner} - {""}),
        "is_by_name": sort == "nom",
        "shows_served": shown == "servies",
        "sort": sort,
        "formats": exports.FORMATS,
        "file_query": f"?{request.GET.urlencode()}".rstrip("?"),
        "by_name": changed_address(request, tri=None),
        "by_number": changed_address(request, tri="projets"),
        "served": sum(1 for row in rows if row["number"]),
        "has_fragile_rates": any(row["is_fragile"] for row in rows),
        **_measured(rows, measure, granted),
    }
    return render(request, "projects/territories.html", context)


def _measured(rows: list[dict[str, Any]], measure: str, granted: Cents | None) -> dict[str, Any]:
    """What the map shows, what else it may, and the commune where the most is granted."""
    return {
        "measure": measure,
        "measures": _measures(granted),
        "is_by_inhabitant": measure == "habitants",
        "is_by_amount": measure == BY_AMOUNT,
        "shows_granted": granted is not None,
        "most_granted": max(rows, key=lambda row: row["cents"] or 0, default=None),
    }


def _measures(granted: Cents | None) -> dict[str, str]:
    """What the map may show."""
    return {value: label for value, label in MEASURES.items() if value != BY_AMOUNT or granted is not None}


def _columns(site: str, period: Period) -> tuple[Column, ...]:
    """What is public of a territory, in a year; a row is that of the page, with what each kind counts."""
    return (
        *(Column(column.header, partial(_own, column), column.width) for column in PUBLIC_COLUMNS),
        Column("annee", lambda row: str(period.year or ALL), 10),
        Column("projets", lambda row: row["number"], 10),
        Column("servi", lambda row: row["lasting"], 16),
        Column("projets_pour_1000_habitants", lambda row: row["exact_rate"], 14),
        *(Column(header, partial(_of_kind, kind=kind), 10) for header, kind in COUNTED.items()),
        Column("offres", lambda row: row["offers"].offers, 10),
        Column("places_offertes", lambda row: row["offers"].places, 12),
        Column(exports.PAGE, lambda row: f"{site}{_page(row['territory'], period)}", 40),
        Column(exports.CHANGED, lambda row: exports.day_of(row["changed_at"]), 12),
    )


@public_page
def export(request: HttpRequest, versions: Versions, format: str) -> HttpResponseBase:
    """The communes and the quarters that the page lists with the same parameters, with what is public of each."""
    known_format(format, exports.FORMATS)
    period = Period.from_query(request.GET)
    project_filter = ProjectFilter(narrowed(request.GET, FILTERS, **period.filters), versions.in_force)
    places = figures.places(versions.in_force).within(project_filter.keys())
    ever = figures.ever_in(versions.in_force, period)
    communes = [_row(commune, places, ever, project_filter) for commune in places.communes()]
    if _known(request.GET.get("montrer", ""), SHOWN) == "servies":
        communes = [row for row in communes if row["number"]]
    quarters = breakdowns.living_first(
        territory for territory in places.territories.values() if territory.kind in QUARTERS
    )
    rows = [*communes, *(_row(quarter, places, ever, project_filter) for quarter in quarters)]
    whenever = figures.places(versions.in_force).within(project_filter.keys(without=["annee"]))
    _tell_more(
        rows, places, versions.in_force, period, Ever(whenever.members, figures.spans(versions.in_force), period.year)
    )
    table = Table.of("Territoires", _columns(base_url(request), period), rows)
    return table_file(table, format, "territoires")


def _tell_more(
    rows: list[dict[str, Any]], places: breakdowns.Places, framework: Framework | None, period: Period, ever: Ever
) -> None:
    """What the file says beside the page: each kind apart, the offers of the year, the last change."""
    given = read_offers.OffersQuery(period).of_the_year(read_offers.load_offers(places.territories))
    changes = dict(Territory.history.values_list("id").annotate(Max("history_date")))
    for row in rows:
        here = row["territory"]
        own = places.members.get(here.pk, breakdowns.NONE)
        row["kinds"] = {kind: len(own & figures.of_kind(framework, kind)) for kind in COUNTED.values()}
        row["offers"] = read_offers.total(offer for offer in given if here.pk in offer.held_by)
        row["lasting"] = ever.words(here.pk, period.today)
        row["parent"] = places.territories[here.parent_id].name if here.kind in QUARTERS and here.parent_id else None
        row["exact_rate"] = round(float(row["rate"]), 4) if here.population else None
        row["changed_at"] = changes.get(here.pk)


def _own(column: ColumnField, row: dict[str, Any]) -> Value:
    """What a territory says of itself; the commune of a quarter is known already, without another query."""
    return row["parent"] if column is TERRITORIES.by_attribute["parent"] else column.value(row["territory"])


def _of_kind(row: dict[str, Any], kind: str) -> int:
    return row["kinds"][kind]


def _page(territory: Territory, period: Period) -> str:
    return reverse("projects:territory", args=[territory.code]) + period.suffix


def _known(choice: str, choices: Mapping[str, str]) -> str:
    """What is asked, or the first choice."""
    return choice if choice in choices else next(iter(choices))


def _granted(framework: Framework | None, period: Period) -> Cents | None:
    """What is granted to each project of the year, where anybody may read it."""
    if not publicity.is_public(MoneyItem.GRANTED):
        return None
    return money.of_period(framework, period).items[MoneyItem.GRANTED]


def _money_step(thousands: Number) -> int:
    """The step of an amount, as everywhere."""
    return money.AmountGlance(round(thousands * 100_000)).step


def _row(
    territory: Territory,
    places: breakdowns.Places,
    ever: Ever,
    project_filter: ProjectFilter,
    granted: Cents | None = None,
) -> dict[str, Any]:
    """``granted``: by project; a project counts whole in each place where it acts."""
    number = places.totals[territory.pk]
    cents = None if granted is None else money.total(granted, places.members.get(territory.pk, breakdowns.NONE))
    rate = Decimal(number * PER) / territory.population if territory.population else Decimal(0)
    return {
        "territory": territory,
        "number": number,
        "rate": rate,
        "cents": cents,
        "thousands": Decimal(cents or 0) / 100_000,
        "is_fragile": number > 0 and territory.population is not None and territory.population < PER,
        "address": list_address(**place_parameters(territory), **project_filter.raw),
        # Of the year alone: with another filter, what it holds in other years is another question.
        "otherwise": ever.of(territory.pk) if not number and set(project_filter.values) <= {"annee"} else None,
    }


def _words(row: dict[str, Any], measure: str) -> str:
    if measure == "habitants":
        return f"{decimal_fr(row['rate'])} pour 1{NARROW_NBSP}000 habitants"
    if measure == BY_AMOUNT:
        return f"{money.in_words(row['cents'])} accordés" if row["cents"] else "rien n’est accordé"
    return count_phrase(row["number"], "projet")
