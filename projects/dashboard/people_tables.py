"""The rows of the page of people: by class, by orientation, commune, PST and organisation; each opens its list."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from axes.document import Node
from axes.models import Framework
from cohesion.lib import charts
from cohesion.lib.french import percent
from cohesion.lib.text import small_initial
from projects.browsing.question import WITHOUT_MAIN
from projects.choices import MoneyItem
from projects.dashboard.psts import outside_psts, psts
from projects.figures import facets, figures, money, people, reports, sharing
from projects.figures.addresses import REPORTED, list_address, place_parameters
from projects.figures.facets import WITHOUT
from projects.figures.money import Ledger
from projects.figures.people import PeopleFigures, PeopleSum, Turnout
from projects.figures.periods import Period
from projects.figures.small_numbers import PEOPLE


@dataclass(frozen=True)
class PeopleRow:
    """Some projects of a period: whom they expected and reached. ``compared`` is of the reports that say both;
    ``cents`` is what one person reached cost (or was granted), ``owed`` and ``received`` count the reports of the year.

    ``parameters``: how the list of projects is asked for them, without the year; ``node``: their orientation, if it is
    what they have in common.
    """

    label: str
    projects: int
    sum: PeopleSum
    compared: Turnout
    cents: Fraction | None
    owed: int | None
    received: int | None
    parameters: Mapping[str, str]
    period: Period
    node: Node | None = None

    @property
    def address(self) -> str:
        return list_address(**self.parameters, **self.period.filters)

    @property
    def reported_address(self) -> str:
        return list_address(**self.parameters, bilan=REPORTED, **self.period.filters)

    @property
    def share(self) -> str:
        """« 90 % » of those expected, by the same reports."""
        return percent(self.compared.reached, self.compared.expected)

    @property
    def quarters(self) -> str:
        """« 41 % » of those reached, by the reports that say it."""
        return percent(self.sum.reached[people.QUARTERS], self.sum.quarters_of)

    @property
    def expects(self) -> int:
        return self.sum.expected[PEOPLE]


@dataclass(frozen=True)
class PeopleReading:
    """What the rows of a period are read from; ``item``: the amount that is divided by the people reached, the widest
    that the reader may read."""

    in_force: Framework | None
    period: Period
    nodes: list[Node]
    keys: Set[int]
    counted: PeopleFigures
    ledger: Ledger
    item: MoneyItem | None

    @classmethod
    def of(
        cls, in_force: Framework | None, nodes: list[Node], period: Period, items: Set[MoneyItem], *, exact: bool
    ) -> "PeopleReading":
        """``items``: the amounts that the reader may read; ``exact``: whether they read every number of people."""
        readable = [item for item in (MoneyItem.COST, MoneyItem.GRANTED) if item in items]
        return cls(
            in_force,
            period,
            nodes,
            figures.running(in_force, period),
            people.of_period(in_force, period, exact=exact),
            money.of_period(in_force, period),
            readable[0] if readable else None,
        )

    def row(self, label: str, projects: Set[int], node: Node | None = None, **parameters: str) -> PeopleRow:
        """Of those of these projects that run in the period."""
        keys = projects & self.keys
        counted = self.counted.sum(keys)
        owed = self.reports.within(keys) if self.reports else None
        return PeopleRow(
            label=label,
            projects=len(keys),
            sum=counted,
            compared=self.counted.compared(keys),
            cents=self._each(counted),
            owed=len(owed.due) if owed else None,
            received=len(owed.received) if owed else None,
            parameters=parameters,
            period=self.period,
            node=node,
        )

    def _each(self, counted: PeopleSum) -> Fraction | None:
        if self.item is None or not counted.people:
            return None
        cents = self.ledger.total(self.item, counted.reported)
        return Fraction(cents, counted.people) if cents else None

    @cached_property
    def reports(self) -> reports.YearReports | None:
        """The reports of the year, where it is one."""
        year, today = self.period.year, self.period.today
        return reports.of_year(self.in_force, year, today) if year is not None else None

    @cached_property
    def total(self) -> PeopleRow:
        return self.row("Tous les projets, chacun une fois", self.keys)


def by_axis(reading: PeopleReading) -> list[PeopleRow]:
    """The widest orientations, each with the projects whose main orientation is in its branch; people are never
    shared."""
    served = figures.mainly_serving(reading.in_force, reading.nodes).branch
    roots = [node for node in reading.nodes if node.parent is None]
    rows = [_main(reading, node, served[node.pk]) for node in roots]
    return _held([*rows, *_without_main(reading)])


def by_orientation(reading: PeopleReading) -> list[PeopleRow]:
    """The main orientations themselves, whatever their level: each project is in one row."""
    served = figures.mainly_serving(reading.in_force, reading.nodes).direct
    rows = [_main(reading, node, served[node.pk], compter="direct") for node in reading.nodes]
    return _held([*rows, *_without_main(reading)])


def _main(reading: PeopleReading, node: Node, projects: Set[int], **parameters: str) -> PeopleRow:
    code = node.orientation.code
    return reading.row(node.orientation.name, projects, node, orientation=code, rattachement="principal", **parameters)


def _without_main(reading: PeopleReading) -> list[PeopleRow]:
    links = sharing.attached(reading.in_force, reading.nodes)
    return [
        reading.row(facets.NO_LINK, links.unlinked(reading.keys), axe=WITHOUT),
        reading.row(facets.NO_MAIN, links.without_main(reading.keys), axe=WITHOUT_MAIN),
    ]


def by_commune(reading: PeopleReading) -> list[PeopleRow]:
    """Each place, with its quarters; a project counts in each of those where it acts."""
    placed = sharing.placed(reading.in_force)
    rows = [
        reading.row(territory.dated_name, placed.members[territory.pk], None, **place_parameters(territory))
        for territory in placed.rows
    ]
    return _held([*rows, reading.row(facets.NO_PLACE, placed.nowhere(reading.keys), commune=WITHOUT)])


def by_pst(reading: PeopleReading) -> list[PeopleRow]:
    """Each PST with what it contains, then what is in none: the rows make the total."""
    groups = [*psts(reading.in_force), *outside_psts(reading.in_force)]
    return _held([reading.row(label, keys, None, **parameters) for label, keys, parameters in groups])


def by_organization(reading: PeopleReading) -> list[PeopleRow]:
    """Each organisation that leads, first or beside another: those that reach the most people first."""
    leads = facets.facet("porteur", reading.in_force)
    rows = [
        reading.row(name, leads.members[key], None, porteur=key)
        for key, name in leads.labels.items()
        if not reading.keys.isdisjoint(leads.members.get(key, ()))
    ]
    return sorted(rows, key=lambda row: (-row.sum.people, -row.expects))


def _held(rows: list[PeopleRow]) -> list[PeopleRow]:
    """Those that have a project in the period."""
    return [row for row in rows if row.projects]


class Group(NamedTuple):
    """A way to group projects: what it is called, the head of its column, what its table says of it, its rows."""

    label: str
    header: str
    caption: str
    rows: Callable[[PeopleReading], list[PeopleRow]]


GROUPS = {
    "axe": Group(
        "Par axe", "Axe", "Chaque projet compte entier sous l’axe de son orientation principale, et une fois.", by_axis
    ),
    "orientation": Group(
        "Par orientation principale",
        "Orientation",
        "Chaque projet compte entier sous son orientation principale, quel que soit son niveau, et une fois.",
        by_orientation,
    ),
    "commune": Group(
        "Par commune",
        "Commune",
        "Un projet compte dans chaque lieu où il agit\u202f; un quartier compte dans sa commune.",
        by_commune,
    ),
    "pst": Group("Par PST", "PST", "Un PST compte avec ce qu’il porte.", by_pst),
    "structure": Group(
        "Par structure",
        "Structure",
        "Un projet porté à plusieurs compte pour chaque structure.",
        by_organization,
    ),
}


@dataclass(frozen=True)
class PeopleClass:
    """A class of people: all that were expected and reached, how many declarations and reports say it, what of both
    the same reports say, and the bars of the first two on one scale."""

    label: str
    expected: int
    reached: int
    declarations: int
    reports: int
    compared: Turnout
    want: list[charts.BarPart]
    got: list[charts.BarPart]

    @property
    def share(self) -> str:
        return percent(self.compared.reached, self.compared.expected)


def by_class(reading: PeopleReading, total: PeopleSum) -> list[PeopleClass]:
    """The classes of which something is told."""
    names = [name for name in people.LABELS if total.forecasts[name] or total.answers[name]]
    largest = max([max(total.expected[name], total.reached[name]) for name in names], default=0)
    return [
        PeopleClass(
            people.LABELS[name],
            total.expected[name],
            total.reached[name],
            total.forecasts[name],
            total.answers[name],
            reading.counted.compared(reading.keys, name),
            charts.stacked([total.expected[name]], largest),
            charts.stacked([total.reached[name]], largest),
        )
        for name in names
    ]


def sentence(classes: Sequence[PeopleClass]) -> str:
    """Which class was reached best and least, of those expected; nothing where there is no choice."""
    compared = sorted((row for row in classes[1:] if row.compared.share is not None), key=_share)
    if len(compared) < 2 or not _share(compared[0]) < _share(compared[-1]):
        return ""
    least, best = compared[0], compared[-1]
    return (
        f"La classe la mieux touchée, pour ce qui en était attendu\u00a0: {small_initial(best.label)} ({best.share})"
        f"\u202f; la moins\u00a0: {small_initial(least.label)} ({least.share})."
    )


def _share(row: PeopleClass) -> float:
    return row.compared.share or 0.0
