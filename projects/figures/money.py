"""The amounts of projects, in whole cents: of what they are, from whom they come, and how they add up.

Decided once, and told on every page (docs/decisions/16-money.md):

- an amount counts whole in each year of which its project runs a day: the sum of a year is that of the projects which
  run in it, and years do not add up;
- what is *planned* of a PST says again what its parts plan: it counts only if none of its parts, among the projects
  that are counted with it, has an amount of the same item. What is *decided* counts file by file;
- a co-funder counts for what it granted; else for what it was asked, where it said yes. The agglomération is none.

Every sum is over a set of keys of projects: that of the list which its number opens.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from axes.models import Framework
from cohesion.lib.french import rounded
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare
from cohesion.lib.text import NBSP, euros, number_fr
from projects.catalogue import budget, granting
from projects.catalogue.models import BudgetLine, FundingLine, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import FunderKind, MoneyItem
from projects.figures import figures
from projects.figures.periods import Period

Cents = Mapping[int, int]  # by the key of a project: none is negative, and what is absent is nothing
NOTHING: Cents = {}
AMOUNT_STEPS = tuple(100 * step for step in (0, 5_000, 20_000, 50_000, 100_000))  # in cents


Item = MoneyItem
DECIDED = (Item.PROPOSED, Item.GRANTED, Item.PAID)
PLANNED = tuple(item for item in Item if item not in DECIDED)
# Where a project says them, as a path from it.
PATHS = {
    Item.COST: "total_cost",
    Item.REQUESTED: "requested",
    Item.PROPOSED: "review__proposed_amount",
    Item.GRANTED: "granted",
}


class Obtained(NamedTuple):
    """What a funder brings to a project: in cents, and more than nothing."""

    project: int
    kind: str
    funding_class: str
    cents: int


@dataclass(frozen=True)
class Amounts:
    """What some projects say, each by itself: nothing is left out yet. ``hosts``: the PST of each part;
    ``classes``: of what credits the agglomération's own grant is, where it is told."""

    cents: Mapping[Item, Cents]
    obtained: tuple[Obtained, ...]
    classes: Mapping[int, str]
    hosts: Mapping[int, int]


def read_amounts(projects: ProjectQuerySet) -> Amounts:
    """The amounts of these projects, in five queries whatever their number."""
    keys = projects.order_by().values("pk")
    rows = bare(projects.order_by().values_list("pk", "host_id", *PATHS.values()))
    hosts = {row[0]: row[1] for row in rows if row[1] is not None}
    cents: dict[Item, dict[int, int]] = {item: {} for item in Item}
    for place, item in enumerate(PATHS, start=2):
        cents[item] = _column(rows, place)
    cents[Item.PAID] = {pk: in_cents(amount) for pk, amount in granting.paid(projects).items()}
    lines = BudgetLine.objects.filter(project__in=keys).order_by()
    for pk, account, amount in bare(lines.values_list("project_id", "account", "amount")):
        of_account = _item(account)
        if of_account and amount:
            cents[of_account][pk] = cents[of_account].get(pk, 0) + in_cents(amount)
    obtained = _obtained(keys)
    for share in obtained:
        cents[Item.COFUNDING][share.project] = cents[Item.COFUNDING].get(share.project, 0) + share.cents
    ours = FundingLine.objects.filter(project__in=keys, kind=FunderKind.AGGLOMERATION).order_by()
    classes = dict(bare(ours.values_list("project_id", "funding_class")))
    return Amounts(cents, obtained, classes, hosts)


def _column(rows: list[tuple[Any, ...]], place: int) -> dict[int, int]:
    """What stands in a place of each row, in cents, by what stands in the first; nothing is left out."""
    return {row[0]: round(row[place] * 100) for row in rows if row[place]}


def _item(account: str) -> Item | None:
    """Uses of what is given (86) equal its sources (87): it is counted by its uses."""
    if account in budget.INCOME_ACCOUNTS:
        return Item.OWN
    return Item.VOLUNTARY if account in budget.USE_ACCOUNTS else None


def _obtained(keys: object) -> tuple[Obtained, ...]:
    lines = FundingLine.objects.obtained().filter(project__in=keys).order_by("pk")
    rows = bare(lines.values_list("project_id", "kind", "funding_class", "brought"))
    return tuple(Obtained(pk, kind, of_class, in_cents(brought)) for pk, kind, of_class, brought in rows)


def in_cents(amount: Any) -> int:
    """An amount in euros as its database writes it: a decimal, or a number of SQLite's."""
    return round(amount * 100)


