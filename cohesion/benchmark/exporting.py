"""All published projects as files: against the same rows read by values_list and written by the csv module."""

import csv
import io
from collections.abc import Iterator
from functools import partial

from cohesion.benchmark.filling import filled
from cohesion.benchmark.measuring import Figure, Size, compare, peak, same
from projects import exports
from projects.choices import ProjectKind, ProjectStatus, TerritoryKind
from projects.models import Contribution, Place, Project

NAME = "exports"
TITLE = "Tous les projets en CSV et en XLSX"


def measure(size: Size) -> Iterator[Figure]:
    filled(size)
    projects = Project.objects.published().order_by("code")

    def site(format: str) -> bytes:
        made = exports.content(projects, format)
        return made if isinstance(made, bytes) else b"".join(made)

    def streamed(format: str) -> None:
        made = exports.content(projects, format)
        for _ in [made] if isinstance(made, bytes) else made:
            pass

    same("CSV", site("csv").decode("utf-8-sig"), _floor())
    for format in ("csv", "xlsx"):
        way = partial(streamed, format)
        case = f"{projects.count()} projets en {format.upper()}"
        memory = {"Mo": peak(way), "Mo du plancher": peak(_floor)}
        yield compare(case, way, _floor, "values_list et csv", more=memory)


def _floor() -> str:
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
    for project, code in where.order_by("territory__name", "pk").values_list("project_id", "territory__code"):
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
