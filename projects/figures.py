"""The one place where projects are counted against the framework.

Decided once, and told on every page:

- a *direct* count is of the projects linked to the orientation itself;
- a *branch* count is of the projects linked to it or to anything under it; a project linked twice in one branch
  counts once;
- main and secondary links count alike; only published projects count on public pages (the caller gives the
  queryset, which begins with ``Project.objects.published()``);
- places, years and kinds are columns that may overlap (:mod:`projects.breakdowns`).

Everything is a set of keys of projects, so that any figure can be recounted from the rows that it leads to.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeVar

from axes.document import Node
from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.rows import bare
from projects import breakdowns
from projects.breakdowns import Breakdown, Places, Row
from projects.models import Contribution, Project, Territory
from projects.models.project import ProjectQuerySet

Value = TypeVar("Value")


class Tally(NamedTuple):
    """How many distinct projects serve an orientation: itself, and its whole branch."""

    direct: int
    branch: int


@dataclass(frozen=True)
class Serving:
    """The keys of the projects that serve each orientation, by its key: linked to it, and to its branch."""

    direct: dict[int, set[int]]
    branch: dict[int, set[int]]

    def projects(self, orientation: int, *, direct: bool = False) -> set[int]:
        return (self.direct if direct else self.branch)[orientation]

    @cached_property
    def tallies(self) -> dict[int, Tally]:
        return {pk: Tally(len(found), len(self.branch[pk])) for pk, found in self.direct.items()}


def serving(nodes: Iterable[Node], projects: ProjectQuerySet) -> Serving:
    """Who serves each of these orientations, in one query.

    ``nodes`` stand in document order (:func:`axes.document.read`), each with all that is under it. Links are
    grouped by orientation, then added up from the leaves to the axes as sets, so that no project counts twice.
    """
    nodes = list(nodes)
    direct = links(nodes, projects)
    branch: dict[int, set[int]] = {}
    for node in reversed(nodes):
        own = direct[node.pk]
        branch[node.pk] = own.union(*[branch[child.pk] for child in node.children]) if node.children else own
    return Serving(direct, branch)


def unchanged(kept: Kept[Value], framework: Framework | None, read: Callable[[], Value], *about: Hashable) -> Value:
    """What is read of the published projects, kept while nothing changes.

    Every write of what is published raises the revision of the framework in force, as this request has read it;
    without one nothing tells, and all is read each time. ``about`` tells it from the rest of what ``kept`` holds.
    """
    return read() if framework is None else kept.get((framework.state, *about), read)


_published: Kept[Serving] = Kept(4)


def published(framework: Framework, nodes: list[Node]) -> Serving:
    """Who serves each orientation of a whole framework, among published projects; kept while nothing changes."""
    return published_beside(framework, nodes, framework)


def published_beside(in_force: Framework | None, nodes: list[Node], framework: Framework) -> Serving:
    """The same of any framework: it is the one in force that tells that projects change."""
    return unchanged(_published, in_force, lambda: serving(nodes, Project.objects.published()), framework.state)


def links(nodes: Iterable[Node], projects: ProjectQuerySet) -> dict[int, set[int]]:
    """The keys of the projects directly linked to each of these orientations."""
    found: dict[int, set[int]] = {node.pk: set() for node in nodes}
    # All links of these projects: told which orientations too, SQLite tries each of them with each project.
    asked = Contribution.objects.filter(project__in=projects.order_by().values("pk"))
    for orientation, project in bare(asked.values_list("orientation_id", "project_id")):
        if orientation in found:
            found[orientation].add(project)
    return found


# --- all that is published, kept while nothing changes --------------------------------------------------------

_rows: Kept[list[Row]] = Kept(2)
_kinds: Kept[Breakdown] = Kept(2)
_places: Kept[Places] = Kept(2)
_waiting: Kept[frozenset[int]] = Kept(2)


def rows(framework: Framework | None) -> list[Row]:
    return unchanged(_rows, framework, lambda: breakdowns.read(Project.objects.published()))


def kinds(framework: Framework | None) -> Breakdown:
    return unchanged(_kinds, framework, lambda: breakdowns.by_kind(rows(framework)))


def places(framework: Framework | None) -> Places:
    return unchanged(_places, framework, lambda: breakdowns.by_territory(Project.objects.published()))


def waiting(framework: Framework | None) -> frozenset[int]:
    """The keys of the projects that a change of framework left with a link to be made anew."""

    def read() -> frozenset[int]:
        found = Project.objects.published().waiting_for_link().order_by()
        return frozenset(pk for (pk,) in bare(found.values_list("pk")))

    return unchanged(_waiting, framework, read)


# --- headlines ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Headlines:
    """What the pages say first; each list is what its figure counts, and all counts are of branches."""

    projects: int
    by_kind: Counter[Hashable]
    objectives: list[Node]
    objectives_served: list[Node]
    unserved: list[Node]  # at any level
    communes: list[Territory]
    communes_served: list[Territory]
    communes_empty: list[Territory]

    @property
    def actions(self) -> int:
        return self.by_kind["hosted"] + self.by_kind["hors"]


def headlines(nodes: Iterable[Node], served: Serving, kinds: Breakdown, places: Places) -> Headlines:
    """The headline figures, from what was read: no query."""
    nodes = list(nodes)
    objectives = [node for node in nodes if node.orientation.level == "operational"]
    communes = places.communes()
    communes_served = [one for one in communes if places.totals[one.pk]]
    return Headlines(
        projects=kinds.totals.total(),
        by_kind=kinds.totals,
        objectives=objectives,
        objectives_served=[node for node in objectives if served.branch[node.orientation.pk]],
        unserved=[node for node in nodes if not served.branch[node.orientation.pk]],
        communes=communes,
        communes_served=communes_served,
        communes_empty=[one for one in communes if one not in communes_served],
    )
