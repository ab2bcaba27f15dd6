"""The one place where projects are counted against the framework.

Decided once, and told on every page:

- a *direct* count is of the projects linked to the orientation itself;
- a *branch* count is of the projects linked to it or to anything under it; a project linked twice in one branch
  counts once;
- main and secondary links count alike; only published projects count on public pages (the caller gives the
  queryset, which begins with ``Project.objects.published()``);
- places, years and kinds are columns that may overlap (:mod:`projects.figures.breakdowns`).

Everything is a set of keys of projects, so that any figure can be recounted from the rows that it leads to.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

from axes import adoption, document
from axes.document import Node
from axes.models import Framework
from cohesion.lib import heat
from cohesion.lib.kept import Kept
from cohesion.lib.queries import bare
from cohesion.lib.text import number_fr
from projects.catalogue.models import Contribution, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.figures import breakdowns
from projects.figures.breakdowns import NONE, Breakdown, Places, Row, Span, runs_in
from projects.figures.lasting import Ever
from projects.figures.periods import Period
from projects.territory.models import Territory

Value = TypeVar("Value")


class Tally(NamedTuple):
    """How many distinct projects serve an orientation: itself, and its whole branch."""

    direct: int
    branch: int

    @property
    def words(self) -> str:
        return number_fr(self.branch)

    @property
    def noun(self) -> str:
        return "projet" if self.branch < 2 else "projets"

    @property
    def step(self) -> int:
        return heat.step(self.branch)


@dataclass(frozen=True)
class Serving:
    """The keys of the projects that serve each orientation, by its key: linked to it, and to its branch."""

    direct: dict[int, set[int]]
    branch: dict[int, set[int]]

    @classmethod
    def of(cls, nodes: Iterable[Node], direct: dict[int, set[int]]) -> "Serving":
        """Of what is linked to each of these orientations, which stand in document order: added up from the leaves to
        the roots as sets, so that no project counts twice."""
        branch: dict[int, set[int]] = {}
        for node in reversed(list(nodes)):
            own = direct[node.pk]
            branch[node.pk] = own.union(*[branch[child.pk] for child in node.children]) if node.children else own
        return cls(direct, branch)

    def projects(self, orientation: int, *, direct: bool = False) -> set[int]:
        return (self.direct if direct else self.branch)[orientation]

    def within(self, projects: Set[int]) -> "Serving":
        """Of these projects only."""
        return Serving(
            {pk: held & projects for pk, held in self.direct.items()},
            {pk: held & projects for pk, held in self.branch.items()},
        )

    @cached_property
    def tallies(self) -> dict[int, Tally]:
        return {pk: Tally(len(held), len(self.branch[pk])) for pk, held in self.direct.items()}


def serving(nodes: Iterable[Node], projects: ProjectQuerySet, *, is_main: bool = False) -> Serving:
    """Who serves each of these orientations, in one query.

    ``nodes`` stand in document order (:func:`axes.document.read_nodes`), each with all that is under it.
    """
    nodes = list(nodes)
    return Serving.of(nodes, links(nodes, projects, is_main=is_main))


def unchanged(kept: Kept[Value], framework: Framework | None, read: Callable[[], Value], *about: Hashable) -> Value:
    """What is read of the published projects, kept while nothing changes.

    Every write of what is published raises the revision of the framework in force, as this request has read it;
    without one nothing tells, and all is read each time. ``about`` tells it from the rest of what ``kept`` holds.
    """
    return read() if framework is None else kept.get((framework.state, *about), read)


_published: Kept[Serving] = Kept(6)


def published(in_force: Framework | None, nodes: list[Node]) -> Serving:
    """Who serves each orientation of a whole framework, in force or not, among published projects.

    It is the framework in force that tells that projects change: these nodes may be of another.
    """
    return unchanged(_published, in_force, lambda: serving(nodes, Project.objects.published()), state_of(nodes))


def state_of(nodes: list[Node]) -> Hashable:
    """What tells the nodes of a whole framework from those of another, and from what they were before."""
    # An axis that does not change keeps the framework with which it was read: each says what it is.
    return tuple([node.orientation.framework.state for node in nodes if node.parent is None])


_mainly: Kept[Serving] = Kept(2)


def mainly_serving(in_force: Framework | None, nodes: list[Node]) -> Serving:
    """The same, by main links alone."""

    def read_serving() -> Serving:
        return serving(nodes, Project.objects.published(), is_main=True)

    return unchanged(_mainly, in_force, read_serving, state_of(nodes))


def links(nodes: Iterable[Node], projects: ProjectQuerySet, *, is_main: bool = False) -> dict[int, set[int]]:
    """The keys of the projects directly linked to each of these orientations; ``is_main``: by their main link."""
    linked: dict[int, set[int]] = {node.pk: set() for node in nodes}
    # All links of these projects: told which orientations too, SQLite tries each of them with each project.
    contributions = Contribution.objects.filter(project__in=projects.order_by().values("pk"))
    contributions = contributions.filter(is_main=True) if is_main else contributions
    for orientation, project in bare(contributions.values_list("orientation_id", "project_id")):
        if orientation in linked:
            linked[orientation].add(project)
    return linked


# --- all that is published, kept while nothing changes --------------------------------------------------------

_rows: Kept[list[Row]] = Kept(2)
_spans: Kept[dict[int, Span]] = Kept(2)
_running: Kept[Set[int]] = Kept(8)
_years: Kept[Breakdown] = Kept(2)
_kinds: Kept[Breakdown] = Kept(2)
_places: Kept[Places] = Kept(2)
_waiting: Kept[frozenset[int]] = Kept(2)
_narrow: Kept["Figures"] = Kept(8)


def rows(framework: Framework | None) -> list[Row]:
    return unchanged(_rows, framework, lambda: breakdowns.read_rows(Project.objects.published()))


def spans(framework: Framework | None) -> dict[int, Span]:
    """The years in which each project begins and ends, by its key."""
    return unchanged(_spans, framework, lambda: breakdowns.spans(rows(framework)))


def years(framework: Framework | None, today: date) -> Breakdown:
    """What runs in each year that is offered, and what runs in none of them."""
    return unchanged(_years, framework, lambda: breakdowns.by_year(spans(framework), today), today)


def kinds(framework: Framework | None) -> Breakdown:
    return unchanged(_kinds, framework, lambda: breakdowns.by_kind(rows(framework)))


def places(framework: Framework | None) -> Places:
    return unchanged(_places, framework, lambda: breakdowns.by_territory(Project.objects.published()))


def waiting(framework: Framework | None) -> frozenset[int]:
    """The keys of the projects that a change of framework left with a link to be made anew."""

    def read_waiting() -> frozenset[int]:
        projects = Project.objects.published().waiting_for_link().order_by()
        return frozenset(pk for (pk,) in bare(projects.values_list("pk")))

    return unchanged(_waiting, framework, read_waiting)


@dataclass(frozen=True)
class Figures:
    """All that is counted of some projects: who serves what, what they are, where."""

    served: Serving
    kinds: Breakdown
    places: Places

    def within(self, projects: Set[int]) -> "Figures":
        return Figures(self.served.within(projects), self.kinds.within(projects), self.places.within(projects))


def whole(in_force: Framework | None, nodes: list[Node]) -> Figures:
    """Of all that is published."""
    return Figures(published(in_force, nodes), kinds(in_force), places(in_force))


def of_period(in_force: Framework | None, nodes: list[Node], period: Period, *, kind: str = "") -> Figures:
    """Of what runs in a year (or ever), and is of a kind (``addresses.KINDS``); kept while nothing changes."""
    if period.year is None and not kind:
        return whole(in_force, nodes)

    def read_figures() -> Figures:
        return whole(in_force, nodes).within(running(in_force, period) & of_kind(in_force, kind))

    return unchanged(_narrow, in_force, read_figures, period.year, kind, state_of(nodes))


def ever(
    in_force: Framework | None, nodes: list[Node], period: Period, *, kind: str = "", direct: bool = False
) -> Ever:
    """Who serves each orientation whatever the year, and when; of a kind, where one is named."""
    served = published(in_force, nodes)
    known = _of_kind_ever(in_force, served.direct if direct else served.branch, period, kind)
    return replace(known, formerly=formerly_served(in_force, nodes))


_formerly: Kept[Set[int]] = Kept(2)


def formerly_served(in_force: Framework | None, nodes: list[Node]) -> Set[int]:
    """The keys of these orientations, a whole framework, that a published project served, itself or its branch, as what
    they were in a framework before: links that wait to be made anew are not counted here, and were."""
    framework = nodes[0].orientation.framework if nodes else None
    if framework is not None and in_force is not None and framework.pk == in_force.pk:
        framework = in_force  # nodes that do not change keep the framework with which they were read
    if framework is None or not framework.is_in_force or framework.predecessor_id is None:
        return frozenset()

    def read_served() -> Set[int]:
        served: set[int] = set()
        for former in Framework.objects.public().filter(programme=framework.programme_id).exclude(pk=framework.pk):
            branch = serving(document.read_nodes(former), Project.objects.published()).branch
            became = adoption.became([pk for pk, projects in branch.items() if projects], framework)
            served.update(*became.values())
        return served

    return unchanged(_formerly, in_force, read_served, state_of(nodes))


def ever_in(framework: Framework | None, period: Period, *, kind: str = "", held: Places | None = None) -> Ever:
    """What is done in each territory (``held``: by some projects) whatever the year, and when; of a kind, where one
    is named."""
    return _of_kind_ever(framework, (held or places(framework)).members, period, kind)


def _of_kind_ever(framework: Framework | None, held: Mapping[Any, Set[int]], period: Period, kind: str) -> Ever:
    known = spans(framework)
    if kind:
        wanted = of_kind(framework, kind)
        known = {pk: span for pk, span in known.items() if pk in wanted}
    return Ever(held, known, period.year)


def unlinked(in_force: Framework | None, nodes: list[Node]) -> Set[int]:
    """The keys of what serves none of the orientations of a framework."""
    return spans(in_force).keys() - linked(in_force, nodes)


def linked(in_force: Framework | None, nodes: list[Node]) -> Set[int]:
    """The keys of what serves a framework, whichever of its orientations: each project once."""
    served = published(in_force, nodes)
    return frozenset().union(*(served.branch[node.pk] for node in nodes if not node.parent))


def linked_beside(in_force: Framework | None, beside: Iterable[Framework]) -> frozenset[int]:
    """The keys of what serves one of the frameworks in force beside the reference one; no query where there is none."""
    held = [linked(in_force, document.kept(framework)) for framework in beside]
    return frozenset().union(*held)


def beside_only(in_force: Framework | None, beside: Sequence[Framework], among: Set[int]) -> Set[int]:
    """The keys of those that serve another programme and nothing of the reference one; nothing is read where there is
    no other."""
    if not beside:
        return frozenset()
    return among & unlinked(in_force, document.kept(in_force)) & linked_beside(in_force, beside)


def beside_only_words(projects: Set[int]) -> str:
    """The sentence of papers on those that serve another programme alone; that of pages is ``_beside_only.html``."""
    if not projects:
        return ""
    first, counts = ("ne répond", "il compte") if len(projects) == 1 else ("ne répondent", "ils comptent")
    return (
        f"Parmi ces projets, {number_fr(len(projects))} {first} qu’à un autre programme\u00a0: {counts} dans le total, "
        "et sous aucune orientation de ce cadre."
    )


def elsewhere_words(projects: Set[int]) -> str:
    """Of projects without a link to the reference framework, how many another programme has: never counted with it."""
    return f" (dont {number_fr(len(projects))} au titre d’un autre programme)" if projects else ""


def nowhere(framework: Framework | None) -> Set[int]:
    """The keys of what declares no place."""
    return spans(framework).keys() - frozenset().union(*places(framework).members.values())


def running(framework: Framework | None, period: Period) -> Set[int]:
    """The keys of what runs in a year, or of all."""
    span_of, year = spans(framework), period.year
    if year is None:
        return span_of.keys()

    def keys_of_year() -> Set[int]:
        return {pk for pk, span in span_of.items() if runs_in(span, year)}

    return unchanged(_running, framework, keys_of_year, year)


def of_kind(framework: Framework | None, kind: str) -> Set[int]:
    """The keys of the projects of a kind; of all without one. An action may be of a PST or outside any."""
    members = kinds(framework).members
    if kind == "action":
        return members.get("hosted", NONE) | members.get("hors", NONE)
    return members.get(kind, NONE) if kind else spans(framework).keys()


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


def headlines(nodes: list[Node], figures: Figures) -> Headlines:
    """The headline figures, from what was read: no query."""
    served, kinds, places = figures.served, figures.kinds, figures.places
    objectives = [node for node in nodes if node.orientation.level == "operational"]
    communes = places.communes()
    communes_served = [commune for commune in communes if places.totals[commune.pk]]
    return Headlines(
        projects=kinds.totals.total(),
        by_kind=kinds.totals,
        objectives=objectives,
        objectives_served=[node for node in objectives if served.branch[node.orientation.pk]],
        unserved=[node for node in nodes if not served.branch[node.orientation.pk]],
        communes=communes,
        communes_served=communes_served,
        communes_empty=[commune for commune in communes if commune not in communes_served],
    )
