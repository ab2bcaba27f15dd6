"""What was public on the evening of a day, rebuilt from the histories of the projects, their links and their places.

The state of an evening is what the last row of history of each says, up to the midnight of the site that ends the day.
What keeps no history (co-funders, declarations, reports before they are handed in) cannot be rebuilt, and is not told.
Nothing is known before the first row of history.
"""

import datetime
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

from django.db.models import Min
from django.utils import timezone

from axes.document import Node
from axes.levels import ANNOUNCED_LEVELS
from axes.models import Framework
from cohesion.lib.evenings import last_rows
from cohesion.lib.kept import Kept
from projects.catalogue.models import Contribution, Place, Project
from projects.choices import PUBLIC_STATUSES
from projects.figures import figures
from projects.figures.breakdowns import holders, runs_in, span
from projects.figures.figures import Serving
from projects.figures.money import in_cents
from projects.territory.models import Territory

READ = ("id", "code", "title", "kind", "host_id", "organization_id", "status", "starts_on", "ends_on", "granted")


@dataclass(frozen=True)
class PastProject:
    """What was public of a project: ``granted`` in cents; the keys of the orientations that it served, the main one
    apart, and of the territories where it acted."""

    code: str
    title: str
    kind: str
    host_id: int | None
    organization_id: int
    status: str
    starts_on: datetime.date | None
    ends_on: datetime.date | None
    granted: int | None
    main: frozenset[Any]
    orientations: frozenset[Any]
    places: frozenset[int]

    def identified(self, identities: Mapping[int, Hashable]) -> "PastProject":
        """With what its orientations are through all versions, in the place of their keys; those that are nothing
        (None) are left out."""
        main = frozenset(identities.get(key, key) for key in self.main)
        orientations = frozenset(identities.get(key, key) for key in self.orientations)
        return replace(self, main=main - {None}, orientations=orientations - {None})

    def runs_in(self, year: int) -> bool:
        return runs_in(span(self.starts_on, self.ends_on), year)


@dataclass(frozen=True)
class PublicState:
    """The public projects at a moment, by their keys."""

    projects: Mapping[int, PastProject]

    def of_year(self, year: int | None) -> "PublicState":
        """Those that run in a year; all, for None."""
        if year is None:
            return self
        return PublicState({pk: project for pk, project in self.projects.items() if project.runs_in(year)})

    @cached_property
    def granted(self) -> int:
        """In cents."""
        return sum(project.granted or 0 for project in self.projects.values())

    def serving(self, nodes: Iterable[Node]) -> Serving:
        """Who served each of these orientations, a whole framework in document order: as it stood, or as it is."""
        nodes = list(nodes)
        direct: dict[int, set[int]] = {node.pk: set() for node in nodes}
        for pk, project in self.projects.items():
            for key in project.orientations & direct.keys():
                direct[key].add(pk)
        return Serving.of(nodes, direct)

    def linked(self, nodes: Iterable[Node]) -> "PublicState":
        """Those that served any of these orientations."""
        keys = {node.pk for node in nodes}
        return PublicState({pk: project for pk, project in self.projects.items() if project.orientations & keys})

    def by_commune(self, framework: Framework | None) -> list[tuple[Territory, Set[int]]]:
        """The communes of the perimeter, each with the projects that it had, quarters counting for their commune."""
        known = figures.places(framework)
        held: dict[Hashable, set[int]] = defaultdict(set)
        for pk, project in self.projects.items():
            for place in project.places & known.territories.keys():
                for holder in holders(known.territories[place], known.territories):
                    held[holder].add(pk)
        return [(commune, held[commune.pk]) for commune in known.communes()]


