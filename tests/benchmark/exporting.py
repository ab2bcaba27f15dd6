"""All published projects as files: against the same rows read by values_list and written by the csv module."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from statistics import median
from tempfile import TemporaryFile
from typing import Any

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from axes.models import Framework
from axes.subjects import subjects_of
from cohesion.lib.queries import InFrench
from cohesion.lib.spreadsheets import write, write_to
from cohesion.lib.spreadsheets.packing import LEVEL
from projects.browsing import exports
from projects.catalogue.models import CoLead, Contribution, FundingLine, Place, Project, Scheme
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import ProjectKind, ProjectStatus
from projects.members.models import Organization
from projects.territory.models import Territory
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, peak, same, seconds

NAME = "exports"
TITLE = "Tous les projets en CSV, en XLSX et en ODS"
FEW = 1_000  # rows: the memory for so many, beside that for all


def measure(size: Size) -> Iterator[Figure]:
    filled(size)
    projects = Project.objects.published().order_by("code")
    number = projects.count()
    same("CSV", _file(projects, "csv").decode("utf-8-sig"), _plainly())
    for format in ("csv", "xlsx", "ods"):
        more: dict[str, object] = {
            f"Mo pour {rows} lignes": peak(partial(_write, projects[:rows], format)) for rows in (FEW, number)
        }
        if format != "csv":
            more |= _compression(_file(projects, format))
        case = f"{number} projets en {format.upper()}"
        yield compare(
            case, partial(_write, projects, format), _plainly, "values_list et csv, une requête par table", more=more
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


def _plainly() -> str:
    """The same file by the shortest way: a reading of each table, all in memory, no object made."""
    kinds, states = dict(ProjectKind.choices), dict(ProjectStatus.choices)
    links: dict[int, list[str]] = {}
    worded: dict[int, list[str]] = {}
    published = Project.objects.published().order_by("code")
    inside = published.order_by().values("pk")
    order = ("-is_main", "orientation__tree_id", "orientation__lft")
    named = ("orientation__code", "orientation__title", "orientation__corrected_title")
    ordered = Contribution.objects.filter(project__in=inside).order_by(*order)
    for project, is_main, code, title, corrected in ordered.values_list("project_id", "is_main", *named):
        links.setdefault(project, []).append(code)
        worded.setdefault(project, []).append(f"{code} {corrected or title}")
        if not is_main:
            links.setdefault(-project, []).append(code)
    territories = Territory.objects.order_by(InFrench("name"), "pk")
    places = _listed(Place, inside, "territory_id", dict(territories.values_list("pk", "code")))
    names = _listed(Place, inside, "territory_id", dict(territories.values_list("pk", "name")))
    organizations = Organization.objects.order_by(InFrench("name"), "pk").values_list("pk", "name")
    beside = _listed(CoLead, inside, "organization_id", dict(organizations))
    known = Scheme.objects.order_by(InFrench("code")).values_list("pk", "code")
    schemes = _listed(Project.schemes.through, inside, "scheme_id", dict(known))
    public = set(Project.objects.published().values_list("code", flat=True))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    about = subjects_of(Framework.objects.in_force().select_related("programme").first())
    headers = [column.header for column in exports.public_columns()]
    writer.writerow([*headers, *(subject.header for subject in about)])
    rows = published.values_list(
        *("pk", "code", "title", "kind", "organization__name", "starts_on", "ends_on", "host__code", "host__title"),
        *("summary", "description", "status", "granted", "updated_at"),
    )
    lines = FundingLine.objects.obtained().filter(project__in=inside).order_by().values_list("project_id")
    obtained = dict(lines.annotate(sum=Sum("brought")))
    for pk, code, title, kind, lead, begins, ends, host, host_title, summary, text, status, granted, changed in rows:
        is_apart = kind == ProjectKind.ACTION and host is None
        writer.writerow(
            [code, title, "hors PST" if is_apart else kinds[kind], lead, "|".join(beside.get(pk, ()))]
            + ["|".join(links.get(key, ())) for key in (pk, -pk)]
            + ["", "|".join(places.get(pk, ())), "", begins or "", ends or "", host if host in public else ""]
            + ["|".join(schemes.get(pk, ())), summary, text, states[status]]
            + [" | ".join(worded.get(pk, ())), ", ".join(names.get(pk, ())), host_title if host in public else ""]
            + [
                "" if amount is None else f"{amount.normalize():f}".replace(".", ",")
                for amount in (granted, obtained.get(pk))
            ]
            + [f"{settings.BASE_URL}/projets/{code}/", timezone.localtime(changed).date().isoformat()]
            + [subject.value for subject in about]
        )
    return stream.getvalue()


def _euros(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount.normalize():f}".replace(".", ",")


def _listed(model: Any, inside: Any, key: str, words: dict[int, str]) -> dict[int, list[str]]:
    """What hangs on each project, by its key, in the order of its words.

    They are few, and ordered once: asked of the database, the French order compares them anew for each project.
    """
    rank = {pk: place for place, pk in enumerate(words)}
    found: dict[int, list[str]] = {}
    rows = model.objects.filter(project__in=inside).values_list("project_id", key)
    for project, pk in sorted(rows, key=lambda row: rank[row[1]]):
        found.setdefault(project, []).append(words[pk])
    return found
