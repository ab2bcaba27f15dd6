"""What the database holds, as a file speaks of it: names and codes looked up, projects as plain values.

A constant number of queries, whatever the number of rows, but for the projects: six a batch, and one more for each
of their lists that the file has too.
"""

import datetime
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any

from axes.models import Framework, Orientation
from axes.models.programme import REFERENCE
from cohesion.lib.natural import natural_key
from projects.catalogue.columns import OF_PROGRAMME, PROJECTS
from projects.catalogue.listed import funders_of, measures_of, one_line
from projects.catalogue.models import CoLead, Contribution, FundingLine, Indicator, Partnership, Place, Project, Scheme
from projects.choices import ProjectKind, TerritoryKind
from projects.members import mergers
from projects.members.mergers import MergedOrganization
from projects.members.models import Organization
from projects.members.naming import CLOSE, known_as, names_of
from projects.territory.models import Territory

if TYPE_CHECKING:
    from projects.instructing.moving import MovableProject

BATCH = 2_000
RULED = {"title", "starts_on", "ends_on"}  # plain values that rules look at, whatever the file has
LISTS = {"partners", "funders", "indicators"}  # what a declaration says too
NOTHING_NEAR = " : vérifiez son écriture."


class Mend(Exception):
    """A value that cannot stand: the message is the French sentence, ``column`` and ``value`` where it is another's."""

    def __init__(self, message: str, column: str = "", value: str = "") -> None:
        super().__init__(message)
        self.column, self.value = column, value


@dataclass(slots=True)
class ProjectState:
    """A project as it is, or as it shall be: what a plan compares. Links are ordered, the main one first.

    ``own`` are its plain values (:attr:`TableResource.plain`), those that the file has and those that rules look at.
    An organisation is its key, or the name of one to create. ``elsewhere`` are the orientations of other frameworks
    of the reference programme than the one in force, which an import leaves as they are; ``programmes`` those of the
    frameworks in force of the other programmes, the main one of each before its others.
    """

    pk: int | None
    code: str
    own: dict[str, Any] = field(default_factory=dict)
    kind: str = ""
    organization: int | str = ""
    host: str = ""  # the code of its PST
    status: str = "draft"
    main: int | None = None
    secondary: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    schemes: list[int] = field(default_factory=list)
    elsewhere: tuple[int, ...] = ()
    programmes: tuple[int, ...] = ()
    co_leads: tuple[int | str, ...] = ()
    partners: tuple[int | str, ...] = ()  # their keys, or the names of those that are not known
    funders: tuple[str, ...] = ()  # as :mod:`projects.catalogue.listed` writes them
    indicators: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return self.own.get("title") or ""

    @property
    def starts_on(self) -> str | None:
        return self.own.get("starts_on")

    @property
    def ends_on(self) -> str | None:
        return self.own.get("ends_on")

    def value(self, name: str) -> Any:
        """One of those that a plan compares."""
        return self.own.get(name) if name in PROJECTS.plain else getattr(self, name)


