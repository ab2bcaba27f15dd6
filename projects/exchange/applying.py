"""The import of projects. The file is read and compared outside any write, and compared again under the locks."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from cohesion.audit import AuditKind, record
from cohesion.imports.applying import NotApplied, clean_name, origin
from cohesion.imports.importer import AGAIN, Importer, Tell, tell_nobody
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets.headed import Reading
from projects.catalogue.columns import PROJECTS
from projects.catalogue.models import Project
from projects.catalogue.signing import REASON_LENGTH
from projects.exchange import base as bases
from projects.exchange import planning, writing
from projects.exchange.models import ProjectImport
from projects.exchange.plan import ProjectPlan
from projects.instructing import moving


class ProjectImporter(Importer[ProjectImport, ProjectPlan]):
    """What a file does not tell is asked: the answers are kept by the job, beside its rows."""

    model = ProjectImport
    plan = ProjectPlan
    resource = PROJECTS
    as_shown = ("accepted", "counts", "created", "changed")
    changed_since = (
        "Des projets ont été modifiés depuis l’aperçu, et l’import n’aurait plus le même effet : rien n’a été écrit. "
        + AGAIN
    )
    unit = ("projet écrit", "projets écrits")

    def compare(self, reading: Reading, answers: Mapping[str, str] | None = None) -> ProjectPlan:
        """``answers`` are those given to the questions that the file raises."""
        base = bases.read_base(_codes(reading), reading.places)
        statuses = {row["code"]: row["status"] for row in reading.rows if row.get("status")}
        moved = [state.pk for code, state in base.projects.items() if statuses.get(code, state.status) != state.status]
        keys = [pk for pk in moved if pk is not None]
        base.moving = {project.code: project for project in moving.read_projects(keys).values()}
        return planning.make(base, reading, answers)

    def compare_kept(self, job: ProjectImport, reading: Reading) -> ProjectPlan:
        return self.compare(reading, job.report.get("answers"))

    @transaction.atomic
    def answer(self, job: ProjectImport, answers: Mapping[str, str], *, anew: bool = False) -> None:
        """Keep answers to the questions of an import, beside those given before (``anew``: in their place), and show
        what it would do now.

        What answers no question that was asked is left aside. An import that is no longer ready stays as it is.
        """
        ready = ProjectImport.objects.select_for_update().filter(pk=job.pk, state=ProjectImport.State.READY).first()
        if ready is None:
            return
        options: dict[str, list[str]] = {}
        for question in ready.report["questions"]:
            options[question["key"]] = [value for value, _ in question["options"]]
        given = {key: value for key, value in answers.items() if value in options.get(key, ())}
        kept = given if anew else ready.report.get("answers", {}) | given
        plan = self.compare(Reading(ready.rows, ready.report["places"], warnings=ready.report["said"]), kept)
        ready.report |= plan.differences() | {"answers": kept}
        ready.save(update_fields=["report"])
        job.refresh_from_db()

    def hold(self, reading: Reading) -> None:
        """Lock the projects that the file names, in one order for everybody."""
        codes = _codes(reading)
        keys: list[int] = []
        for start in range(0, len(codes), bases.BATCH):
            named = Project.objects.filter(code__in=codes[start : start + bases.BATCH]).order_by()
            keys += named.values_list("pk", flat=True)
        for batch in (sorted(keys)[start : start + bases.BATCH] for start in range(0, len(keys), bases.BATCH)):
            list(Project.objects.select_for_update().filter(pk__in=batch).order_by("pk").values_list("pk"))

    def accept(self, job: ProjectImport, plan: ProjectPlan) -> None:
        if not plan.is_good:
            raise NotApplied("Des questions attendent une réponse, ou une réponse ne va pas : voyez plus haut.")
        super().accept(job, plan)

    def write(
        self, plan: ProjectPlan, filename: str, *, by: Person | None, reason: str = "", tell: Tell = tell_nobody
    ) -> int:
        """Write a good plan, with its origin in the history. Returns the number of projects written.

        Raises:
            NotApplied: somebody created one of its projects at this very moment.
        """
        signed = origin(filename, reason)[:REASON_LENGTH]
        try:
            with transaction.atomic():
                written = writing.write(plan, by=by, reason=signed, tell=tell)
                if written:
                    after = {"fichier": clean_name(filename), "projets": written}
                    record(AuditKind.IMPORT, on="projets", by=by, after=after)
                return written
        except IntegrityError:
            raise NotApplied(
                "Quelqu’un écrivait les mêmes projets au même moment : rien n’a été écrit. Déposez de nouveau le "
                "fichier."
            ) from None


def _codes(reading: Reading) -> list[str]:
    return list(dict.fromkeys(row["code"] for row in reading.rows if row["code"]))
