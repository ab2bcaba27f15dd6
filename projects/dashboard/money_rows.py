"""The rows of the tables of money: which projects each holds, what it has of their amounts, the list that it opens."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property, partial

from axes.document import Node
from axes.models import Framework
from cohesion.lib.text import fold
from projects.browsing.funded import CREDITS, UNCLASSED
from projects.browsing.question import SHARED, WITHOUT_MAIN
from projects.catalogue import publicity
from projects.choices import FunderKind, FundingClass
from projects.dashboard.psts import outside_psts, psts
from projects.figures import facets, figures, money, sharing
from projects.figures.addresses import KINDS, place_parameters
from projects.figures.breakdowns import NONE
from projects.figures.facets import WITHOUT
from projects.figures.money import NOTHING, Cents, Item, Ledger
from projects.figures.periods import Period

Part = Callable[[Cents], int]  # what a row has of an amount that is told by project


@dataclass(frozen=True)
class MoneyRow:
    """A row before its cells. ``parameters``: how the list of projects is asked for it, without its year (its own
    ``period`` says it); ``part``: what it has of an amount; ``only``: the amounts, where they are its own.
    """

    label: str
    keys: Set[int]
    parameters: Mapping[str, str]
    ledger: Ledger
    period: Period
    part: Part
    node: Node | None = None
    depth: int = 0
    only: Mapping[Item, Cents] | None = None

    def cents(self, item: Item) -> Cents:
        """The amounts of the projects of which this row has its part."""
        return self.ledger.items[item] if self.only is None else self.only.get(item, NOTHING)


@dataclass(frozen=True)
class MoneySource:
    """What the rows of a year are read from; ``readable``: the amounts that may order them."""

    in_force: Framework | None
    nodes: list[Node]
    period: Period
    is_shared: bool = False
    unfolded: frozenset[str] = field(default=frozenset())
    is_all_unfolded: bool = False
    readable: Set[str] = publicity.ALL

    @cached_property
    def ledger(self) -> Ledger:
        return money.of_period(self.in_force, self.period)

    @cached_property
    def running(self) -> Set[int]:
        return figures.running(self.in_force, self.period)

    def row(
        self,
        label: str,
        keys: Set[int],
        parameters: Mapping[str, str],
        *,
        part: Part | None = None,
        node: Node | None = None,
        depth: int = 0,
        only: Mapping[Item, Cents] | None = None,
    ) -> MoneyRow:
        """A row of those of these projects that run in the year; without ``part``, of their whole amounts."""
        held = frozenset(keys & self.running)
        whole = partial(money.total, keys=held)
        return MoneyRow(label, held, parameters, self.ledger, self.period, part or whole, node, depth, only)

    def shows_under(self, code: str) -> bool:
        """Whether what stands under an orientation has its rows."""
        return self.is_all_unfolded or code.lower() in self.unfolded

    def largest_first(self, rows: list[MoneyRow], item: Item) -> list[MoneyRow]:
        """By an amount, the most first, where the reader may read it; else, and of the same amount, by their names."""
        if item not in self.readable:
            return sorted(rows, key=lambda row: fold(row.label))
        return sorted(rows, key=lambda row: (-row.part(row.cents(item)), fold(row.label)))

    def everything(self) -> MoneyRow:
        return self.row("Tous les projets, chacun une fois", self.running, {})


# --- the framework ------------------------------------------------------------------------------------------


class Divided:
    """What each orientation, or each place, has of amounts: each amount is divided once for all rows of a page."""

    def __init__(self, divide: Callable[[Cents], Mapping[int, int]]) -> None:
        self._divide = divide
        self._sums: dict[int, tuple[Cents, Mapping[int, int]]] = {}

    def part(self, key: int) -> Part:
        """What the orientation or the place of this key has."""
        return partial(self._part, key)

    def _part(self, key: int, cents: Cents) -> int:
        if id(cents) not in self._sums:  # the amount is held beside its sums, so that no other takes its identity
            self._sums[id(cents)] = (cents, self._divide(cents))
        return self._sums[id(cents)][1].get(key, 0)


def by_orientation(source: MoneySource) -> list[MoneyRow]:
    """The widest orientations and, of those that are unfolded, what stands under them; then what stands under none."""
    attached = sharing.attached(source.in_force, source.nodes)
    branches = Branches(source, attached)
    rows = [row for node in source.nodes if node.parent is None for row in branches.rows(node, 0)]
    unlinked = attached.unlinked(source.running)
    if unlinked or not source.nodes:
        rows.append(source.row(facets.NO_LINK, unlinked, {"axe": WITHOUT}))
    without_main = set() if source.is_shared else attached.without_main(source.running)
    if without_main:
        rows.append(source.row(facets.NO_MAIN, without_main, {"axe": WITHOUT_MAIN}))
    return rows


class Branches:
    """The rows of the tree: of a branch, and of what stands at a level itself beside its unfolded children."""

    def __init__(self, source: MoneySource, attached: sharing.Attached) -> None:
        self.source = source
        reads = figures.published if source.is_shared else figures.mainly_serving
        self.served = reads(source.in_force, source.nodes)
        self.way = {"repartir": SHARED} if source.is_shared else {"rattachement": "principal"}
        self.branch = Divided(partial(attached.by_orientation, is_shared=source.is_shared))
        self.direct = Divided(partial(_direct, attached, is_shared=source.is_shared))

    def rows(self, node: Node, depth: int) -> Iterator[MoneyRow]:
        source, orientation = self.source, node.orientation
        parameters = {"orientation": orientation.code, **self.way}
        part = self.branch.part(node.pk)
        yield source.row(orientation.name, self.served.branch[node.pk], parameters, part=part, node=node, depth=depth)
        if not node.children or not source.shows_under(orientation.code):
            return
        for child in node.children:
            yield from self.rows(child, depth + 1)
        if own := self.served.direct[node.pk] & source.running:
            parameters = {**parameters, "compter": "direct"}
            part = self.direct.part(node.pk)
            yield source.row(f"{orientation.badge}, à ce niveau seulement", own, parameters, part=part, depth=depth + 1)


def _direct(attached: sharing.Attached, cents: Cents, *, is_shared: bool) -> dict[int, int]:
    parts = attached.direct(cents, is_shared=is_shared)
    return {node: sum(amounts.values()) for node, amounts in parts.items()}


# --- places -------------------------------------------------------------------------------------------------


def by_commune(source: MoneySource) -> list[MoneyRow]:
    """Communes, each with its quarters, and places that are in none; then what declares no place."""
    placed = sharing.placed(source.in_force)
    way = {"repartir": SHARED} if source.is_shared else {}
    divided = Divided(partial(placed.by_place, is_shared=True))
    rows = []
    for place in placed.rows:
        keys = placed.members[place.pk] & source.running
        if keys or (place.is_commune and place.is_in_perimeter):
            part = divided.part(place.pk) if source.is_shared else None
            rows.append(source.row(place.dated_name, keys, {**place_parameters(place), **way}, part=part))
    nowhere = placed.nowhere(source.running)
    return [*rows, source.row(facets.NO_PLACE, nowhere, {"commune": WITHOUT})] if nowhere else rows


def by_quarter(source: MoneySource) -> list[MoneyRow]:
    return _by_facet(source, "quartier")


# --- who pays, who leads, what it is ------------------------------------------------------------------------


def by_funder(source: MoneySource) -> list[MoneyRow]:
    """The agglomération for what it grants, then each kind of co-funder for what it brings, the most first."""
    granted = source.ledger.items[Item.GRANTED]
    ours = FunderKind.AGGLOMERATION
    own = {Item.GRANTED: granted, Item.PAID: source.ledger.items[Item.PAID]}
    rows = [_brought(source, str(ours.label), {"financeur": ours}, own, granted.keys())]
    for kind in FunderKind.values:
        holders = {share.project for share in money.published(source.in_force).obtained if share.kind == kind}
        if holders & source.running:
            only = {Item.COFUNDING: source.ledger.funders.get(kind, NOTHING)}
            rows.append(_brought(source, str(FunderKind(kind).label), {"financeur": kind}, only, holders))
    return [rows[0], *source.largest_first(rows[1:], Item.COFUNDING)]


def by_credits(source: MoneySource) -> list[MoneyRow]:
    """Ordinary budgets, specific credits, and what nobody told of: granted, and obtained from others."""
    amounts, rows = money.published(source.in_force), []
    for value, label in CREDITS.items():
        of_class = "" if value == UNCLASSED else str(FundingClass(value))
        granted = source.ledger.granted_by_class.get(of_class, NOTHING)
        only = {Item.GRANTED: granted, Item.COFUNDING: source.ledger.by_class.get(of_class, NOTHING)}
        obtained = {share.project for share in amounts.obtained if share.funding_class == of_class}
        rows.append(_brought(source, label, {"credits": value}, only, granted.keys() | obtained))
    return rows


def _brought(
    source: MoneySource, label: str, parameters: Mapping[str, str], only: Mapping[Item, Cents], keys: Set[int]
) -> MoneyRow:
    return source.row(label, keys, parameters, only=only, part=money.total)


def by_pst(source: MoneySource) -> list[MoneyRow]:
    """Each PST with what it contains; then what is in none."""
    made = [source.row(*group) for group in psts(source.in_force) if group.keys & source.running]
    rest = [source.row(*group) for group in outside_psts(source.in_force)]
    return [*source.largest_first(made, Item.GRANTED), *[row for row in rest if row.keys]]


def by_lead(source: MoneySource) -> list[MoneyRow]:
    """Each organisation with what it leads, first or beside another."""
    return source.largest_first(_by_facet(source, "porteur"), Item.GRANTED)


def by_scheme(source: MoneySource) -> list[MoneyRow]:
    rows = _by_facet(source, "dispositif")
    without = source.running - frozenset().union(*facets.facet("dispositif", source.in_force).members.values())
    rows = source.largest_first(rows, Item.GRANTED)
    return [*rows, source.row(facets.NO_SCHEME, without, {"dispositif": WITHOUT})] if without else rows


def by_kind(source: MoneySource) -> list[MoneyRow]:
    kinds = figures.kinds(source.in_force)
    return [
        source.row(label, kinds.members.get(key, NONE), KINDS[str(key)])
        for key, label in kinds.columns.items()
        if kinds.members.get(key, NONE) & source.running
    ]


def by_year(source: MoneySource) -> list[MoneyRow]:
    """Each year with what counts in it; then, of all years, what runs in none that is offered."""
    years, today = figures.years(source.in_force, source.period.today), source.period.today
    rows = []
    for key, label in years.columns.items():
        of_year = MoneySource(source.in_force, source.nodes, Period(int(str(key)), today)) if _is_year(key) else None
        if of_year is not None:
            rows.append(of_year.row(label, of_year.running, {}))
            continue
        keys = frozenset(years.members[key])
        ledger = Ledger.of(money.published(source.in_force), keys)
        rows.append(MoneyRow(label, keys, {"annee": str(key)}, ledger, Period(None, today), part=money.total))
    return rows


def _is_year(key: Hashable) -> bool:
    return str(key).isdecimal()


def _by_facet(source: MoneySource, name: str) -> list[MoneyRow]:
    """The choices of a filter of the list that hold a project of the year."""
    facet = facets.facet(name, source.in_force)
    rows = [source.row(label, facet.members.get(value, NONE), {name: value}) for value, label in facet.labels.items()]
    return [row for row in rows if row.keys and row.parameters[name] != WITHOUT]


ROWS: dict[str, Callable[[MoneySource], list[MoneyRow]]] = {
    "axe": by_orientation,
    "financeur": by_funder,
    "credits": by_credits,
    "commune": by_commune,
    "quartier": by_quarter,
    "pst": by_pst,
    "structure": by_lead,
    "nature": by_kind,
    "dispositif": by_scheme,
    "annee": by_year,
}
