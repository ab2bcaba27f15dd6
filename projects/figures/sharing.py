"""Amounts along the tree and over places: whole under the main orientation and in each place, or shared in equal parts.

Plain arithmetic on cents: a part is a whole number of cents, parts add up to what they share, and the cents that are
left go to the first, in an order that never changes (the main orientation, then the document's; places by name).
"""

from collections.abc import Hashable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from axes.document import Node
from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.text import fold
from projects.choices import TerritoryKind
from projects.figures import figures
from projects.figures.breakdowns import Places
from projects.figures.money import Cents, total
from projects.territory.models import Territory

Key = TypeVar("Key", bound=Hashable)


def equal_parts(cents: int, count: int) -> list[int]:
    """An amount in equal parts, the largest first: what is left of a division goes a cent each to the first."""
    part, left = divmod(cents, count)
    return [part + 1] * left + [part] * (count - left)


def proportional_parts(cents: int, weights: Sequence[int]) -> list[int]:
    """An amount in proportion to weights, in whole cents that add up to it: what is left of the divisions goes a cent
    each to those that lost most by them, the first ones first. Nothing where nothing weighs.

    >>> proportional_parts(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    divided = [divmod(cents * weight, whole) for weight in weights]
    parts = [part for part, _ in divided]
    lost = sorted(range(len(weights)), key=lambda place: (-divided[place][1], place))
    for place in lost[: cents - sum(parts)]:
        parts[place] += 1
    return parts


def shared(cents: Cents, among: Mapping[int, Sequence[Key]]) -> dict[Key, dict[int, int]]:
    """What each holder has of each project, in equal parts; ``among``: who holds each project, in its order."""
    parts: dict[Key, dict[int, int]] = {}
    for pk, amount in cents.items():
        holders = among.get(pk, ())
        if len(holders) == 1:
            parts.setdefault(holders[0], {})[pk] = amount
        elif holders:
            for holder, part in zip(holders, equal_parts(amount, len(holders)), strict=True):
                parts.setdefault(holder, {})[pk] = part
    return parts


@dataclass(frozen=True)
class Attached:
    """Which orientations of a framework some projects serve: ``main`` and ``all`` hold the keys of the projects linked
    to each of ``nodes`` (all those of the framework, in document order), by the key of the orientation."""

    nodes: Sequence[Node]
    main: Mapping[int, Set[int]]
    all: Mapping[int, Set[int]]

    @cached_property
    def homes(self) -> dict[int, int]:
        """The main orientation of each project."""
        return {project: node for node, projects in self.main.items() for project in projects}

    @cached_property
    def served(self) -> dict[int, list[int]]:
        """The orientations of each project: the main one, then the others in document order."""
        served = {project: [node] for project, node in self.homes.items()}
        for node in self.nodes:
            for project in self.all[node.pk]:
                if self.homes.get(project) != node.pk:
                    served.setdefault(project, []).append(node.pk)
        return served

    def direct(self, cents: Cents, *, is_shared: bool = False) -> dict[int, dict[int, int]]:
        """What each orientation has of each project, by itself."""
        if is_shared:
            return shared(cents, self.served)
        parts: dict[int, dict[int, int]] = {}
        for project, amount in cents.items():
            if project in self.homes:
                parts.setdefault(self.homes[project], {})[project] = amount
        return parts

    def by_orientation(self, cents: Cents, *, is_shared: bool = False) -> dict[int, int]:
        """What the whole branch of each orientation has, in cents, by its key: nothing is counted twice."""
        branch = {node.pk: 0 for node in self.nodes}
        if is_shared:
            for node, parts in shared(cents, self.served).items():
                branch[node] = sum(parts.values())
        else:
            homes = self.homes
            for project, amount in cents.items():
                if project in homes:
                    branch[homes[project]] += amount
        for each in reversed(self.nodes):
            if each.parent is not None:
                branch[each.parent.pk] += branch[each.pk]
        return branch

    def of_branch(self, node: int, cents: Cents) -> Cents:
        """What the branch of an orientation, by its key, has of each project, in equal parts."""
        top = next(each for each in self.nodes if each.pk == node)
        parts = self.direct(cents, is_shared=True)
        sums: dict[int, int] = {}
        for under in (top, *top.descendants):
            for project, part in parts.get(under.pk, {}).items():
                sums[project] = sums.get(project, 0) + part
        return sums

    def unlinked(self, projects: Set[int]) -> set[int]:
        """Those of these projects that serve no orientation."""
        return {project for project in projects if project not in self.served}

    def without_main(self, projects: Set[int]) -> set[int]:
        """Those that serve some, and none of them first of all."""
        return {project for project in projects if project in self.served and project not in self.homes}


_attached: Kept[Attached] = Kept(2)


def attached(in_force: Framework | None, nodes: list[Node]) -> Attached:
    """Of the public projects, to a whole framework; kept while nothing changes."""

    def read_attached() -> Attached:
        main, every = figures.mainly_serving(in_force, nodes), figures.published(in_force, nodes)
        return Attached(nodes, main.direct, every.direct)

    return figures.unchanged(_attached, in_force, read_attached, figures.state_of(nodes))


# --- places -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Placed:
    """Where some projects act, as the rows of a table: communes, each with its quarters, and what is in no commune.

    ``members``: the keys of the projects of each row, by the key of its territory; rows overlap.
    """

    rows: Sequence[Territory]
    members: Mapping[int, Set[int]] = field(repr=False)

    @classmethod
    def of(cls, places: Places) -> "Placed":
        territories = places.territories
        rows = [territory for territory in territories.values() if not _is_in_commune(territory, territories)]
        rows.sort(key=lambda territory: (not _is_ours(territory), fold(territory.name), territory.code))
        return cls(rows, {row.pk: places.members.get(row.pk, set()) for row in rows})

    @cached_property
    def held_in(self) -> dict[int, list[int]]:
        """The rows of each project, in their order."""
        held: dict[int, list[int]] = {}
        for row in self.rows:
            for project in self.members[row.pk]:
                held.setdefault(project, []).append(row.pk)
        return held

    def by_place(self, cents: Cents, *, is_shared: bool = False) -> dict[int, int]:
        """What each row has, in cents: whole in each, or in equal parts among those of the project."""
        if is_shared:
            return {place: sum(parts.values()) for place, parts in shared(cents, self.held_in).items()}
        return {place: total(cents, projects) for place, projects in self.members.items()}

    def of_place(self, place: int, cents: Cents) -> Cents:
        """What a row, by the key of its territory, has of each project, in equal parts."""
        return shared(cents, self.held_in).get(place, {})

    def nowhere(self, projects: Set[int]) -> set[int]:
        return {project for project in projects if project not in self.held_in}


_placed: Kept[Placed] = Kept(2)


def placed(in_force: Framework | None) -> Placed:
    """Of the public projects; kept while nothing changes."""
    return figures.unchanged(_placed, in_force, lambda: Placed.of(figures.places(in_force)))


def _is_ours(territory: Territory) -> bool:
    return territory.kind == TerritoryKind.COMMUNE and territory.is_in_perimeter


def _is_in_commune(territory: Territory, territories: Mapping[int, Territory]) -> bool:
    """Whether it is a quarter of a commune, which holds what it holds (:func:`projects.figures.breakdowns.holders`)."""
    parent = territories.get(territory.parent_id or 0)
    return parent is not None and parent.kind == TerritoryKind.COMMUNE
