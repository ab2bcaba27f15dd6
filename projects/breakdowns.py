"""Projects told apart by what they are, when and where: each column of a table with the projects that it holds.

A project counts once in each place that it declares, in each year of which it runs a day, and once in « all »:
columns may overlap, so that « all » is the number of distinct projects and no sum of columns.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from cohesion.lib.rows import bare
from cohesion.lib.text import fold
from projects.choices import ProjectKind
from projects.models import Place, Territory
from projects.models.project import ProjectQuerySet

READ = ("pk", "kind", "host_id", "status", "organization_id", "starts_on", "ends_on")
Row = tuple[Any, ...]
Pairs = Iterable[tuple[Hashable, int]]  # a column, and the key of a project that it holds
NONE: frozenset[int] = frozenset()


def read(projects: ProjectQuerySet) -> list[Row]:
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
        return Counter({key: len(projects & found) for key, found in self.members.items()})

    @cached_property
    def totals(self) -> Counter[Hashable]:
        return Counter({key: len(found) for key, found in self.members.items()})


def by_kind(rows: Iterable[Row]) -> Breakdown:
    """PST, PRH, actions of a PST and actions outside any: here each project has one column, and columns add up."""
    columns: dict[Hashable, str] = {"pst": "PST", "prh": "PRH", "hosted": "Actions de PST", "hors": "Actions hors PST"}
    return Breakdown.of(columns, ((_kind(kind, host), pk) for pk, kind, host, *_ in rows))


def _kind(kind: str, host: int | None) -> str:
    if kind != ProjectKind.ACTION:
        return kind
    return "hors" if host is None else "hosted"


# --- years --------------------------------------------------------------------------------------------------

KNOWN_YEARS = range(1900, 2201)  # those of which a list can be asked


def by_year(rows: Iterable[Row], *, last: int = 10) -> Breakdown:
    """The calendar years of which a project runs at least a day; the ``last`` years that any project bears.

    A project without end runs on; one without beginning is in no year.
    """
    spans = _spans(rows)
    shown = _last(spans, last)
    members: dict[Hashable, set[int]] = {}
    for (start, end), projects in spans.items():
        for year in shown:
            if start <= year and (end is None or year <= end):
                members.setdefault(year, set()).update(projects)
    return Breakdown({year: str(year) for year in shown}, members)


def years(rows: Iterable[Row], *, last: int = 10) -> range:
    """The columns of :func:`by_year`, alone."""
    return _last(_spans(rows), last)


Spans = dict[tuple[int, int | None], list[int]]


def _spans(rows: Iterable[Row]) -> Spans:
    """The keys of the projects, by the years of their beginning and of their end."""
    spans: Spans = {}
    for pk, *_, start, end in rows:
        if start:
            spans.setdefault((_year(start), _year(end) if end else None), []).append(pk)
    return spans


def _year(day: Any) -> int:
    """SQLite writes a day as a text, ``2026-11-25``."""
    return int(day[:4]) if isinstance(day, str) else day.year


def _last(spans: Spans, last: int) -> range:
    known = {year for start, end in spans for year in (start, end or start) if year in KNOWN_YEARS}
    return range(max(min(known), max(known) - last + 1), max(known) + 1) if known else range(0)


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
    territories = {one.pk: one for one in Territory.objects.defer("outline")}
    holding = {pk: holders(one, territories) for pk, one in territories.items()}
    declared = Place.objects.filter(project__in=projects.order_by().values("pk"))
    pairs = (
        (holder, project)
        for project, territory in bare(declared.values_list("project_id", "territory_id"))
        for holder in holding[territory]
    )
    return Places.of({pk: one.name for pk, one in territories.items()}, pairs, territories=territories)


def communes(territories: Iterable[Territory]) -> list[Territory]:
    """The communes of the perimeter among these, as a dictionary orders them."""
    kept = [one for one in territories if one.kind == "commune" and one.is_in_perimeter]
    return sorted(kept, key=lambda one: fold(one.name))


def living_first(territories: Iterable[Territory]) -> list[Territory]:
    """By name; those that have an end come after the others, which may bear their names."""
    return sorted(territories, key=lambda one: (one.valid_to is not None, fold(one.name), one.code))


def holders(territory: Territory, territories: dict[int, Territory]) -> set[Hashable]:
    """The territory, and the commune that it is a quarter of."""
    parent = territories.get(territory.parent_id or 0)
    return {territory.pk, parent.pk} if parent is not None and parent.kind == "commune" else {territory.pk}
