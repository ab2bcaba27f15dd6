"""The import of the orientations of a framework. They are compared again under the tree's lock."""

from contextlib import AbstractContextManager
from typing import Any

from django.core.exceptions import ValidationError

from axes import tree
from axes.exchange import plan as planning
from axes.exchange import renumbered
from axes.exchange.plan import OrientationPlan
from axes.exchange.reading import read_orientations
from axes.exchange.resource import ORIENTATIONS
from axes.exchange.state import states
from axes.models import Framework, ImportJob
from cohesion.audit import AuditKind, record
from cohesion.imports.applying import clean_name, origin
from cohesion.imports.importer import AGAIN, Importer, Tell, tell_nobody
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets.expected import Choices
from cohesion.lib.spreadsheets.headed import Reading


class OrientationImporter(Importer[ImportJob, OrientationPlan]):
    """Of a framework; without one, a file is read as the first of a new framework, and cannot be applied."""

    model = ImportJob
    plan = OrientationPlan
    resource = ORIENTATIONS
    as_shown = ("accepted", "created", "changed", "moved", "missing")
    changed_since = (
        "Le cadre a été modifié depuis l’aperçu, et l’import n’aurait plus le même effet : rien n’a été écrit. " + AGAIN
    )
    unit = ("orientation écrite", "orientations écrites")

    def __init__(self, framework: Framework | None) -> None:
        self.framework = framework

    def read_file(self, data: bytes, filename: str, choices: Choices | None = None) -> Reading:
        return read_orientations(data, filename, choices)

    def compare(self, reading: Reading) -> OrientationPlan:
        return planning.make(states(self.framework), reading)

    def compare_brought(self, reading: Reading) -> OrientationPlan:
        """A file may have left before its orientations were renumbered."""
        current = states(self.framework)
        if self.framework is not None:
            renumbered.follow(reading, self.framework, current)
        return planning.make(current, reading)

    def create_job(self, data: bytes, filename: str, owner: Person, choices: Choices | None = None) -> ImportJob:
        self._framework.refresh_from_db(fields=["revision"])
        return super().create_job(data, filename, owner, choices)

    def job_fields(self) -> dict[str, Any]:
        return {"framework": self.framework, "base_revision": self._framework.revision}

    def locked(self) -> AbstractContextManager[Any]:
        return tree.locked()

    def hold(self, reading: Reading) -> None:
        """The tree is locked: its framework is read as it is now."""
        self.framework = Framework.objects.get(pk=self._framework.pk)

    def is_as_shown(self, job: ImportJob, plan: OrientationPlan) -> bool:
        return self._framework.revision == job.base_revision or super().is_as_shown(job, plan)

    def write(
        self,
        plan: OrientationPlan,
        filename: str,
        *,
        by: Person | None = None,
        reason: str = "",
        tell: Tell = tell_nobody,
    ) -> int:
        """Write a good plan, with its origin in the history. Returns the number of orientations written.

        Raises:
            ValidationError: the framework asks for a reason, or a rule is broken.
        """
        if not plan.writes:
            return 0
        framework = self._framework
        if framework.asks_reason and not reason.strip():
            raise ValidationError(tree.REASON_NEEDED, code="reason_needed")
        moved = {entry["code"] for entry in plan.moved}
        with tree.locked():
            written = tree.rewrite(framework, plan.forest, moved=moved, by=by, reason=origin(filename, reason))
            after = {"fichier": clean_name(filename), "orientations": written}
            record(AuditKind.IMPORT, on=framework, by=by, after=after)
        return written

    @property
    def _framework(self) -> Framework:
        if self.framework is None:
            raise ValueError("Orientations are written into a framework.")
        return self.framework
