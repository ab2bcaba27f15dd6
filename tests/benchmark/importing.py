"""A file of projects, read, compared and applied: against the bare rows that it writes, history included."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from axes.models import Orientation
from projects.catalogue.models import Contribution, Place, Project
from projects.choices import ProjectStatus
from projects.members.models import Organization
from projects.territory.models import Territory
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, compare, peak, same
from tests.projects.exchange import jobs

NAME = "import"
TITLE = "L’import de projets (un fichier CSV, deux orientations chacun)"
SIZES = (1_000, 10_000)
NODES = 1_000
MODELS: tuple[Any, ...] = (Project, Contribution, Place)
TABLES: tuple[type[Model], ...] = (*MODELS, *(model.history.model for model in MODELS))
Rows = dict[type[Model], list[tuple[Any, ...]]]
Prepared = list[tuple[str, list[str], list[list[Any]]]]


def measure(size: Size) -> Iterator[Figure]:
    """Neither way is committed: each is undone after its time is taken, as the next one needs the same database."""
    framework = filled(replace(size, nodes=min(size.nodes, NODES)))
    codes = list(Orientation.objects.filter(framework=framework).in_order().values_list("code", flat=True))
    for number in SIZES if size.projects >= max(SIZES) else [size.projects]:
        data = made_file(number, codes)
        rows = _written(partial(_import, data))
        way, floor = partial(_undone, partial(_import, data)), partial(_undone, partial(_insert, _prepared(rows)))
        same("import", len(rows[Project]), number)
        same("plancher", _written(partial(_insert, _prepared(rows))), rows)
        name = "COPY" if connection.vendor == "postgresql" else "executemany"
        yield compare(f"{number} projets", way, floor, name, more={"Mo": peak(way)})


def made_file(number: int, codes: list[str], status: ProjectStatus = ProjectStatus.DRAFT) -> bytes:
    """A file of so many new projects, two orientations each, as an officer would bring it."""
    leads = list(Organization.objects.order_by("pk").values_list("name", flat=True))
    communes = list(Territory.objects.communes().in_perimeter().values_list("code", flat=True))
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";")
    writer.writerow(
        ["code", "titre", "type", "porteur", "objectifs", "communes", "date_debut", "date_fin", "resume", "statut"]
    )
    for rank in range(number):
        first, second = codes[rank % len(codes)], codes[(rank * 7 + 1) % len(codes)]
        links = first if first == second else f"{first}|{second}"
        place = communes[rank % len(communes)]
        title = f"Action apportée par le fichier {rank}"
        lead = leads[rank % len(leads)]
        written = [f"I-{rank:06}", title, "action", lead, links, place, "2026-01-01", "2026-12-31", title * 3]
        writer.writerow([*written, status.label])
    return stream.getvalue().encode()


def _import(data: bytes) -> None:
    plan, _ = jobs.apply_file(data, "projets.csv", by=None)
    if not plan.is_good:
        raise AssertionError(plan.problems[:3])


def _undone(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def _written(work: Callable[[], object]) -> Rows:
    with transaction.atomic():
        work()
        rows = _new_rows()
        transaction.set_rollback(True)
    return rows


def _new_rows() -> Rows:
    """What was written, as the database has it: the projects of the file, and what hangs on them."""
    new = Project.objects.filter(code__startswith="I-").values("pk")
    keys = {Project: "pk__in", Project.history.model: "id__in"}
    return {
        model: list(
            model._base_manager.filter(**{keys.get(model, "project__in"): new})
            .order_by("pk")
            .values_list(*_names(model))
        )
        for model in TABLES
    }


def _names(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _prepared(rows: Rows) -> Prepared:
    """For each table its name, its columns, and its rows as the driver wants them."""
    quote = connection.ops.quote_name
    found = []
    for model, values in rows.items():
        fields = model._meta.concrete_fields
        ready = [
            [field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=True)]
            for row in values
        ]
        found.append((quote(model._meta.db_table), [quote(str(field.column)) for field in fields], ready))
    return found


def _insert(prepared: Prepared) -> None:
    """The same rows by the quickest way in: COPY, or one prepared statement on SQLite."""
    with connection.cursor() as cursor:
        for table, columns, rows in prepared:
            into = f"{table} ({', '.join(columns)})"
            if connection.vendor == "postgresql":
                cursor.copy_expert(f"COPY {into} FROM STDIN WITH (FORMAT csv)", _as_csv(rows))
            else:
                marks = ", ".join(["%s"] * len(columns))
                cursor.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)


def _as_csv(rows: list[list[Any]]) -> io.StringIO:
    """An unquoted nothing is NULL, a quoted one is an empty text."""
    stream = io.StringIO()
    for row in rows:
        cells = ("" if value is None else '"' + str(value).replace('"', '""') + '"' for value in row)
        stream.write(",".join(cells) + "\n")
    stream.seek(0)
    return stream
