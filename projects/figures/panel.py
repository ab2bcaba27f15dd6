"""What a year says of some projects, in a few figures: of all, of an orientation, of a place, of a PST, of a structure.

Every figure is of exactly the projects of the list that it opens.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from axes.models import Framework
from projects.figures import changes, figures, money, people
from projects.figures.addresses import list_address
from projects.figures.changes import Turnover
from projects.figures.money import Item, Ledger
from projects.figures.people import Compared, PeopleSum
from projects.figures.periods import Period


@dataclass(frozen=True)
class FiguresPanel:
    """The figures of a set of projects. Amounts are in cents; those of ``before`` are of the year that it is compared
    with, None where it is compared with none. ``parameters`` is how the list of projects is asked for the set,
    without its year."""

    period: Period
    parameters: Mapping[str, str]
    keys: Set[int]
    before: "FiguresPanel | None"
    turnover: Turnover | None
    granted: int
    cofunding: int
    lever: Fraction | None
    lasting: Set[int]
    granted_to_lasting: int
    people: PeopleSum
    compared: Compared
    granted_to_reported: int  # to the projects whose report says how many people

    @property
    def projects(self) -> int:
        return len(self.keys)

    @property
    def address(self) -> str:
        """The list of exactly these projects."""
        return list_address(**self.parameters, **self.period.filters)

    @property
    def more_projects(self) -> int:
        """How many more than in the year that it is compared with; below nothing, how many less."""
        return self.projects - self.before.projects if self.before else 0

    @property
    def granted_share(self) -> Fraction | None:
        """By which part of it the amount granted grew (below nothing: fell) since the year that it is compared with."""
        if self.before is None or not self.before.granted:
            return None
        return Fraction(self.granted - self.before.granted, self.before.granted)

    @property
    def granted_each(self) -> Fraction | None:
        """Cents granted for each person reached, by the projects of which a report says how many; None without any."""
        return Fraction(self.granted_to_reported, self.people.people) if self.people.people else None


@dataclass(frozen=True)
class PanelSource:
    """What panels are read from, for a year: kept while nothing changes, so that a page has as many as it wants."""

    in_force: Framework | None
    period: Period
    ledger: Ledger
    people: people.PeopleFigures
    turnover: Turnover | None
    before: "PanelSource | None"

    @classmethod
    def of(
        cls, in_force: Framework | None, period: Period, *, exact: bool = False, is_compared: bool = True
    ) -> "PanelSource":
        """``exact``: the numbers of people are for those who read the instruction; ``is_compared``: with the year
        before, where there is one."""
        earlier = Period(period.year - 1, period.today) if is_compared and period.year else None
        return cls(
            in_force,
            period,
            money.of_period(in_force, period),
            people.of_period(in_force, period, exact=exact),
            changes.between(in_force, period, earlier.year) if earlier and earlier.year else None,
            cls.of(in_force, earlier, exact=exact, is_compared=False) if earlier else None,
        )

    def panel(self, projects: Set[int] | None = None, **parameters: str) -> FiguresPanel:
        """Of these published projects, whatever the year (None: of all), in the year of the source."""
        running = figures.running(self.in_force, self.period)
        keys = frozenset(running if projects is None else projects & running)
        turnover = self.turnover
        if turnover is not None and projects is not None:
            turnover = turnover.within(projects)
        lasting = keys & money.lasting(self.in_force)
        counted = self.people.sum(keys)
        return FiguresPanel(
            period=self.period,
            parameters=parameters,
            keys=keys,
            before=self.before.panel(projects, **parameters) if self.before else None,
            turnover=turnover,
            granted=self.ledger.total(Item.GRANTED, keys),
            cofunding=self.ledger.total(Item.COFUNDING, keys),
            lever=self.ledger.lever(keys),
            lasting=lasting,
            granted_to_lasting=self.ledger.total(Item.GRANTED, lasting),
            people=counted,
            compared=self.people.compared(keys),
            granted_to_reported=self.ledger.total(Item.GRANTED, counted.reported),
        )