@dataclass
class Base:
    """The rows that a file may name."""

    slug: str  # of the framework in force
    slugs: list[str]
    orientations: dict[str, int]  # of the framework in force, by code
    elsewhere: dict[tuple[str, str], int]  # of the others, by framework and code
    codes: dict[int, str]  # with their framework, where it is not the one in force
    beside: dict[str, int]  # those in force of the other programmes, each after the name of its own
    territories: dict[int, Territory]
    territories_named: dict[str, list[int]]
    organizations: dict[int, Organization]
    organizations_named: dict[str, list[int]]
    schemes: dict[str, int]
    psts: set[str]
    projects: dict[str, ProjectState] = field(default_factory=dict)
    hosting: set[str] = field(default_factory=set)  # codes of the PST that contain projects
    written: dict[str, str] = field(default_factory=dict)  # codes that differ from those of the file by capitals
    declared: set[str] = field(default_factory=set)  # codes of the projects that their leads declared
    moving: dict[str, "MovableProject"] = field(default_factory=dict)  # those whose state the file changes, by code

    @cached_property
    def in_force(self) -> set[int]:
        """The orientations of the framework in force."""
        return set(self.orientations.values())

    @cached_property
    def numbers(self) -> set[str]:
        """The codes of projects that a spreadsheet takes for numbers, whether the file names them or not."""
        codes = Project.objects.filter(code__regex=r"^[0-9]+([.][0-9]+)?$").order_by()
        return set(codes.values_list("code", flat=True))

    @cached_property
    def former_codes(self) -> dict[int, set[str]]:
        """The codes that each orientation in force bore, here or in another framework."""
        uids = dict(Orientation.objects.in_force().order_by().values_list("uid", "pk"))
        borne: dict[int, set[str]] = {}
        for uid, code in Orientation.history.values_list("uid", "code").order_by().distinct():
            if uid in uids:
                borne.setdefault(uids[uid], set()).add(code)
        return borne

    @cached_property
    def former_names(self) -> dict[int, set[str]]:
        """The names that each organisation bore, and those of the organisations that were merged into it."""
        into = {merger.pk: merger.into for merger in self.merged}
        borne: dict[int, set[str]] = {}
        for pk, name in Organization.history.values_list("id", "name").order_by().distinct():
            borne.setdefault(into.get(pk, pk), set()).add(known_as(name))
        return borne

    @cached_property
    def merged(self) -> list[MergedOrganization]:
        """The organisations that were merged into one that is still there."""
        return [merger for merger in mergers.merged() if merger.into in self.organizations]

    @cached_property
    def merged_named(self) -> dict[str, list[int]]:
        """The organisations that others were merged into, by what these were called last."""
        named: dict[str, list[int]] = {}
        for merger in self.merged:
            for name in {known_as(merger.name), known_as(merger.acronym), merger.siret} - {""}:
                if merger.into not in named.setdefault(name, []):
                    named[name].append(merger.into)
        return named


def read_base(codes: Iterable[str], fields: Collection[str] = ()) -> Base:
    """The base around the projects of these codes; ``fields`` are what the file says of them."""
    framework = Framework.objects.in_force().first()
    slugs = dict(Framework.objects.filter(programme=REFERENCE).values_list("pk", "slug"))
    programmes = dict(Framework.objects.beside().values_list("pk", "programme__slug"))
    beside: dict[str, int] = {}
    here: dict[str, int] = {}
    elsewhere: dict[tuple[str, str], int] = {}
    shown: dict[int, str] = {}
    for pk, code, framework_id in Orientation.objects.order_by().values_list("pk", "code", "framework_id"):
        if framework is not None and framework_id == framework.pk:
            here[code], shown[pk] = pk, code
        elif framework_id in programmes:
            shown[pk] = f"{programmes[framework_id]}{OF_PROGRAMME}{code}"
            beside[shown[pk]] = pk
        elif framework_id in slugs:
            elsewhere[slugs[framework_id], code], shown[pk] = pk, f"{code}@{slugs[framework_id]}"
    base = Base(
        slug=framework.slug if framework else "",
        slugs=list(slugs.values()),
        orientations=here,
        elsewhere=elsewhere,
        codes=shown,
        beside=beside,
        territories={territory.pk: territory for territory in Territory.objects.defer("outline")},
        territories_named={},
        organizations={organization.pk: organization for organization in Organization.objects.all()},
        organizations_named={},
        schemes={known_as(code): pk for code, pk in Scheme.objects.values_list("code", "pk")},
        psts=set(Project.objects.filter(kind=ProjectKind.PST).values_list("code", flat=True)),
        hosting=set(Project.objects.filter(hosted__isnull=False).values_list("code", flat=True)),
    )
    for territory in base.territories.values():
        for name in {known_as(territory.code), known_as(territory.name)}:
            base.territories_named.setdefault(name, []).append(territory.pk)
    for organization in base.organizations.values():
        for name in names_of(organization):
            base.organizations_named.setdefault(name, []).append(organization.pk)
    remaining = iter(codes)
    plain = [name for name in PROJECTS.plain if name in RULED.union(fields)]
    while batch := list(islice(remaining, BATCH)):
        states = {state.code: state for state in _projects(batch, base, plain)}
        _complete({state.pk: state for state in states.values() if state.pk is not None}, fields)
        base.projects |= states
        alike = Project.objects.filter(code_key__in=[natural_key(code) for code in batch]).exclude(code__in=batch)
        base.written |= {code.casefold(): code for code in alike.values_list("code", flat=True)}
        if LISTS & set(fields):
            known = Project.objects.filter(code__in=batch, declaration__isnull=False)
            base.declared |= set(known.values_list("code", flat=True))
    return base


