"""All published projects as files: against the same rows read by values_list and written by the csv module."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial
from statistics import median
from tempfile import TemporaryFile

from cohesion.benchmark.filling import filled
from cohesion.benchmark.measuring import Figure, Size, compare, peak, same, seconds
from cohesion.lib.spreadsheets import write, write_to
from cohesion.lib.spreadsheets.packing import LEVEL
from projects import exports
from projects.choices import ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Contribution, Place, Project
from projects.models.project import ProjectQuerySet

NAME = "exports"
TITLE = "Tous les projets en CSV, en XLSX et en ODS"
FEW = 1_000  # rows: the memory for so many, beside that for all


def measure(size: Size) -> Iterator[Figure]:
    filled(size)
    projects = Project.objects.published().order_by("code")
    number = projects.count()
    same("CSV", _file(projects, "csv").decode("utf-8-sig"), _four_queries())
    for format in ("csv", "xlsx", "ods"):
        more: dict[str, object] = {
            f"Mo pour {rows} lignes": peak(partial(_write, projects[:rows], format)) for rows in (FEW, number)
        }
        if format != "csv":
            more |= _compression(_file(projects, format))
        case = f"{number} projets en {format.upper()}"
        yield compare(
            case, partial(_write, projects, format), _four_queries, "values_list et csv, quatre requêtes", more=more
        )


def _write(projects: ProjectQuerySet, format: str) -> None:
    with TemporaryFile() as file:
        write_to(file, format, [exports.table(projects)])


def _file(projects: ProjectQuerySet, format: str) -> bytes:
    return write(format, [exports.table(projects)])


def _compression(file: bytes) -> dict[str, object]:
    """What the archive costs by itself: its contents are known, and only compressed."""
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        contents = [archive.read(name) for name in archive.namelist()]
    took = median(seconds(lambda: [zlib.compress(content, LEVEL) for content in contents]) for _ in range(3))
    return {f"ms de compression seule (niveau {LEVEL})": round(took * 1000), "Mo du fichier": round(len(file) / 1e6, 1)}


def _four_queries() -> str:
    """The same file by the shortest way: four readings, all in memory, no object made."""
    kinds, states = dict(ProjectKind.choices), dict(ProjectStatus.choices)
    links: dict[int, list[str]] = {}
    published = Project.objects.published().order_by("code")
    inside = published.order_by().values("pk")
    order = ("-is_main", "orientation__tree_id", "orientation__lft")
    ordered = Contribution.objects.filter(project__in=inside).order_by(*order)
    for project, code, is_main in ordered.values_list("project_id", "orientation__code", "is_main"):
        links.setdefault(project, []).append(code)
        if not is_main:
            links.setdefault(-project, []).append(code)
    places: dict[int, list[str]] = {}
    where = Place.objects.filter(project__in=inside, territory__kind=TerritoryKind.COMMUNE)
    for project, code in where.order_by("territory__name", "territory").values_list("project_id", "territory__code"):
        places.setdefault(project, []).append(code)
    schemes: dict[int, list[str]] = {}
    labels = Project.schemes.through.objects.filter(project__in=inside).order_by("scheme__code")
    for project, code in labels.values_list("project_id", "scheme__code"):
        schemes.setdefault(project, []).append(code)
    public = set(Project.objects.published().values_list("code", flat=True))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.header for column in exports.COLUMNS])
    rows = published.values_list(
        *("pk", "code", "title", "kind", "organization__name", "starts_on", "ends_on", "host__code"),
        *("summary", "status"),
    )
    for pk, code, title, kind, lead, begins, ends, host, summary, status in rows:
        is_apart = kind == ProjectKind.ACTION and host is None
        writer.writerow(
            [code, title, "hors PST" if is_apart else kinds[kind], lead]
            + ["|".join(links.get(key, ())) for key in (pk, -pk)]
            + ["|".join(places.get(pk, ())), "", begins or "", ends or "", host if host in public else ""]
            + ["|".join(schemes.get(pk, ())), summary, states[status]]
        )
    return stream.getvalue()
