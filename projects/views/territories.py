"""The communes and quarters: on a map and as a table."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes.http import Versions, public_page
from cohesion.lib import map_svg
from cohesion.lib.french import decimal_fr
from cohesion.lib.http import changed_address
from cohesion.lib.map_svg import Number
from cohesion.lib.text import NARROW_NBSP, count_phrase, fold
from projects import breakdowns, figures
from projects.addresses import list_address, place_parameters
from projects.filters import ProjectFilter, narrowed
from projects.lasting import Ever
from projects.models import Territory
from projects.periods import Period
from projects.views.years import year_control

MEASURES = {"projets": "Nombre de projets", "habitants": "Projets pour 1 000 habitants"}
SORTS = {"nom": "Nom", "projets": "Projets"}
FILTERS = ("nature", "pst")
SHOWN = {"toutes": "Toutes", "servies": "Celles qui ont un projet"}
PER = 1000


def drawing(numbers: Mapping[int, Number], words: Mapping[int, str], addresses: Mapping[int, str]) -> map_svg.Drawing:
    """The communes of the perimeter with a number each, in one query."""
    communes = Territory.objects.communes().in_perimeter().values_list("pk", "name", "outline")
    outlines = {pk: outline for pk, _, outline in communes}
    return map_svg.draw(outlines, {pk: name for pk, name, _ in communes}, numbers, words, addresses)


@public_page
def territories(request: HttpRequest, versions: Versions) -> HttpResponse:
    """Every commune of the perimeter with what is done there; the present year unless another is asked."""
    period = Period.read(request.GET)
    asked = ProjectFilter(narrowed(request.GET, FILTERS, **period.filters), versions.in_force)
    places = figures.places(versions.in_force).within(asked.keys())
    ever = figures.ever_in(versions.in_force, period)
    measure = _known(request.GET.get("mesure", ""), MEASURES)
    sort = _known(request.GET.get("tri", ""), SORTS)
    shown = _known(request.GET.get("montrer", ""), SHOWN)
    rows = [_row(one, places, ever, asked) for one in places.communes()]
    numbers = {row["territory"].pk: row["rate"] if measure == "habitants" else row["number"] for row in rows}
    words = {row["territory"].pk: f"{row['territory'].name} : {_words(row, measure)}" for row in rows}
    addresses = {
        row["territory"].pk: reverse("projects:territory", args=[row["territory"].code]) + period.suffix for row in rows
    }
    listed = [row for row in rows if row["number"] or shown != "servies"]
    quarters = [one for one in places.territories.values() if one.kind in ("qpv", "zus")]
    context = {
        "asked": asked,
        **year_control(request, versions.in_force, period),
        "choices": asked.choices(*FILTERS),
        "communes": len(rows),
        "rows": listed if sort == "nom" else sorted(listed, key=lambda row: -row["number"]),
        "quarters": [_row(one, places, ever, asked) for one in sorted(quarters, key=lambda one: fold(one.name))],
        "shown": shown,
        "shown_choices": SHOWN,
        "drawing": drawing(numbers, words, addresses),
        "measure": measure,
        "measures": MEASURES,
        "sort": sort,
        "by_name": changed_address(request, tri=None),
        "by_number": changed_address(request, tri="projets"),
        "served": sum(1 for row in rows if row["number"]),
    }
    return render(request, "projects/territories.html", context)


def _known(asked: str, choices: Mapping[str, str]) -> str:
    """What is asked, or the first choice."""
    return asked if asked in choices else next(iter(choices))


def _row(territory: Territory, places: breakdowns.Places, ever: Ever, asked: ProjectFilter) -> dict[str, Any]:
    number = places.totals[territory.pk]
    rate = Decimal(number * PER) / territory.population if territory.population else Decimal(0)
    return {
        "territory": territory,
        "number": number,
        "rate": rate,
        "address": list_address(**place_parameters(territory), **asked.raw),
        # Of the year alone: with another filter, what it holds in other years is another question.
        "otherwise": ever.of(territory.pk) if not number and set(asked.values) <= {"annee"} else None,
    }


def _words(row: dict[str, Any], measure: str) -> str:
    if measure == "habitants":
        return f"{decimal_fr(row['rate'])} pour 1{NARROW_NBSP}000 habitants"
    return count_phrase(row["number"], "projet")
