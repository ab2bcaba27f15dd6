"""The one place where projects are counted against the framework.

Decided once, and told on every page:

- a *direct* count is of the projects linked to the orientation itself;
- a *branch* count is of the projects linked to it or to anything under it; a project linked twice in one branch
  counts once;
- main and secondary links count alike; only published projects count on public pages (the caller gives the
  queryset, which begins with ``Project.objects.published()``);
- a project counts once in each place that it declares, in each year of which it runs a day, and once in « all »:
  columns may overlap, so that « all » is the number of distinct projects and no sum of columns.

Everything is a set of keys of projects, so that any figure can be recounted from the rows that it leads to.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from django.db.models import Max, Min

from axes.document import Node
from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.rows import bare
from cohesion.lib.text import fold
from projects.choices import ProjectKind
from projects.models import Contribution, Place, Project, Territory
from projects.models.project import ProjectQuerySet


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


_published: Kept[Serving] = Kept(4)


def published(framework: Framework, nodes: list[Node]) -> Serving:
    """Who serves each orientation of a whole framework, among published projects; kept while nothing changes.

    The revision is that of the framework as the request has read it: every write of projects raises it.
    """
    return _published.get(framework.state, lambda: serving(nodes, Project.objects.published()))


def links(nodes: Iterable[Node], projects: ProjectQuerySet) -> dict[int, set[int]]:
    """The keys of the projects directly linked to each of these orientations."""
    found: dict[int, set[int]] = {node.pk: set() for node in nodes}
    # All links of these projects: told which orientations too, SQLite tries each of them with each project.
    asked = Contribution.objects.filter(project__in=projects.order_by().values("pk"))
    for orientation, project in bare(asked.values_list("orientation_id", "project_id")):
        if orientation in found:
            found[orientation].add(project)
    return found


# --- columns ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Breakdown:
    """The columns of a matrix, by key, in their order, and the columns in which each project counts."""

    columns: dict[Hashable, str]
    of: dict[int, set[Hashable]]

    def counts(self, projects: Iterable[int]) -> Counter[Hashable]:
        """How many of these distinct projects each column holds."""
        return Counter(chain.from_iterable(self.of.get(project, ()) for project in projects))

    @cached_property
    def totals(self) -> Counter[Hashable]:
        return self.counts(self.of)


def by_kind(projects: ProjectQuerySet) -> Breakdown:
    """PST, PRH, actions of a PST and actions outside any: here each project has one column, and columns add up."""
    columns: dict[Hashable, str] = {"pst": "PST", "prh": "PRH", "hosted": "Actions de PST", "hors": "Actions hors PST"}
    rows = projects.order_by().values_list("pk", "kind", "host_id")
    return Breakdown(columns, {pk: {_kind(kind, host)} for pk, kind, host in rows})


_kinds: Kept[Breakdown] = Kept(2)


def kinds(framework: Framework) -> Breakdown:
    """:func:`by_kind` of all published projects, kept while nothing changes, as :func:`published` is."""
    return _kinds.get(framework.state, lambda: by_kind(Project.objects.published()))


def _kind(kind: str, host: int | None) -> str:
    if kind != ProjectKind.ACTION:
        return kind
    return "hors" if host is None else "hosted"


def by_year(projects: ProjectQuerySet, *, last: int = 10) -> Breakdown:
    """The calendar years of which a project runs at least a day; the ``last`` years that any project bears.

    A project without end runs on; one without beginning is in no year.
    """
    rows = projects.order_by().values_list("pk", "starts_on", "ends_on")
    spans = {pk: (start.year, end.year if end else None) for pk, start, end in rows if start}
    shown = _last({year for span in spans.values() for year in span if year}, last)
    of: dict[int, set[Hashable]] = {
        pk: {year for year in shown if start <= year and (end is None or year <= end)}
        for pk, (start, end) in spans.items()
    }
    return Breakdown({year: str(year) for year in shown}, of)


def years(projects: ProjectQuerySet, *, last: int = 10) -> range:
    """The columns of :func:`by_year`, alone: asked of the database without reading the projects."""
    begun = projects.order_by().filter(starts_on__isnull=False)
    found = begun.aggregate(Min("starts_on"), Max("starts_on"), Max("ends_on"))
    return _last({day.year for day in found.values() if day}, last)


def _last(known: set[int], last: int) -> range:
    return range(max(min(known), max(known) - last + 1), max(known) + 1) if known else range(0)


@dataclass(frozen=True)
class Places(Breakdown):
    """Where projects act: what they declare. A commune also holds what its quarters hold."""

    territories: dict[int, Territory] = field(default_factory=dict)

    def communes(self) -> list[Territory]:
        """The communes of the perimeter, as a dictionary orders them."""
        return communes(self.territories.values())

    def served(self, territories: Iterable[Territory], projects: Iterable[int]) -> list[Territory]:
        counts = self.counts(projects)
        return [one for one in territories if counts[one.pk]]


def by_territory(projects: ProjectQuerySet) -> Places:
    """The places that projects declare, in two queries; outlines are not read."""
    territories = {one.pk: one for one in Territory.objects.defer("outline")}
    holding = {pk: holders(one, territories) for pk, one in territories.items()}
    of: dict[int, set[Hashable]] = {}
    declared = Place.objects.filter(project__in=projects.order_by().values("pk"))
    for project, territory in declared.values_list("project_id", "territory_id"):
        of.setdefault(project, set()).update(holding[territory])
    return Places({pk: one.name for pk, one in territories.items()}, of, territories)


_places: Kept[Places] = Kept(2)


def places(framework: Framework) -> Places:
    """:func:`by_territory` of all published projects, kept while nothing changes, as :func:`published` is."""
    return _places.get(framework.state, lambda: by_territory(Project.objects.published()))


def communes(territories: Iterable[Territory]) -> list[Territory]:
    """The communes of the perimeter among these, as a dictionary orders them."""
    kept = [one for one in territories if one.kind == "commune" and one.is_in_perimeter]
    return sorted(kept, key=lambda one: fold(one.name))


def holders(territory: Territory, territories: dict[int, Territory]) -> set[Hashable]:
    """The territory, and the commune that it is a quarter of."""
    parent = territories.get(territory.parent_id or 0)
    return {territory.pk, parent.pk} if parent is not None and parent.kind == "commune" else {territory.pk}


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
    communes_served = places.served(communes, kinds.of)
    return Headlines(
        projects=len(kinds.of),
        by_kind=kinds.totals,
        objectives=objectives,
        objectives_served=[node for node in objectives if served.branch[node.orientation.pk]],
        unserved=[node for node in nodes if not served.branch[node.orientation.pk]],
        communes=communes,
        communes_served=communes_served,
        communes_empty=[one for one in communes if one not in communes_served],
    )
