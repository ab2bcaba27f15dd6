"""The coverage table: what the address asks, its rows, its columns, and the list that each cell leads to.

Which projects serve an orientation is counted once, in :mod:`projects.figures.figures`.
"""

from collections import Counter
from collections.abc import Hashable, Set
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from axes.document import Node
from axes.levels import ANNOUNCED_LEVELS, ROOT_LEVELS
from cohesion.lib import heat
from cohesion.lib.states import holds
from cohesion.lib.text import NBSP, count_phrase, fold, number_fr
from projects.catalogue import publicity
from projects.choices import QUARTERS, MoneyItem, TerritoryKind
from projects.figures.addresses import KINDS, list_address, named, place_parameters
from projects.figures.breakdowns import Breakdown, Places
from projects.figures.figures import Serving
from projects.figures.money import AmountGlance, Cents, in_cell, in_words, total
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
    "servies": "Lieux les plus actifs",
    "toutes": "Tous les lieux",
    "nature": "Natures de projet",
    "annee": "Années",
}
COUNT_CHOICES = {"branche": "Avec ce qui en découle", "direct": "À ce niveau seulement"}
BY_AMOUNT = "accorde"
MEASURES = {"projets": "Nombre de projets", BY_AMOUNT: "Euros accordés"}


def measures() -> dict[str, str]:
    """What a cell may say: amounts, only where anybody may read what is granted."""
    hidden = () if publicity.is_public(MoneyItem.GRANTED) else (BY_AMOUNT,)
    return {measure: label for measure, label in MEASURES.items() if measure not in hidden}


def _chosen(query: QueryDict, name: str, choices: dict[str, str]) -> str:
    choice = query.get(name, "")
    return choice if choice in choices else next(iter(choices))


@dataclass(frozen=True)
class CoverageQuery:
    """What the address asks; what it does not say, or says wrongly, is as if nothing were chosen."""

    period: Period
    kind: str
    rows: str
    columns: str
    counting: str
    unfolded: frozenset[str]
    measure: str

    @classmethod
    def from_query(cls, query: QueryDict) -> "CoverageQuery":
        columns = _chosen(query, "colonnes", COLUMN_CHOICES)
        period = Period.from_query(query)
        return cls(
            # a column of one year would else hold what runs in another too
            period=replace(period, year=None) if columns == "annee" else period,
            kind=_chosen(query, "nature", KIND_CHOICES),
            rows=_chosen(query, "lignes", ROW_CHOICES),
            columns=columns,
            counting=_chosen(query, "compter", COUNT_CHOICES),
            unfolded=frozenset(code for code in query.get("deplier", "").lower().split(",") if code),
            measure=_chosen(query, "mesure", measures()),
        )

    is_of_amounts = holds("measure", BY_AMOUNT)
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
    """``number``: of projects, or of cents where the table ``is_of_amounts``."""

    number: int
    address: str
    column: CoverageColumn | None = None
    is_of_amounts: bool = False

    @property
    def step(self) -> int:
        return AmountGlance(self.number).step if self.is_of_amounts else heat.step(self.number)

    @property
    def words(self) -> str:
        return AmountGlance(self.number).words if self.is_of_amounts else number_fr(self.number)

    @property
    def in_file(self) -> float | int | None:
        return in_cell(self.number) if self.is_of_amounts else self.number

    @property
    def long_words(self) -> str:
        return f"{in_words(self.number)} accordés" if self.is_of_amounts else count_phrase(self.number, "projet")


@dataclass(frozen=True)
class CoverageRow:
    node: Node
    axis: Node
    total: CoverageCell
    cells: list[CoverageCell]
    is_open: bool
    toggled: str  # the value of ``deplier`` once its branch is opened or closed


def columns(breakdown: Breakdown, query: CoverageQuery) -> list[CoverageColumn]:
    if query.columns == "nature":
        return [CoverageColumn(key, label, KINDS[str(key)]) for key, label in breakdown.columns.items()]
    if query.columns == "annee" or not isinstance(breakdown, Places):
        return [CoverageColumn(key, label, {"annee": str(key)}) for key, label in breakdown.columns.items()]
    return [_place_column(place) for place in _places(breakdown, query)]


