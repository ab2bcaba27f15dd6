"""Projects as a table: the columns declared once, for CSV, XLSX and ODS. No money: it is public only in totals."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.db.models import Model

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Column, Table
from projects.choices import TerritoryKind
from projects.models import Contribution, Place, Project
from projects.models.project import ProjectQuerySet

FORMATS = ("csv", "xlsx", "ods")
SEPARATOR = "|"
BATCH = 2_000  # projects read at a time
LINK_ORDER = ("-is_main", "orientation__tree_id", "orientation__lft")


@dataclass(frozen=True)
class Row:
    """A project, and what its row says of other tables: codes of orientations, places, codes of schemes."""

    project: Project
    links: list[tuple[str, bool]]  # code, whether it is the main one
    places: list[tuple[str, str, str]]  # kind, code, name
    schemes: list[tuple[str]]


def _rows(projects: ProjectQuerySet) -> Iterator[Row]:
    """The rows in their order, read in four queries a batch and without an object a link."""
    found = projects.select_related("organization", "host").iterator(chunk_size=BATCH)
    while batch := list(islice(found, BATCH)):
        keys = [project.pk for project in batch]
        of_batch: list[dict[int, list[Any]]] = [
            _grouped(Contribution, keys, LINK_ORDER, "orientation__code", "is_main"),
            _grouped(Place, keys, ("territory__name", "pk"), "territory__kind", "territory__code", "territory__name"),
            _grouped(Project.schemes.through, keys, ("scheme__code",), "scheme__code"),
        ]
        for project in batch:
            yield Row(project, *(found_there.get(project.pk, []) for found_there in of_batch))


def _grouped(model: type[Model], projects: list[int], order: tuple[str, ...], *fields: str) -> dict[int, list[Any]]:
    grouped: dict[int, list[Any]] = {}
    rows = model._base_manager.filter(project__in=projects).order_by(*order)
    for project, *values in rows.values_list("project_id", *fields):
        grouped.setdefault(project, []).append(tuple(values))
    return grouped


def _codes(row: Row) -> str:
    return SEPARATOR.join(code for code, _ in row.links)


def _secondary(row: Row) -> str:
    return SEPARATOR.join(code for code, is_main in row.links if not is_main)


def _communes(row: Row) -> str:
    return SEPARATOR.join(code for kind, code, _ in row.places if kind == TerritoryKind.COMMUNE)


def _others(row: Row) -> str:
    return SEPARATOR.join(name for kind, _, name in row.places if kind != TerritoryKind.COMMUNE)


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def _kind(row: Row) -> str:
    project = row.project
    return "hors PST" if project.kind_label == "Action hors PST" else project.get_kind_display()


def _pst(row: Row) -> str:
    """The code of its PST, unless that one is not public."""
    project = row.project
    return project.host.code if project.host and project.host.is_public else ""


def _any_pst(row: Row) -> str:
    return row.project.host.code if row.project.host else ""


def _cost(row: Row) -> float | None:
    cost = row.project.total_cost
    return None if cost is None else float(cost)


COLUMNS = (
    Column("code", lambda row: row.project.code, 14),
    Column("titre", lambda row: row.project.title, 60),
    Column("type", _kind, 10),
    Column("porteur", lambda row: row.project.organization.name, 30),
    Column("objectifs", _codes, 24),  # the main one first
    Column("objectifs_secondaires", _secondary, 24),
    Column("communes", _communes, 30),
    Column("autres_territoires", _others, 24),
    Column("date_debut", lambda row: _day(row.project.starts_on), 12),
    Column("date_fin", lambda row: _day(row.project.ends_on), 12),
    Column("pst", _pst, 14),
    Column("dispositifs", lambda row: SEPARATOR.join(code for (code,) in row.schemes), 14),
    Column("resume", lambda row: row.project.summary, 60),
    Column("statut", lambda row: row.project.get_status_display(), 20),
)

# For officers: the money too, and the PST whatever its state.
OFFICER_COLUMNS = (
    *(replace(column, value=_any_pst) if column.header == "pst" else column for column in COLUMNS),
    Column("budget", _cost, 14),
)


def content(projects: ProjectQuerySet, format: str, columns: Sequence[Column] = COLUMNS) -> bytes | Iterator[bytes]:
    """The file: CSV comes piece by piece, the others whole.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    rows = _rows(projects)
    if format == "csv":
        return spreadsheets.stream_csv(columns, rows)
    return spreadsheets.write(format, [Table.of("Projets", columns, rows)])
