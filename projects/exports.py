"""Projects as a table: the columns declared once, for CSV, XLSX and ODS. No money: it is public only in totals."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Value, When
from django.db.models.functions import Concat

from cohesion.lib.joined import Joined
from cohesion.lib.spreadsheets import Column, Table
from projects.choices import PUBLIC_STATUSES, ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Contribution, Place, Project
from projects.models.project import ProjectQuerySet

FORMATS = ("csv", "xlsx", "ods")
MAIN = "*"  # before the code of the main orientation, which comes first; no code begins so
BATCH = 2_000  # rows fetched at a time
KINDS = dict(ProjectKind.choices)
STATES = dict(ProjectStatus.choices)
FIELDS = (
    *("code", "title", "kind", "organization__name", "starts_on", "ends_on", "host_id", "host__code", "host__status"),
    *("summary", "status", "total_cost"),
)


def lists() -> dict[str, Joined]:
    """What the row of a project says of other tables, each as one text."""
    own = {"project": OuterRef("pk")}
    links = Contribution.objects.filter(**own).order_by("-is_main", "orientation__tree_id", "orientation__lft")
    mark = Case(When(is_main=True, then=Value(MAIN)), default=Value(""))
    places = Place.objects.filter(**own).order_by("territory__name", "pk")
    # A name that a list would cut in two is written as its code.
    is_cut = Q(territory__name__contains="|") | Q(territory__name__contains=";")
    name = Case(When(is_cut, then=F("territory__code")), default=F("territory__name"))
    labels = Project.schemes.through.objects.filter(**own).order_by("scheme__code")
    return {
        "served": Joined(links.values(one=Concat(mark, "orientation__code"))),
        "communes": Joined(places.filter(territory__kind=TerritoryKind.COMMUNE).values(one=F("territory__code"))),
        "others": Joined(places.exclude(territory__kind=TerritoryKind.COMMUNE).values(one=name)),
        "labels": Joined(labels.values(one=F("scheme__code"))),
    }


def _rows(projects: ProjectQuerySet) -> Iterator[Any]:
    """The rows in their order, in one query: all of them tell the same moment, whoever writes meanwhile."""
    joined = lists()
    return projects.annotate(**joined).values_list(*FIELDS, *joined, named=True).iterator(chunk_size=BATCH)


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _kind(row: Any) -> str:
    return "hors PST" if row.kind == ProjectKind.ACTION and row.host_id is None else KINDS[row.kind]


def secondary(served: str) -> str:
    """The codes without that of the main orientation."""
    return served.partition("|")[2] if served.startswith(MAIN) else served


def _pst(row: Any) -> str | None:
    """The code of its PST, unless that one is not public."""
    return row.host__code if row.host__status in PUBLIC_STATUSES else None


def _cost(row: Any) -> float | None:
    return None if row.total_cost is None else float(row.total_cost)


COLUMNS = (
    Column("code", attrgetter("code"), 14),
    Column("titre", attrgetter("title"), 60),
    Column("type", _kind, 10),
    Column("porteur", attrgetter("organization__name"), 30),
    Column("objectifs", lambda row: (row.served or "").removeprefix(MAIN), 24),  # the main one first
    Column("objectifs_secondaires", lambda row: secondary(row.served or ""), 24),
    Column("communes", attrgetter("communes"), 30),
    Column("autres_territoires", attrgetter("others"), 24),
    Column("date_debut", lambda row: _day(row.starts_on), 12),
    Column("date_fin", lambda row: _day(row.ends_on), 12),
    Column("pst", _pst, 14),
    Column("dispositifs", attrgetter("labels"), 14),
    Column("resume", attrgetter("summary"), 60),
    Column("statut", lambda row: STATES[row.status], 20),
)

# For officers: the money too, and the PST whatever its state.
OFFICER_COLUMNS = (
    *(replace(column, value=attrgetter("host__code")) if column.header == "pst" else column for column in COLUMNS),
    Column("budget", _cost, 14),
)


def table(projects: ProjectQuerySet, columns: Sequence[Column] = COLUMNS) -> Table:
    """The projects in their order, read as the table is written."""
    return Table.of("Projets", columns, _rows(projects))
