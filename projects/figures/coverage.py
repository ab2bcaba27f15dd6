"""The coverage table: what the address asks, its rows, its columns, and the list that each cell leads to."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from axes.document import Node
from axes.levels import ANNOUNCED_LEVELS, ROOT_LEVELS
from cohesion.lib import heat
from cohesion.lib.states import holds
from cohesion.lib.text import fold
from projects.choices import QUARTERS, TerritoryKind
from projects.figures.addresses import KINDS, list_address, place_parameters
from projects.figures.breakdowns import Breakdown, Places
from projects.figures.figures import Serving
from projects.figures.periods import Period
from projects.territory.models import Territory

MOST_SERVED = 15  # columns of territories, unless all are asked
MOST_ROWS = 400  # of the page; the file has them all

KIND_CHOICES = {
    "": "Toutes",
    "pst": "PST",
    "prh": "PRH",
    "action": "Actions",
    "hosted": "Actions de PST",
    "hors": "Actions hors PST",
}
ROW_CHOICES = {
    "axes": "Par axe",
    "objectifs": "Objectifs opérationnels",
    "servis": "Objectifs opérationnels qui ont un projet",
    "priorites": "Jusqu’aux priorités",
}
COLUMN_CHOICES = {
    "servies": "Lieux qui ont le plus de projets",
    "toutes": "Tous les lieux",
    "nature": "Natures de projet",
    "annee": "Années",
}
COUNT_CHOICES = {"branche": "Avec ce qui en découle", "direct": "À ce niveau seulement"}


def _chosen(query: QueryDict, name: str, choices: dict[str, str]) -> str:
    asked = query.get(name, "")
    return asked if asked in choices else next(iter(choices))


@dataclass(frozen=True)
class CoverageQuery:
    """What the address asks; what it does not say, or says wrongly, is as if nothing were chosen."""

    period: Period
    kind: str
    rows: str
    columns: str
    counting: str
    unfolded: frozenset[str]

    @classmethod
    def read(cls, query: QueryDict) -> "CoverageQuery":
        columns = _chosen(query, "colonnes", COLUMN_CHOICES)
        period = Period.read(query)
        return cls(
            # a column of one year would else hold what runs in another too
            period=replace(period, year=None) if columns == "annee" else period,
            kind=_chosen(query, "nature", KIND_CHOICES),
            rows=_chosen(query, "lignes", ROW_CHOICES),
            columns=columns,
            counting=_chosen(query, "compter", COUNT_CHOICES),
            unfolded=frozenset(code for code in query.get("deplier", "").lower().split(",") if code),
        )

    direct = holds("counting", "direct")
    is_by_kind = holds("columns", "nature")
    is_by_year = holds("columns", "annee")
    is_of_served_places = holds("columns", "servies")
    has_folded_rows = holds("rows", "axes")

    @property
    def filters(self) -> dict[str, Any]:
        """The same question in the words of the list of projects."""
        return KINDS.get(self.kind, {}) | self.period.filters


@dataclass(frozen=True)
class CoverageColumn:
    """A column, and what the list of projects must be asked to show what it counts."""

    key: Hashable
    label: str
    parameters: dict[str, str]
    is_quarter: bool = False


@dataclass(frozen=True)
class CoverageCell:
    number: int
    address: str
    column: CoverageColumn | None = None

    @property
    def step(self) -> int:
        return heat.step(self.number)


@dataclass(frozen=True)
class CoverageRow:
    node: Node
    axis: Node
    total: CoverageCell
    cells: list[CoverageCell]
    is_open: bool
    toggled: str  # the value of ``deplier`` once its branch is opened or closed


def columns(breakdown: Breakdown, asked: CoverageQuery) -> list[CoverageColumn]:
    if asked.columns == "nature":
        return [CoverageColumn(key, label, KINDS[str(key)]) for key, label in breakdown.columns.items()]
    if asked.columns == "annee" or not isinstance(breakdown, Places):
        return [CoverageColumn(key, label, {"annee": str(key)}) for key, label in breakdown.columns.items()]
    return [_place_column(one) for one in _places(breakdown, asked)]


def _places(places: Places, asked: CoverageQuery) -> list[Territory]:
    """Quarters, then communes by name: all of the perimeter and all where something is done, or the most served."""
    totals = places.totals
    if asked.columns == "servies":
        ranked = sorted(places.territories.values(), key=lambda one: (-totals[one.pk], fold(one.name), one.pk))
        kept = [one for one in ranked[:MOST_SERVED] if totals[one.pk]]
        return sorted(kept, key=lambda one: (one.kind not in QUARTERS, -totals[one.pk], fold(one.name), one.pk))
    kept = [one for one in places.territories.values() if one.is_in_perimeter or totals[one.pk]]
    return sorted(
        kept, key=lambda one: (one.kind not in QUARTERS, one.kind != TerritoryKind.COMMUNE, fold(one.name), one.pk)
    )


def _place_column(territory: Territory) -> CoverageColumn:
    is_zone = territory.kind == TerritoryKind.SENSITIVE_ZONE
    label = territory.dated_name if "ZUS" in territory.name or not is_zone else f"{territory.dated_name} (ZUS)"
    return CoverageColumn(territory.pk, label, place_parameters(territory), territory.kind in QUARTERS)


def shown(nodes: list[Node], asked: CoverageQuery, served: list[Node]) -> list[Node]:
    """The orientations that have a row, in document order; ``served``: the objectives that have a project."""
    if asked.rows == "servis":
        return served
    if asked.rows == "priorites":
        return nodes
    if asked.rows == "objectifs":
        return [node for node in nodes if node.orientation.level in ROOT_LEVELS | ANNOUNCED_LEVELS]
    return [node for node in nodes if all(above.orientation.code.lower() in asked.unfolded for above in node.path)]


def row(
    node: Node, served: Serving, breakdown: Breakdown, head: list[CoverageColumn], asked: CoverageQuery
) -> CoverageRow:
    """A row of the table: no query."""
    projects = served.projects(node.orientation.pk, direct=asked.direct)
    counts = breakdown.counts(projects)
    own = {"orientation": node.orientation.code} | ({"compter": "direct"} if asked.direct else {})
    base = list_address()

    def cell(number: int, column: CoverageColumn | None) -> CoverageCell:
        parameters = own | asked.filters | (column.parameters if column else {})
        return CoverageCell(number, f"{base}?{urlencode(parameters)}" if number else "", column)

    code = node.orientation.code.lower()
    toggled = asked.unfolded ^ {code}
    return CoverageRow(
        node=node,
        axis=node.axis,
        total=cell(len(projects), None),
        cells=[cell(counts[column.key], column) for column in head],
        is_open=code in asked.unfolded,
        toggled=",".join(sorted(toggled)),
    )