def _projects(codes: list[str], base: Base, plain: list[str]) -> Iterator[ProjectState]:
    in_force, former, beside = base.in_force, set(base.elsewhere.values()), set(base.beside.values())
    own = ("pk", "code", "kind", "organization_id", "host__code", "status")
    rows = list(Project.objects.filter(code__in=codes).values_list(*own, *plain))
    keys = [row[0] for row in rows]
    links = Contribution.objects.filter(project__in=keys).order_by(
        "-is_main", "orientation__tree_id", "orientation__lft"
    )
    linked = _grouped(links.values_list("project_id", "orientation_id", "is_main"))
    placed = _grouped(Place.objects.filter(project__in=keys).values_list("project_id", "territory_id"))
    schemes = _grouped(Project.schemes.through.objects.filter(project__in=keys).values_list("project_id", "scheme_id"))
    for pk, code, kind, organization, host, status, *values in rows:
        here = [(key, is_main) for key, is_main in linked.get(pk, ()) if key in in_force]
        yield ProjectState(
            pk,
            code,
            dict(zip(plain, map(_plain, values), strict=True)),
            kind,
            organization,
            host or "",
            status,
            main=next((key for key, is_main in here if is_main), None),
            secondary=[key for key, is_main in here if not is_main],
            places=[key for (key,) in placed.get(pk, ())],
            schemes=[key for (key,) in schemes.get(pk, ())],
            elsewhere=tuple(key for key, _ in linked.get(pk, ()) if key in former),
            programmes=tuple(key for key, _ in linked.get(pk, ()) if key in beside),
        )


def _plain(value: object) -> Any:
    """A value as a file's is read: a day as an ISO text, an amount as a text with a point."""
    if isinstance(value, datetime.date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _complete(states: dict[int, ProjectState], fields: Collection[str]) -> None:
    """Who leads projects beside their first lead, and what the file also says of them."""
    own = {"project__in": list(states)}
    for pk, organization in CoLead.objects.filter(**own).values_list("project_id", "organization_id"):
        states[pk].co_leads += (organization,)
    if "partners" in fields:
        known = Project.partners.through.objects.filter(**own)
        for pk, organization in known.values_list("project_id", "organization_id"):
            states[pk].partners += (organization,)
        for pk, name in Partnership.objects.filter(**own, organization=None).values_list("project_id", "name"):
            states[pk].partners += (one_line(name),)
    if "funders" in fields:
        for pk, funder in funders_of(FundingLine.objects.filter(**own)):
            states[pk].funders += (str(funder),)
    if "indicators" in fields:
        for pk, measure in measures_of(Indicator.objects.filter(**own)):
            states[pk].indicators += (str(measure),)


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    for project, *values in rows:
        grouped.setdefault(project, []).append(tuple(values))
    return grouped


def nearest(text: str, names: Iterable[str]) -> str:
    """« : est-ce « … » ? », or what to do where nothing is near."""
    near = get_close_matches(text, [name for name in names if name], 1, CLOSE)
    return f" : est-ce « {near[0]} » ?" if near else NOTHING_NEAR


def is_commune(territory: Territory) -> bool:
    """Whether it belongs in the column of communes; the others have one of their own."""
    return territory.kind == TerritoryKind.COMMUNE