@dataclass(frozen=True)
class PastFigures:
    """What an evening had: its projects, who served each orientation of a framework, which of those that are announced
    were served, and what each commune of the perimeter had."""

    state: PublicState
    served: Serving
    announced: list[Node]
    communes: list[tuple[Territory, Set[int]]]

    @classmethod
    def of(cls, state: PublicState, nodes: list[Node], in_force: Framework | None) -> "PastFigures":
        """Against these nodes; ``in_force`` is what tells today that the territory changes."""
        announced = [node for node in nodes if node.orientation.level in ANNOUNCED_LEVELS]
        return cls(state, state.serving(nodes), announced, state.by_commune(in_force))

    @property
    def announced_served(self) -> list[Node]:
        return [node for node in self.announced if self.served.branch[node.pk]]

    @property
    def announced_unserved(self) -> list[Node]:
        return [node for node in self.announced if not self.served.branch[node.pk]]

    @property
    def communes_served(self) -> list[tuple[Territory, Set[int]]]:
        return [(commune, keys) for commune, keys in self.communes if keys]


Rows = Iterable[Sequence[Any]]


def _state(rows: Rows, links: Rows, places: Rows) -> PublicState:
    """Of rows of projects (``READ``), links (project, orientation, whether it is the main one) and places."""
    main: dict[int, set[int]] = defaultdict(set)
    served: dict[int, set[int]] = defaultdict(set)
    held: dict[int, set[int]] = defaultdict(set)
    for project, orientation, is_main in links:
        served[project].add(orientation)
        if is_main:
            main[project].add(orientation)
    for project, territory in places:
        held[project].add(territory)
    projects = {}
    for pk, *values, granted in rows:
        projects[pk] = PastProject(
            **dict(zip(READ[1:-1], values, strict=True)),
            granted=None if granted is None else in_cents(granted),
            main=frozenset(main[pk]),
            orientations=frozenset(served[pk]),
            places=frozenset(held[pk]),
        )
    return PublicState(projects)


def present_state() -> PublicState:
    """As the tables say it now, in three queries."""
    public = Project.objects.published().order_by()
    keys = public.values("pk")
    links = Contribution.objects.filter(project__in=keys).values_list("project_id", "orientation_id", "is_main")
    places = Place.objects.filter(project__in=keys).values_list("project_id", "territory_id")
    return _state(public.values_list(*READ), links, places)


def read_state(evening: datetime.date) -> PublicState:
    """As the histories say it of the end of a day, in three queries."""
    rows = [row for row in last_rows(Project, evening, *READ) if row[READ.index("status")] in PUBLIC_STATUSES]
    public = {row[0] for row in rows}
    links = last_rows(Contribution, evening, "project_id", "orientation_id", "is_main")
    places = last_rows(Place, evening, "project_id", "territory_id")
    return _state(rows, _of(public, links), _of(public, places))


def _of(projects: Set[int], rows: Rows) -> Rows:
    return (row for row in rows if row[0] in projects)


def first_evening() -> datetime.date | None:
    """The first day of which something is known."""
    first = Project.history.aggregate(first=Min("history_date"))["first"]
    return timezone.localdate(first) if first else None


_states: Kept[PublicState] = Kept(3)


def state_of(framework: Framework | None, evening: datetime.date) -> PublicState:
    """The same as :func:`read_state`, kept while nothing changes."""
    return figures.unchanged(_states, framework, lambda: read_state(evening), evening)


# --- what differs ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class StateChange:
    """A project that was public then and is now, and the names of what differs."""

    project: int
    before: PastProject
    after: PastProject
    names: tuple[str, ...]


@dataclass(frozen=True)
class StateDifferences:
    """What differs between two states: the keys of what came and of what left, and what changed."""

    came: list[int]
    left: list[int]
    changed: list[StateChange]


NAMES = tuple(field.name for field in fields(PastProject))


def differences(
    before: PublicState, after: PublicState, identities: Mapping[int, Hashable] | None = None
) -> StateDifferences:
    """What came, left and changed. A link that a change of framework repeated is the same link: orientations are told
    apart by what they are through all versions, and so are those of the changes that are returned."""
    changed = []
    known = identities or {}
    for pk in sorted(before.projects.keys() & after.projects.keys()):
        then, now = before.projects[pk].identified(known), after.projects[pk].identified(known)
        if then != now:
            names = tuple(name for name in NAMES if getattr(then, name) != getattr(now, name))
            changed.append(StateChange(pk, then, now, names))
    return StateDifferences(
        came=sorted(after.projects.keys() - before.projects.keys()),
        left=sorted(before.projects.keys() - after.projects.keys()),
        changed=changed,
    )
