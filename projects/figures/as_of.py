"""What was public on the evening of a day, rebuilt from the histories of the projects, their links and their places.

The state of an evening is what the last row of history of each says, up to the midnight of the site that ends the day.
What keeps no history (co-funders, declarations, reports before they are handed in) cannot be rebuilt, and is not told.
Nothing is known before the first row of history.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

from django.db.models import Min
from django.utils import timezone

from axes.document import Node
from axes.models import Framework
from cohesion.lib.evenings import last_rows
from cohesion.lib.kept import Kept
from projects.catalogue.models import Contribution, Place, Project
from projects.choices import PUBLIC_STATUSES
from projects.figures import figures
from projects.figures.breakdowns import runs_in, span
from projects.figures.money import in_cents

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
    main: frozenset[int]
    orientations: frozenset[int]
    places: frozenset[int]

    def runs_in(self, year: int) -> bool:
        return runs_in(span(self.starts_on, self.ends_on), year)


@dataclass(frozen=True)
class PublicState:
    """The public projects at a moment, by their keys."""

    projects: Mapping[int, PastProject]

    def of_year(self, year: int) -> "PublicState":
        return PublicState({pk: project for pk, project in self.projects.items() if project.runs_in(year)})

    @cached_property
    def granted(self) -> int:
        """In cents."""
        return sum(project.granted or 0 for project in self.projects.values())

    @cached_property
    def orientations(self) -> Set[int]:
        return frozenset().union(*(project.orientations for project in self.projects.values()))

    @cached_property
    def places(self) -> Set[int]:
        return frozenset().union(*(project.places for project in self.projects.values()))

    def objectives(self, nodes: Iterable[Node]) -> int:
        """How many operational objectives a project served, itself or what follows from it."""
        return sum(1 for node in nodes if node.orientation.level == "operational" and self._serves(node))

    def _serves(self, node: Node) -> bool:
        return node.pk in self.orientations or any(under.pk in self.orientations for under in node.descendants)

    def communes(self, framework: Framework | None) -> int:
        """How many communes of the perimeter had a project, quarters counting for their commune."""
        known = figures.places(framework)
        parents = {known.territories[pk].parent_id for pk in self.places if pk in known.territories}
        return sum(1 for commune in known.communes() if commune.pk in self.places or commune.pk in parents)


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


def differences(before: PublicState, after: PublicState) -> StateDifferences:
    changed = []
    for pk in sorted(before.projects.keys() & after.projects.keys()):
        then, now = before.projects[pk], after.projects[pk]
        if then != now:
            names = tuple(name for name in NAMES if getattr(then, name) != getattr(now, name))
            changed.append(StateChange(pk, then, now, names))
    return StateDifferences(
        came=sorted(after.projects.keys() - before.projects.keys()),
        left=sorted(before.projects.keys() - after.projects.keys()),
        changed=changed,
    )
