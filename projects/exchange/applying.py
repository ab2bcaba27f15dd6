"""An import of projects, from the file that somebody brings to its application, all or nothing.

The file is read and compared outside any write. When it is applied, it is compared again under the locks: if the
projects changed meanwhile in a way that changes what it would do, nothing is written.
"""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from cohesion.audit import AuditKind, record
from cohesion.imports.applying import BroughtFile, NotApplied, applied, clean_name, keep, origin, read_again, shows
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.headed import Choices, Reading
from projects.catalogue.models import Project
from projects.exchange import base as bases
from projects.exchange import columns, planning, writing
from projects.exchange.models import ProjectImport
from projects.exchange.plan import ProjectPlan
from projects.exchange.writing import Tell
from projects.instructing import moving

# What of a report must still be so when it is applied.
SHOWN = ("accepted", "counts", "created", "changed")

__all__ = ["NotApplied", "answer", "apply_import", "create_import", "examine", "write"]


def examine(data: bytes, filename: str, choices: Choices | None = None) -> tuple[ProjectPlan, Reading | None]:
    """What a file would change; a file that cannot be read at all gives a plan of problems."""
    try:
        reading = columns.read(data, filename, choices)
    except Refused as refused:
        return ProjectPlan(problems=refused.problems, table=refused.table or {}), None
    return compare(reading), reading


def compare(reading: Reading, answers: Mapping[str, str] | None = None) -> ProjectPlan:
    """``answers`` are those given to the questions that the file raises."""
    base = bases.read(_codes(reading), reading.places)
    said = {row["code"]: row.get("status") for row in reading.rows if row.get("status")}
    moved = [state.pk for code, state in base.projects.items() if said.get(code, state.status) != state.status]
    base.moving = {project.code: project for project in moving.read([pk for pk in moved if pk is not None]).values()}
    return planning.make(base, reading, answers)


def create_import(data: bytes, filename: str, user: Any, choices: Choices | None = None) -> ProjectImport:
    """Read and compare a file, and keep the outcome for its owner. Writes nothing of the projects.

    The file is kept with it, so that it may be read again with other ``choices``.
    """
    plan, reading = examine(data, filename, choices)
    return keep(
        ProjectImport,
        BroughtFile(data, filename, user, choices),
        rows=reading.rows if reading and not plan.problems else None,
        report=plan.report()
        | {
            "places": reading.places if reading else {},
            "said": reading.warnings if reading else [],
            "remarks": reading.remarks.as_list() if reading else [],
            "table": plan.table,
            "answers": {},
        },
    )


def reread(job: ProjectImport, choices: Choices, user: Any) -> ProjectImport:
    """Read its file again with other choices, as :func:`cohesion.imports.applying.read_again`."""
    return read_again(job, user, lambda data: create_import(data, job.filename, user, choices))


@transaction.atomic
def answer(job: ProjectImport, answers: Mapping[str, str], *, anew: bool = False) -> None:
    """Keep answers to the questions of an import, beside those given before (``anew``: in their place), and show what
    it would do now.

    What answers no question that was asked is left aside. An import that is no longer ready stays as it is.
    """
    ready = ProjectImport.objects.select_for_update().filter(pk=job.pk, state=ProjectImport.State.READY).first()
    if ready is None:
        return
    asked = {question["key"]: [value for value, _ in question["options"]] for question in ready.report["questions"]}
    given = {key: value for key, value in answers.items() if value in asked.get(key, ())}
    kept = given if anew else ready.report.get("answers", {}) | given
    reading = Reading(ready.rows, ready.report["places"], warnings=ready.report["said"])
    plan = compare(reading, kept)
    ready.report |= plan.report() | {"answers": kept}
    ready.save(update_fields=["report"])
    job.refresh_from_db()


def apply_import(job: ProjectImport, user: Any, reason: str = "", *, tell: Tell = lambda done, total: None) -> int:
    """Apply what was shown, in one transaction. Returns the number of projects written; ``tell`` hears how it goes.

    Raises:
        NotApplied: the import is somebody else's, was applied or refused already, or the projects changed meanwhile.
    """
    with applied(job, user):
        reading = Reading(job.rows, job.report["places"], warnings=[])
        plan = _locked(reading, job.report.get("answers"))
        if not plan.is_good:
            raise NotApplied("Des questions attendent une réponse, ou une réponse ne va pas : voyez plus haut.")
        if not shows(job, plan.report(), SHOWN):
            raise NotApplied(
                "Des projets ont été modifiés depuis l’aperçu, et l’import n’aurait plus le même effet : rien n’a été "
                "écrit. Déposez de nouveau le fichier pour voir le nouvel aperçu."
            )
        return write(plan, job.filename, by=user, reason=reason, tell=tell)


def apply_file(
    data: bytes, filename: str, *, by: Any, tell: Tell = lambda done, total: None
) -> tuple[ProjectPlan, int]:
    """Compare a file under the locks, and write it if it is good: what it changed, and the number of projects written.

    Raises:
        NotApplied: somebody created one of its projects at this very moment.
    """
    try:
        reading = columns.read(data, filename)
    except Refused as refused:
        return ProjectPlan(problems=refused.problems), 0
    with transaction.atomic():
        plan = _locked(reading)
        return plan, write(plan, filename, by=by, tell=tell) if plan.is_good else 0


def write(plan: ProjectPlan, filename: str, *, by: Any, reason: str = "", tell: Tell = lambda done, total: None) -> int:
    """Write a good plan, with its origin in the history.

    Raises:
        NotApplied: somebody created one of its projects at this very moment.
    """
    full = origin(filename, reason)
    try:
        with transaction.atomic():
            written = writing.write(plan, by=by, reason=full[:100], tell=tell)
            if written:
                after = {"fichier": clean_name(filename), "projets": written}
                record(AuditKind.IMPORT, on="projets", by=by, after=after)
            return written
    except IntegrityError:
        raise NotApplied(
            "Quelqu’un écrivait les mêmes projets au même moment : rien n’a été écrit. Déposez de nouveau le fichier."
        ) from None


def _locked(reading: Reading, answers: Mapping[str, str] | None = None) -> ProjectPlan:
    """Lock the projects that the file names, in one order for everybody, then compare."""
    codes = sorted(_codes(reading))
    for start in range(0, len(codes), bases.BATCH):
        rows = Project.objects.select_for_update().filter(code__in=codes[start : start + bases.BATCH])
        list(rows.order_by("code").values_list("pk"))
    return compare(reading, answers)


def _codes(reading: Reading) -> list[str]:
    return list(dict.fromkeys(row["code"] for row in reading.rows if row["code"]))
