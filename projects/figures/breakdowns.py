"""Projects told apart by what they are, when and where: each column of a table with the projects that it holds.

A project counts once in each place that it declares, in each year of which it runs a day, and once in « all »:
columns may overlap, so that « all » is the number of distinct projects and no sum of columns.
"""

import datetime
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from cohesion.lib.queries import bare
from cohesion.lib.text import fold
from projects.catalogue.models import Place
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import ProjectKind
from projects.figures import periods
from projects.territory.models import Territory

READ = ("pk", "kind", "host_id", "status", "organization_id", "starts_on", "ends_on")
Row = tuple[Any, ...]
Pairs = Iterable[tuple[Hashable, int]]  # a column, and the key of a project that it holds
NONE: frozenset[int] = frozenset()


def read_rows(projects: ProjectQuerySet) -> list[Row]:
    """What a project itself says of its columns (``READ``), in one query; days as the database writes them."""
    return bare(projects.order_by().values_list(*READ))


@dataclass(frozen=True)
class Breakdown:
    """The columns, by key, in their order, and the keys of the projects of each; none for a column without."""

    columns: dict[Hashable, str]
    members: dict[Hashable, set[int]]

    @classmethod
    def of(cls, columns: dict[Hashable, str], pairs: Pairs, **more: Any) -> Self:
        members: dict[Hashable, set[int]] = {}
        for key, project in pairs:
            if key in members:
                members[key].add(project)
            else:
                members[key] = {project}
        return cls(columns, members, **more)

    def counts(self, projects: Set[int]) -> Counter[Hashable]:
        """How many of these distinct projects each column holds."""
        return Counter({key: len(projects & held) for key, held in self.members.items()})

    def within(self, projects: Set[int]) -> Self:
        """The same columns, of these projects only."""
        return replace(self, members={key: held & projects for key, held in self.members.items()})

    @cached_property
    def totals(self) -> Counter[Hashable]:
        return Counter({key: len(held) for key, held in self.members.items()})


def by_kind(rows: Iterable[Row]) -> Breakdown:
    """PST, PRH, actions of a PST and actions outside any: here each project has one column, and columns add up."""
    columns: dict[Hashable, str] = {"pst": "PST", "prh": "PRH", "hosted": "Actions de PST", "hors": "Actions hors PST"}
    return Breakdown.of(columns, ((_kind(kind, host), pk) for pk, kind, host, *_ in rows))


def _kind(kind: str, host: int | None) -> str:
    if kind != ProjectKind.ACTION:
        return kind
    return "hors" if host is None else "hosted"


# --- years --------------------------------------------------------------------------------------------------

Span = tuple[int | None, int | None]  # the years of the beginning and of the end; without a beginning, none is known


def spans(rows: Iterable[Row]) -> dict[int, Span]:
    """The years in which each project begins and ends, by its key."""
    return {pk: span(start, end) for pk, *_, start, end in rows}


def span(start: datetime.date | str | None, end: datetime.date | str | None) -> Span:
    return _year(start), _year(end)


def _year(day: datetime.date | str | None) -> int | None:
    """SQLite writes a day as a text, ``2026-11-25``."""
    if not day:
        return None
    return int(day[:4]) if isinstance(day, str) else day.year


def runs_in(span: Span, year: int) -> bool:
    """Whether a project runs at least a day of a year. Without an end it runs on; without a beginning, in no year."""
    start, end = span
    return start is not None and start <= year and (end is None or year <= end)


def years(spans: Iterable[Span], today: datetime.date) -> range:
    """The years that are offered: those near today in which a project runs, and the present one.

    One that has no end does not open the years to come.
    """
    nearby, offered = periods.near(today), {today.year}
    for start, end in set(spans):
        if start is not None:
            last = max(start, today.year) if end is None else end
            offered.update(range(max(start, nearby.start), min(last, nearby.stop - 1) + 1))
    return range(min(offered), max(offered) + 1)


def by_year(spans: Mapping[int, Span], today: datetime.date) -> Breakdown:
    """The years that are offered; then what runs in none of them: no project is in no column.

    ``found``: the years of each project, by its key (:func:`spans`).
    """
    offered = years(spans.values(), today)
    before, after = f"{periods.BEFORE}{offered.start}", f"{periods.AFTER}{offered.stop - 1}"
    labels: dict[Hashable, str] = {
        before: f"Terminés avant {offered.start}",
        **{str(year): str(year) for year in offered},
        after: f"Commencent après {offered.stop - 1}",
        periods.UNDATED: "Sans date de début",
    }
    members: dict[Hashable, set[int]] = {key: set() for key in labels}
    for pk, (start, end) in spans.items():
        if start is None:
            members[periods.UNDATED].add(pk)
        elif end is not None and end < offered.start:
            members[before].add(pk)
        elif start >= offered.stop:
            members[after].add(pk)
        else:
            for year in range(max(start, offered.start), min(end or offered.stop, offered.stop - 1) + 1):
                members[str(year)].add(pk)
    is_shown = {key: bool(members[key]) or (isinstance(key, str) and key.isdecimal()) for key in labels}
    return Breakdown({key: label for key, label in labels.items() if is_shown[key]}, members)


# --- places -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Places(Breakdown):
    """Where projects act: what they declare. A commune also holds what its quarters hold."""

    territories: dict[int, Territory] = field(default_factory=dict)

    def communes(self) -> list[Territory]:
        """The communes of the perimeter, as a dictionary orders them."""
        return communes(self.territories.values())


def by_territory(projects: ProjectQuerySet) -> Places:
    """The places that projects declare, in two queries; outlines are not read."""
    territories = {territory.pk: territory for territory in Territory.objects.defer("outline")}
    holding = {pk: holders(territory, territories) for pk, territory in territories.items()}
    declared = Place.objects.filter(project__in=projects.order_by().values("pk"))
    pairs = (
        (holder, project)
        for project, territory in bare(declared.values_list("project_id", "territory_id"))
        for holder in holding[territory]
    )
    return Places.of({pk: territory.name for pk, territory in territories.items()}, pairs, territories=territories)


def communes(territories: Iterable[Territory]) -> list[Territory]:
    """The communes of the perimeter among these, as a dictionary orders them."""
    kept = [territory for territory in territories if territory.kind == "commune" and territory.is_in_perimeter]
    return sorted(kept, key=lambda territory: fold(territory.name))


def living_first(territories: Iterable[Territory]) -> list[Territory]:
    """By name; those that have an end come after the others, which may bear their names."""

    def rank(territory: Territory) -> tuple[bool, str, str]:
        return territory.valid_to is not None, fold(territory.name), territory.code

    return sorted(territories, key=rank)


def holders(territory: Territory, territories: dict[int, Territory]) -> set[Hashable]:
    """The territory, and the commune that it is a quarter of."""
    parent = territories.get(territory.parent_id or 0)
    return {territory.pk, parent.pk} if parent is not None and parent.kind == "commune" else {territory.pk}
