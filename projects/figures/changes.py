"""What changed from a year to a later one: what began, was renewed, goes on, stopped; what is newly served, or no more.

A project runs in a year or not (:mod:`projects.figures.periods`). One that runs in both *goes on*. One that runs in the
later year alone is *renewed* from each project of the earlier one that its declaration says it continues (that one, or
the one that it continued in its turn), and from each that the same organisation led under the same title, years apart;
else it *began*. What ran in the earlier year alone and has no such successor *stopped*. So the later year is what
began, is renewed and goes on; the earlier one is what goes on, was taken up and stopped: each project in one of them.
"""

import re
from collections.abc import Collection, Hashable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from typing import Any

from axes.document import Node
from axes.models import Framework
from cohesion.lib.dates import known_year
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare
from cohesion.lib.text import fold, squeeze
from projects.catalogue.models import Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import ProjectStatus
from projects.figures import figures, money
from projects.figures.breakdowns import NONE
from projects.figures.lasting import Ever, Otherwise
from projects.figures.money import Cents, Item
from projects.figures.periods import Period
from projects.territory.models import Territory

Keys = frozenset[int]
# « 2026 », « 2025-2026 », « 2025/26 »
_YEARS = re.compile(r"\b(?:19|20)\d\d(?:\s*[-/–]\s*(?:(?:19|20)\d\d|\d\d))?\b")
_SIGNS = re.compile(r"[\W_]+")


def series(title: str) -> str:
    """What the titles of an action have in common from one year to the next: no accents, no signs, no years.

    One that is nothing but years or signs stays as it is.
    """
    folded = squeeze(fold(title))
    return squeeze(_SIGNS.sub(" ", _YEARS.sub(" ", folded))) or folded


# --- which projects ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lineage:
    """What published projects say of what they continue: the one that a declaration names, by the key of the one that
    does; whose each is, and its title."""

    named: Mapping[int, int]
    titles: Mapping[int, tuple[int, str]]

    def ancestors(self, project: int) -> set[int]:
        """The project that one continues, the one that this continued, and so on."""
        ancestors: set[int] = set()
        before = self.named.get(project)
        while before is not None and before not in ancestors:
            ancestors.add(before)
            before = self.named.get(before)
        return ancestors

    def series(self, project: int) -> Hashable:
        """The organisation that leads a project, and the common title; nothing of one that came meanwhile."""
        organization, title = self.titles.get(project, (None, ""))
        return None if organization is None else (organization, series(title))


@dataclass(frozen=True)
class Turnover:
    """The keys of the projects of two years: each is in one set of the year, or of both; ``sources`` are those from
    which each renewed one is, of which some may go on."""

    began: Keys
    sources: Mapping[int, Keys]
    going_on: Keys
    taken_up: Keys  # in the earlier year alone, and renewed in the later one
    stopped: Keys

    @property
    def renewed(self) -> Keys:
        return frozenset(self.sources)

    def within(self, projects: Set[int]) -> "Turnover":
        """Of these projects only: those of an axis, of a commune… One may be renewed from what is none of them."""
        return Turnover(
            self.began & projects,
            {pk: sources for pk, sources in self.sources.items() if pk in projects},
            self.going_on & projects,
            self.taken_up & projects,
            self.stopped & projects,
        )


def turnover(before: Set[int], after: Set[int], lineage: Lineage) -> Turnover:
    """What becomes of the projects of a year (``before``) in a later one (``after``). No query."""
    coming = after - before
    in_series: dict[Hashable, set[int]] = {}
    for pk in before:
        in_series.setdefault(lineage.series(pk), set()).add(pk)
    in_series.pop(None, None)
    sources: dict[int, Keys] = {}
    for pk in coming:
        continued = in_series.get(lineage.series(pk), NONE) | (lineage.ancestors(pk) & before)
        if continued:
            sources[pk] = frozenset(continued)
    leaving = frozenset(before - after)
    stopped = leaving.difference(*sources.values())
    return Turnover(
        began=frozenset(coming - sources.keys()),
        sources=sources,
        going_on=frozenset(before & after),
        taken_up=leaving - stopped,
        stopped=stopped,
    )


_lineage: Kept[Lineage] = Kept(2)
_turnovers: Kept[Turnover] = Kept(4)


def lineage(framework: Framework | None) -> Lineage:
    """Of all that is published, in two queries, kept as :func:`projects.figures.figures.unchanged` says."""
    return figures.unchanged(_lineage, framework, _read_lineage)


def _read_lineage() -> Lineage:
    projects = Project.objects.published().order_by()
    named = projects.filter(declaration__previous__isnull=False).values_list("pk", "declaration__previous_id")
    titles = bare(projects.values_list("pk", "organization_id", "title"))
    return Lineage(dict(bare(named)), {pk: (organization, title) for pk, organization, title in titles})


def granted(framework: Framework | None) -> Cents:
    """What each published project is granted, in cents, by its key; those that are granted nothing are left out."""
    return money.published(framework).cents[Item.GRANTED]


def between(framework: Framework | None, period: Period, since: int) -> Turnover:
    """What becomes, in the year of ``period``, of the published projects of an earlier year; kept while nothing
    changes."""
    earlier = Period(since, period.today)

    def read_turnover() -> Turnover:
        before, after = figures.running(framework, earlier), figures.running(framework, period)
        return turnover(before, after, lineage(framework))

    return figures.unchanged(_turnovers, framework, read_turnover, period.year, since)


@dataclass(frozen=True)
class Move:
    """A set of a turnover, as the list of projects asks for it: among what runs in ``year``, what becomes of it in the
    other year, before or after it."""

    name: str
    year: int
    other: int

    @property
    def value(self) -> str:
        """What an address says beside the year."""
        return f"{self.name}-{self.other}"

    @property
    def words(self) -> str:
        return MOVES[self.name][1].format(self.other)


