"""Projects as a table: the columns declared once, for CSV, XLSX and ODS. No money: it is public only in totals."""

from collections.abc import Iterable

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Column, Table
from projects.choices import TerritoryKind
from projects.models import Project

FORMATS = ("csv", "xlsx", "ods")
SEPARATOR = "|"


def _codes(project: Project, *, main: bool) -> str:
    return SEPARATOR.join(link.orientation.code for link in project.contributions.all() if link.is_main == main)


def _communes(project: Project) -> str:
    places = [place.territory for place in project.places.all()]
    return SEPARATOR.join(place.code for place in places if place.kind == TerritoryKind.COMMUNE)


def _others(project: Project) -> str:
    places = [place.territory for place in project.places.all()]
    return SEPARATOR.join(place.name for place in places if place.kind != TerritoryKind.COMMUNE)


def _kind(project: Project) -> str:
    return "hors PST" if project.kind_label == "Action hors PST" else project.get_kind_display()


COLUMNS = (
    Column("code", lambda p: p.code, 14),
    Column("titre", lambda p: p.title, 60),
    Column("type", _kind, 10),
    Column("porteur", lambda p: p.organization.name, 30),
    Column("objectifs", lambda p: _codes(p, main=True), 14),
    Column("objectifs_secondaires", lambda p: _codes(p, main=False), 24),
    Column("communes", _communes, 30),
    Column("autres_territoires", _others, 24),
    Column("date_debut", lambda p: p.starts_on.isoformat() if p.starts_on else "", 12),
    Column("date_fin", lambda p: p.ends_on.isoformat() if p.ends_on else "", 12),
    Column("pst", lambda p: p.host.code if p.host else "", 14),
    Column("dispositifs", lambda p: SEPARATOR.join(scheme.code for scheme in p.schemes.all()), 14),
    Column("resume", lambda p: p.summary, 60),
    Column("statut", lambda p: p.get_status_display(), 20),
)


def table_of(projects: Iterable[Project], format: str) -> tuple[bytes, str]:
    """The file's bytes and its content type.

    Raises:
        KeyError: the format is not one of ``FORMATS``.
    """
    content_type = spreadsheets.CONTENT_TYPES[format]
    return spreadsheets.write(format, [Table.of("Projets", COLUMNS, projects)]), content_type