def in_euros(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def in_cell(cents: int | None) -> float | None:
    """An amount in cents as a spreadsheet adds it up, in euros."""
    return None if cents is None else float(in_euros(cents))


def in_words(cents: int | None) -> str:
    """« 12 500 € », « 12 500,50 € »; nothing where there is no amount."""
    return "" if cents is None else euros(in_euros(cents))


class AmountGlance(NamedTuple):
    """An amount in cents as a small square says it: in thousands of euros, and how large it is."""

    cents: int

    @property
    def words(self) -> str:
        """« 113 k€ »; what is not nothing never says nothing."""
        thousands = int(rounded(in_euros(self.cents) / 1000))
        if self.cents and not thousands:
            return f"<{NBSP}1{NBSP}k€"
        return f"{number_fr(thousands)}{NBSP}k€" if thousands else "0"

    @property
    def noun(self) -> str:
        return "accordés"

    @property
    def step(self) -> int:
        """As :func:`cohesion.lib.heat.step`: 0 for nothing to 5 for more than a hundred thousand euros."""
        return bisect_left(AMOUNT_STEPS, self.cents)


def total(cents: Cents, keys: Set[int] | None = None) -> int:
    """The sum over these projects (None: over all)."""
    if keys is None or keys is cents.keys():
        return sum(cents.values())
    return sum(cents[pk] for pk in keys & cents.keys())


def together(amounts: Iterable[Cents]) -> Cents:
    """Several amounts of the same projects, added up project by project."""
    sums: Counter[int] = Counter()
    for cents in amounts:
        sums.update(cents)
    return sums


def said_by_parts(cents: Cents, hosts: Mapping[int, int]) -> set[int]:
    """The PST of which a part has something of an amount (as ``ProjectQuerySet.said_by_parts``)."""
    return {hosts[pk] for pk, amount in cents.items() if amount and pk in hosts}


@dataclass(frozen=True)
class Ledger:
    """What counts of a population of projects: those of a year, or of all, that somebody may read.

    ``items`` and ``funders`` (by kind, then by class: ``""`` is not told) hold what counts, the PST rule applied. A sum
    over any set of its keys is then a plain addition: rows that divide the population add up to its total.
    ``repeated``: the PST of which the parts say an item again, so that theirs does not count.
    """

    keys: Set[int]
    items: Mapping[Item, Cents]
    obtained: tuple[Obtained, ...]
    classes: Mapping[int, str]
    repeated: Mapping[Item, Set[int]]

    @classmethod
    def of(cls, amounts: Amounts, keys: Set[int]) -> "Ledger":
        items: dict[Item, Cents] = {}
        repeated: dict[Item, Set[int]] = {}
        for item, cents in amounts.cents.items():
            held: Cents = {pk: cents[pk] for pk in keys & cents.keys()}
            if item in PLANNED and (again := said_by_parts(held, amounts.hosts)):
                repeated[item] = again & held.keys()
                held = {pk: amount for pk, amount in held.items() if pk not in again}
            items[item] = held
        counted = items[Item.COFUNDING]
        obtained = tuple(share for share in amounts.obtained if share.project in counted)
        return cls(keys, items, obtained, amounts.classes, repeated)

    def total(self, item: Item, keys: Set[int] | None = None) -> int:
        """In cents, over these projects (None: the whole population)."""
        return total(self.items[item], keys)

    @cached_property
    def funders(self) -> dict[str, Cents]:
        """What each kind of co-funder brings, by project, in the order of the form; only those that bring something."""
        return _grouped(self.obtained, "kind", FunderKind.values)

    @cached_property
    def by_class(self) -> dict[str, Cents]:
        """What co-funders bring by class of credits; ``""``: nobody told."""
        return _grouped(self.obtained, "funding_class", None)

    @cached_property
    def granted_by_class(self) -> dict[str, Cents]:
        """What the agglomération grants by class of its own credits; ``""``: nobody told."""
        granted: dict[str, dict[int, int]] = defaultdict(dict)
        for pk, cents in self.items[Item.GRANTED].items():
            granted[self.classes.get(pk, "")][pk] = cents
        return dict(granted)

    def by_funder(self, keys: Set[int] | None = None) -> dict[str, int]:
        """What each kind of co-funder brings to these projects."""
        sums = {kind: total(cents, keys) for kind, cents in self.funders.items()}
        return {kind: cents for kind, cents in sums.items() if cents}

    def lever(self, keys: Set[int] | None = None) -> Fraction | None:
        """Euros obtained from others for 1 € granted; None where nothing is granted."""
        granted = self.total(Item.GRANTED, keys)
        return Fraction(self.total(Item.COFUNDING, keys), granted) if granted else None


def _grouped(obtained: Iterable[Obtained], name: str, order: list[str] | None) -> dict[str, Cents]:
    groups: dict[str, dict[int, int]] = {value: {} for value in order or ()}
    for share in obtained:
        group = groups.setdefault(getattr(share, name), {})
        group[share.project] = group.get(share.project, 0) + share.cents
    return {value: cents for value, cents in groups.items() if cents}


# --- what is published, kept while nothing changes ------------------------------------------------------------

_amounts: Kept[Amounts] = Kept(2)
_ledgers: Kept[Ledger] = Kept(8)
_lasting: Kept[frozenset[int]] = Kept(2)


def published(in_force: Framework | None) -> Amounts:
    """What all public projects say, kept as :func:`projects.figures.figures.unchanged` says."""
    return figures.unchanged(_amounts, in_force, lambda: read_amounts(Project.objects.published()))


def of_period(in_force: Framework | None, period: Period) -> Ledger:
    """What counts of the public projects that run in a year, or of all of them."""

    def read_ledger() -> Ledger:
        return Ledger.of(published(in_force), frozenset(figures.running(in_force, period)))

    return figures.unchanged(_ledgers, in_force, read_ledger, period.year)


def lasting(in_force: Framework | None) -> frozenset[int]:
    """The keys of the public projects that run in several calendar years, which count whole in each of them. One
    without an end runs on; one without a beginning runs in no year."""

    def read_keys() -> frozenset[int]:
        spans = figures.spans(in_force).items()
        return frozenset(pk for pk, (start, end) in spans if start is not None and end != start)

    return figures.unchanged(_lasting, in_force, read_keys)