# What an address calls each set, the set itself, and its words; the last two are of the earlier year.
MOVES = {
    "nouveaux": ("began", "nouveaux depuis {}"),
    "reconduits": ("renewed", "reconduits de {}"),
    "poursuivis": ("going_on", "déjà en cours en {}"),
    "repris": ("taken_up", "reconduits en {}"),
    "arretes": ("stopped", "sans suite en {}"),
}
OF_THE_EARLIER = ("repris", "arretes")


def move(raw: str, year: int) -> Move | None:
    """What a value of the filter means of a year: « nouveaux-2025 », « arretes-2026 »; nothing where the other year is
    on the wrong side."""
    name, _, digits = raw.partition("-")
    other = known_year(digits)
    if name not in MOVES or other is None:
        return None
    return Move(name, year, other) if (other > year) == (name in OF_THE_EARLIER) and other != year else None


def moved_keys(framework: Framework | None, move: Move, today: date) -> Keys:
    """The projects of a move."""
    earlier, later = sorted((move.year, move.other))
    keys: Keys = getattr(between(framework, Period(later, today), earlier), MOVES[move.name][0])
    return keys


def refused(year: int) -> ProjectQuerySet:
    """What the committee refused among what would have run in a year. Never public, and asked of the database each
    time: no revision tells that it changes."""
    return Project.objects.filter(status=ProjectStatus.REFUSED).in_year(year)


# --- what is told of them ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class GrantedProjects:
    """Some distinct projects: which, and what they are granted together, in cents; of an orientation, what those are
    of which it is the main one."""

    projects: Set[int]
    cents: int

    @property
    def number(self) -> int:
        return len(self.projects)


@dataclass(frozen=True)
class ComparedProjects:
    """What is counted in the earlier year and in the later one, each project once in each."""

    before: GrantedProjects
    after: GrantedProjects

    @property
    def difference(self) -> int:
        return self.after.number - self.before.number

    @property
    def difference_in_cents(self) -> int:
        return self.after.cents - self.before.cents


@dataclass(frozen=True)
class Moved:
    """An orientation or a commune that is served in one of the two years alone; ``otherwise``: what is known of other
    years, of one that is served no more."""

    of: Node | Territory
    compared: ComparedProjects
    otherwise: Otherwise


@dataclass(frozen=True)
class Changes:
    """What changed from the year ``since`` to a later ``year``; amounts are what was granted, in cents, whole in each
    year that a project runs in."""

    year: int
    since: int
    all: ComparedProjects
    turnover: Turnover
    began: GrantedProjects
    renewed: ComparedProjects
    going_on: GrantedProjects
    stopped: GrantedProjects
    gained: list[Moved]
    lost: list[Moved]
    communes_gained: list[Moved]
    communes_lost: list[Moved]


def changes(framework: Framework | None, nodes: list[Node], period: Period, since: int) -> Changes:
    """What changed to the year of ``period`` since an earlier one; each commune of the perimeter, each orientation.

    Raises:
        ValueError: the period is of all years, or does not come after ``since``.
    """
    if period.year is None or period.year <= since:
        raise ValueError("What changed is asked of a year, since one that came before.")
    earlier = Period(since, period.today)
    amounts = granted(framework)
    turned = between(framework, period, since)
    before, after = figures.of_period(framework, nodes, earlier), figures.of_period(framework, nodes, period)
    ever = figures.ever(framework, nodes, period)
    mainly = figures.mainly_serving(framework, nodes).branch
    orientations = _moved(nodes, before.served.branch, after.served.branch, ever, amounts, mainly)
    places = _moved(
        figures.places(framework).communes(),
        before.places.members,
        after.places.members,
        figures.ever_in(framework, period),
        amounts,
    )

    def counted(projects: Set[int]) -> GrantedProjects:
        return GrantedProjects(projects, money.total(amounts, projects))

    return Changes(
        year=period.year,
        since=since,
        all=ComparedProjects(
            counted(figures.running(framework, earlier)),
            counted(figures.running(framework, period)),
        ),
        turnover=turned,
        began=counted(turned.began),
        renewed=ComparedProjects(counted(turned.taken_up), counted(turned.renewed)),
        going_on=counted(turned.going_on),
        stopped=counted(turned.stopped),
        gained=[moved for moved in orientations if moved.compared.after.number],
        lost=[moved for moved in orientations if moved.compared.before.number],
        communes_gained=[moved for moved in places if moved.compared.after.number],
        communes_lost=[moved for moved in places if moved.compared.before.number],
    )


def _moved(
    served: Collection[Node] | Collection[Territory],
    before: Mapping[Any, Set[int]],
    after: Mapping[Any, Set[int]],
    ever: Ever,
    amounts: Cents,
    granted_by: Mapping[Any, Set[int]] | None = None,
) -> list[Moved]:
    """Those of these that have projects in one of the two years alone, in their order. ``granted_by``: those of the
    projects of each whose amounts are its own; without it, all are."""

    def counted(key: int, projects: Set[int]) -> GrantedProjects:
        own = projects if granted_by is None else projects & granted_by[key]
        return GrantedProjects(projects, money.total(amounts, own))

    moved = []
    for thing in served:
        earlier, later = before.get(thing.pk, NONE), after.get(thing.pk, NONE)
        if bool(earlier) != bool(later):
            compared = ComparedProjects(counted(thing.pk, earlier), counted(thing.pk, later))
            moved.append(Moved(thing, compared, ever.of(thing.pk)))
    return moved