def _places(places: Places, query: CoverageQuery) -> list[Territory]:
    """Quarters, then communes by name: all of the perimeter and all where something is done, or the most served."""
    totals = places.totals

    def by_number(place: Territory) -> tuple[int, str, int]:
        return -totals[place.pk], fold(place.name), place.pk

    def by_name(place: Territory) -> tuple[bool, str, int]:
        return place.kind != TerritoryKind.COMMUNE, fold(place.name), place.pk

    if query.columns == "servies":
        most_served = sorted(places.territories.values(), key=by_number)[:MOST_SERVED]
        ranked = [place for place in most_served if totals[place.pk]]
    else:
        kept = [place for place in places.territories.values() if place.is_in_perimeter or totals[place.pk]]
        ranked = sorted(kept, key=by_name)
    return sorted(ranked, key=lambda place: place.kind not in QUARTERS)


def _place_column(territory: Territory) -> CoverageColumn:
    is_zone = territory.kind == TerritoryKind.SENSITIVE_ZONE
    label = territory.dated_name if "ZUS" in territory.name or not is_zone else f"{territory.dated_name} (ZUS)"
    return CoverageColumn(territory.pk, label, place_parameters(territory), territory.kind in QUARTERS)


def shown(nodes: list[Node], query: CoverageQuery, served: list[Node]) -> list[Node]:
    """The orientations that have a row, in document order; ``served``: the objectives that have a project."""
    if query.rows == "servis":
        return served
    if query.rows == "priorites":
        return nodes
    if query.rows == "objectifs":
        return [node for node in nodes if node.orientation.level in ROOT_LEVELS | ANNOUNCED_LEVELS]
    return [node for node in nodes if _is_unfolded(node, query)]


def _is_unfolded(node: Node, query: CoverageQuery) -> bool:
    return all(above.orientation.code.lower() in query.unfolded for above in node.path)


def row(
    node: Node,
    served: Serving,
    breakdown: Breakdown,
    head: list[CoverageColumn],
    query: CoverageQuery,
    granted: Cents | None = None,
) -> CoverageRow:
    """A row of the table: no query. ``granted``: what is granted to each project that counts, where the table is of
    amounts; ``served`` is then of main orientations, under which an amount counts whole."""
    projects = served.projects(node.orientation.pk, direct=query.direct)
    own = {"orientation": node.orientation.code, **named(node.orientation.framework)}
    own |= {"compter": "direct"} if query.direct else {}
    own |= {"rattachement": "principal"} if granted is not None else {}
    base = list_address()

    def cell(number: int, column: CoverageColumn | None) -> CoverageCell:
        parameters = own | query.filters | (column.parameters if column else {})
        address = f"{base}?{urlencode(parameters)}" if number else ""
        return CoverageCell(number, address, column, is_of_amounts=granted is not None)

    if granted is None:
        whole, numbers = len(projects), breakdown.counts(projects)
    else:
        whole, numbers = total(granted, projects), _amounts(granted, projects, breakdown)
    code = node.orientation.code.lower()
    toggled = query.unfolded ^ {code}
    return CoverageRow(
        node=node,
        axis=node.axis,
        total=cell(whole, None),
        cells=[cell(numbers[column.key], column) for column in head],
        is_open=code in query.unfolded,
        toggled=",".join(sorted(toggled)),
    )


def _amounts(granted: Cents, projects: Set[int], breakdown: Breakdown) -> Counter[Hashable]:
    """What each column holds of what is granted to these projects: whole in each."""
    keys = projects & granted.keys()
    return Counter({key: total(granted, keys & held) for key, held in breakdown.members.items()})


def sentence(rows: list[CoverageRow]) -> str:
    """Where most is done, and how much of the table is empty; nothing of a table without cells."""
    cells = [(row, cell) for row in rows for cell in row.cells]
    if not cells:
        return ""
    row, most = max(cells, key=lambda pair: pair[1].number)
    empty = sum(1 for _, cell in cells if not cell.number)
    if not most.number or most.column is None:
        return "Toutes les cases sont vides."
    where = f"«{NBSP}{row.node.orientation.badge}, {most.column.label}{NBSP}»"
    empty_words = count_phrase(empty, "case vide", "cases vides")
    return f"Au plus haut, {where}{NBSP}: {most.long_words}\u202f; {empty_words} sur {number_fr(len(cells))}."
