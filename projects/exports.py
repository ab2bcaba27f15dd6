"""Projects as a table: the columns declared once, for CSV, XLSX and ODS. No money: it is public only in totals."""

from collections.abc import Iterator

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Column, Table
from projects.choices import TerritoryKind
from projects.models import Project
from projects.models.project import ProjectQuerySet

FORMATS = ("csv", "xlsx", "ods")
SEPARATOR = "|"
BATCH = 2_000  # projects read at a time


def _codes(project: Project, *, secondary_only: bool = False) -> str:
    links = [link for link in project.contributions.all() if not (secondary_only and link.is_main)]
    return SEPARATOR.join(link.orientation.code for link in links)


def _communes(project: Project) -> str:
    places = [place.territory for place in project.places.all()]
    return SEPARATOR.join(place.code for place in places if place.kind == TerritoryKind.COMMUNE)


def _others(project: Project) -> str:
    places = [place.territory for place in project.places.all()]
    return SEPARATOR.join(place.name for place in places if place.kind != TerritoryKind.COMMUNE)


def _kind(project: Project) -> str:
    return "hors PST" if project.kind_label == "Action hors PST" else project.get_kind_display()


def _pst(project: Project) -> str:
    """The code of its PST, unless that one is not public."""
    return project.host.code if project.host and project.host.is_public else ""


COLUMNS = (
    Column("code", lambda p: p.code, 14),
    Column("titre", lambda p: p.title, 60),
    Column("type", _kind, 10),
    Column("porteur", lambda p: p.organization.name, 30),
    Column("objectifs", _codes, 24),  # the main one first
    Column("objectifs_secondaires", lambda p: _codes(p, secondary_only=True), 24),
    Column("communes", _communes, 30),
    Column("autres_territoires", _others, 24),
    Column("date_debut", lambda p: p.starts_on.isoformat() if p.starts_on else "", 12),
    Column("date_fin", lambda p: p.ends_on.isoformat() if p.ends_on else "", 12),
    Column("pst", _pst, 14),
    Column("dispositifs", lambda p: SEPARATOR.join(scheme.code for scheme in p.schemes.all()), 14),
    Column("resume", lambda p: p.summary, 60),
    Column("statut", lambda p: p.get_status_display(), 20),
)


def content(projects: ProjectQuerySet, format: str) -> bytes | Iterator[bytes]:
    """The file: CSV comes piece by piece, the others whole.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    rows = projects.iterator(chunk_size=BATCH)
    if format == "csv":
        return spreadsheets.stream_csv(COLUMNS, rows)
    return spreadsheets.write(format, [Table.of("Projets", COLUMNS, rows)])
