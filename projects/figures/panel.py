"""What a year says of some projects, in a few figures: of all, of an orientation, of a place, of a PST, of a structure.

Every figure is of exactly the projects of the list that it opens.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace
from fractions import Fraction

from axes.document import Node
from axes.models import Framework
from cohesion.lib.french import growth, rounded
from cohesion.lib.text import NARROW_NBSP, NBSP, count_phrase, euros, number_fr
from projects.choices import MoneyItem
from projects.figures import changes, figures, money, people
from projects.figures.addresses import REPORTED, list_address
from projects.figures.changes import Turnover
from projects.figures.money import Ledger
from projects.figures.people import PeopleSum, Turnout
from projects.figures.periods import Period


@dataclass(frozen=True)
class FiguresPanel:
    """The figures of a set of projects. Amounts are in cents; those of ``before`` are of the year that it is compared
    with, None where it is compared with none. ``parameters`` is how the list of projects is asked for the set,
    without its year; ``items`` are the amounts that its reader may read. ``is_of_main_links``: an orientation is the
    main one of each, under which it counts whole."""

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
    paid: int
    people: PeopleSum
    compared: Turnout
    items: Set[MoneyItem]
    is_of_main_links: bool = False

    @property
    def projects(self) -> int:
        return len(self.keys)

    @property
    def address(self) -> str:
        """The list of exactly these projects."""
        return list_address(**self.parameters, **self.period.filters)

    @property
    def people_address(self) -> str:
        """Those of them whose report is there."""
        return list_address(**self.parameters, bilan=REPORTED, **self.period.filters)

    @property
    def shows_granted(self) -> bool:
        return MoneyItem.GRANTED in self.items

    @property
    def shows_cofunding(self) -> bool:
        return MoneyItem.COFUNDING in self.items

    @property
    def turnover_words(self) -> str:
        """« 9 nouveaux, 14 reconduits, 3 se poursuivent »."""
        if self.turnover is None:
            return "chacun une fois"
        counts = (
            (self.turnover.began, "nouveau", "nouveaux"),
            (self.turnover.renewed, "reconduit", "reconduits"),
            (self.turnover.going_on, "se poursuit", "se poursuivent"),
        )
        phrases = [count_phrase(len(keys), singular, plural) for keys, singular, plural in counts if keys]
        return ", ".join(phrases) or self.period.words

    @property
    def granted_words(self) -> str:
        """« + 4 % depuis 2025 ; dont 45 100 € sur plusieurs années ; 38 000 € payés »; a year to come is compared with
        none."""
        phrases = []
        if self.before is not None and self.before.granted and not self.period.is_to_come:
            phrases.append(f"{growth(self.granted, self.before.granted)} depuis {self.before.period.year}")
        if self.granted_to_lasting and self.period.year:
            phrases.append(f"dont {money.in_words(self.granted_to_lasting)} sur plusieurs années")
        if self.paid and MoneyItem.PAID in self.items:
            phrases.append(f"{money.in_words(self.paid)} payés")
        return f"{NARROW_NBSP}; ".join(phrases)

    @property
    def lever_words(self) -> str:
        """« 1,07 € pour 1 € de l’agglomération »; nothing where it grants nothing."""
        return f"{euros(rounded(float(self.lever), 2))} pour 1{NBSP}€ de l’agglomération" if self.lever else ""

    @property
    def people_words(self) -> str:
        """« sur 4 600 attendues ; 19 bilans le disent »; the people expected are those of the same reports."""
        reports = count_phrase(self.people.reports, "bilan le dit", "bilans le disent")
        if not self.compared.expected:
            return reports
        expected = f"{number_fr(self.compared.expected)} {'attendue' if self.compared.expected < 2 else 'attendues'}"
        return f"sur {expected}{NARROW_NBSP}; {reports}"


@dataclass(frozen=True)
class PanelSource:
    """What panels are read from, for a year: kept while nothing changes, so that a page has as many as it wants."""

    in_force: Framework | None
    period: Period
    ledger: Ledger
    people: people.PeopleFigures
    turnover: Turnover | None
    before: "PanelSource | None"
    items: Set[MoneyItem]
    is_exact: bool

    @classmethod
    def of(
        cls,
        in_force: Framework | None,
        period: Period,
        items: Set[MoneyItem],
        *,
        exact: bool = False,
        is_compared: bool = True,
    ) -> "PanelSource":
        """``items``: the amounts that the reader may read; ``exact``: the numbers of people are for those who read the
        instruction; ``is_compared``: with the year before, where there is one."""
        earlier = Period(period.year - 1, period.today) if is_compared and period.year else None
        return cls(
            in_force,
            period,
            money.of_period(in_force, period),
            people.of_period(in_force, period, exact=exact),
            changes.between(in_force, period, earlier.year) if earlier and earlier.year else None,
            cls.of(in_force, earlier, items, exact=exact, is_compared=False) if earlier else None,
            items,
            exact,
        )

    def of_orientation(self, nodes: list[Node], node: Node, **parameters: str) -> FiguresPanel:
        """Of the projects whose main orientation is in this branch: there each counts whole, and nowhere else.
        ``nodes``: the whole framework."""
        mainly = figures.mainly_serving(self.in_force, nodes).branch[node.pk]
        named = {"orientation": node.orientation.code, "rattachement": "principal", **parameters}
        return replace(self.panel(mainly, **named), is_of_main_links=True)

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
            granted=self.ledger.total(MoneyItem.GRANTED, keys),
            cofunding=self.ledger.total(MoneyItem.COFUNDING, keys),
            lever=self.ledger.lever(keys),
            lasting=lasting,
            granted_to_lasting=self.ledger.total(MoneyItem.GRANTED, lasting),
            paid=self.ledger.total(MoneyItem.PAID, keys),
            people=counted,
            compared=self.people.compared(keys),
            items=self.items,
        )
