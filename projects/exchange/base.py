"""What the database holds, as a file speaks of it: names and codes looked up, projects as plain values.

A constant number of queries, whatever the number of rows, but for the projects: four a batch.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from typing import Any

from axes.models import Framework, Orientation
from cohesion.lib.text import fold, squeeze
from projects.choices import ProjectKind, TerritoryKind
from projects.models import Contribution, Organization, Place, Project, Scheme, Territory

BATCH = 2_000
NOTHING_NEAR = " : vérifiez son écriture."
CLOSE = 0.84  # how alike two names are, from 0 to 1, before one may be a slip for the other


def known_as(text: str) -> str:
    """A name without what people write in several ways: accents, capitals, hyphens, apostrophes.

    One that is made of nothing else is known as it is.
    """
    return squeeze(fold(text).replace("-", " ").replace("'", " ")) or squeeze(text)


@dataclass(slots=True)
class State:
    """A project as it is, or as it shall be: what a plan compares. Links are ordered, the main one first."""

    pk: int | None
    code: str
    title: str = ""
    kind: str = ""
    organization: int | str = ""  # a key, or the name of one to create
    host: str = ""  # the code of its PST
    status: str = "draft"
    starts_on: str | None = None
    ends_on: str | None = None
    total_cost: str | None = None
    summary: str = ""
    main: int | None = None
    secondary: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    schemes: list[int] = field(default_factory=list)


@dataclass
class Base:
    """The rows that a file may name."""

    orientations: dict[str, int]
    codes: dict[int, str]
    territories: dict[int, Territory]
    territories_named: dict[str, list[int]]
    organizations: dict[int, Organization]
    organizations_named: dict[str, list[int]]
    schemes: dict[str, int]
    psts: set[str]
    projects: dict[str, State] = field(default_factory=dict)
    hosting: set[str] = field(default_factory=set)  # codes of the PST that contain projects
    moving: dict[str, Project] = field(default_factory=dict)  # those whose state the file changes, by code

    def close(self, text: str, names: Iterable[str]) -> str:
        """« : est-ce « … » ? », or what to do where nothing is near."""
        near = get_close_matches(text, [name for name in names if name], 1, CLOSE)
        return f" : est-ce « {near[0]} » ?" if near else NOTHING_NEAR


def read(codes: Iterable[str]) -> Base:
    """The base around the projects of these codes."""
    framework = Framework.objects.in_force().first()
    orientations = dict(Orientation.objects.filter(framework=framework).values_list("code", "pk"))
    base = Base(
        orientations=orientations,
        codes=dict(Orientation.objects.values_list("pk", "code")),
        territories={one.pk: one for one in Territory.objects.defer("outline")},
        territories_named={},
        organizations={one.pk: one for one in Organization.objects.all()},
        organizations_named={},
        schemes={known_as(code): pk for code, pk in Scheme.objects.values_list("code", "pk")},
        psts=set(Project.objects.filter(kind=ProjectKind.PST).values_list("code", flat=True)),
        hosting=set(Project.objects.filter(hosted__isnull=False).values_list("code", flat=True)),
    )
    for territory in base.territories.values():
        for name in {known_as(territory.code), known_as(territory.name)}:
            base.territories_named.setdefault(name, []).append(territory.pk)
    for organization in base.organizations.values():
        for name in {known_as(organization.name), known_as(organization.acronym), organization.siret} - {""}:
            base.organizations_named.setdefault(name, []).append(organization.pk)
    asked = iter(codes)
    while batch := list(islice(asked, BATCH)):
        base.projects |= {state.code: state for state in _projects(batch)}
    return base


def _projects(codes: list[str]) -> Iterator[State]:
    found = list(
        Project.objects.filter(code__in=codes).values_list(
            *("pk", "code", "title", "kind", "organization_id", "host__code", "status"),
            *("starts_on", "ends_on", "total_cost", "summary"),
        )
    )
    keys = [row[0] for row in found]
    links = (
        Contribution.objects.in_force()
        .filter(project__in=keys)
        .order_by("-is_main", "orientation__tree_id", "orientation__lft")
    )
    linked = _grouped(links.values_list("project_id", "orientation_id", "is_main"))
    placed = _grouped(Place.objects.filter(project__in=keys).values_list("project_id", "territory_id"))
    schemes = _grouped(Project.schemes.through.objects.filter(project__in=keys).values_list("project_id", "scheme_id"))
    for pk, code, title, kind, organization, host, status, start, end, cost, summary in found:
        yield State(
            *(pk, code, title, kind, organization, host or "", status),
            starts_on=start.isoformat() if start else None,
            ends_on=end.isoformat() if end else None,
            total_cost=None if cost is None else f"{cost:.2f}",
            summary=summary,
            main=next((key for key, is_main in linked.get(pk, ()) if is_main), None),
            secondary=[key for key, is_main in linked.get(pk, ()) if not is_main],
            places=[key for (key,) in placed.get(pk, ())],
            schemes=[key for (key,) in schemes.get(pk, ())],
        )


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for project, *values in rows:
        grouped.setdefault(project, []).append(tuple(values))
    return grouped


def is_commune(territory: Territory) -> bool:
    return territory.kind == TerritoryKind.COMMUNE
