"""One import, whatever the file holds: read, compared, shown, then applied all or nothing.

A job keeps the rows that were read. They are compared again under the locks before they are applied: if what they
would do is no longer what was shown, nothing is written.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Generic, TypeVar

from django.db import transaction

from cohesion.imports.applying import BroughtFile, NotApplied, applied, keep, read_again, shows
from cohesion.imports.columns import TableResource
from cohesion.imports.models import FileImport
from cohesion.imports.plan import Plan
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.expected import Choices
from cohesion.lib.spreadsheets.headed import Reading, read_rows

Job = TypeVar("Job", bound=FileImport)
Planned = TypeVar("Planned", bound=Plan)
Tell = Callable[[int, int], None]  # so many rows are written, of so many
AGAIN = "Déposez de nouveau le fichier pour voir le nouvel aperçu."


def tell_nobody(done: int, total: int) -> None:
    """Nobody waits to hear how far it is."""


class Importer(ABC, Generic[Job, Planned]):
    """What a kind of file says of itself: its columns, its job, its comparison, its writing.

    ``as_shown`` names the parts of a report that must still be so when it is applied, and ``changed_since`` is the
    French sentence where they are not. ``unit`` is what is written, one and many.
    """

    model: type[Job]
    plan: type[Planned]
    resource: TableResource
    as_shown: tuple[str, ...] = ("accepted", "created", "changed")
    changed_since: str
    unit: tuple[str, str]

    # --- what differs -----------------------------------------------------------------------------------------

    @abstractmethod
    def compare(self, reading: Reading) -> Planned:
        """What the rows of a file would change."""

    @abstractmethod
    def write(
        self, plan: Planned, filename: str, *, by: Person | None, reason: str = "", tell: Tell = tell_nobody
    ) -> int:
        """Write a good plan, with its origin in the history. Returns how much was written, in ``unit``."""

    def read_file(self, data: bytes, filename: str, choices: Choices | None = None) -> Reading:
        """The rows of a file; ``choices`` are those that somebody made about its sheet and its columns.

        Raises:
            Refused: nothing can be read in it (format, bounds, headers).
        """
        resource = self.resource
        return read_rows(data, filename, resource.expected, resource.nothing, choices, resource.unread)

    def compare_brought(self, reading: Reading) -> Planned:
        """Compare rows that have just come; those of a job are compared as they were kept."""
        return self.compare(reading)

    def compare_kept(self, job: Job, reading: Reading) -> Planned:
        """Compare the rows of a job, with what was said about them since."""
        return self.compare(reading)

    def locked(self) -> AbstractContextManager[Any]:
        """The transaction in which a plan is compared again and written."""
        return transaction.atomic()

    def hold(self, reading: Reading) -> None:
        """Lock what the rows are about, so that nobody changes it between the comparison and the writing."""

    def is_as_shown(self, job: Job, plan: Planned) -> bool:
        """Whether a plan would do what its job showed."""
        return shows(job, plan.report(), self.as_shown)

    def job_fields(self) -> dict[str, Any]:
        """What the job of this kind of file keeps besides."""
        return {}

    # --- what is the same -------------------------------------------------------------------------------------

    def examine(self, data: bytes, filename: str, choices: Choices | None = None) -> tuple[Planned, Reading | None]:
        """What a file would change; one that cannot be read at all gives a plan of problems."""
        try:
            reading = self.read_file(data, filename, choices)
        except Refused as refused:
            return self.plan.refused(refused), None
        return self.compare_brought(reading), reading

    def create_job(self, data: bytes, filename: str, owner: Person, choices: Choices | None = None) -> Job:
        """Read and compare a file, and keep the outcome for its owner. Writes nothing of what it is about.

        The file is kept with it, so that it may be read again with other ``choices``.
        """
        plan, reading = self.examine(data, filename, choices)
        facts = {"places": reading.places if reading else {}, "said": reading.warnings if reading else []}
        return keep(
            self.model,
            BroughtFile(data, filename, owner, choices),
            rows=reading.rows if reading and not plan.problems else None,
            report=plan.report() | facts,
            **self.job_fields(),
        )

    def read_again(self, job: Job, choices: Choices, by: Person) -> Job:
        """Read the file of a job with other choices: another job, and this one is given up.

        Raises:
            NotApplied: it is somebody else's, or its file is kept no more.
        """
        return read_again(job, by, lambda data: self.create_job(data, job.filename, by, choices))

    def apply(self, job: Job, *, by: Person, reason: str = "", tell: Tell = tell_nobody) -> int:
        """Apply what was shown, in one transaction. Returns how much was written; ``tell`` hears how it goes.

        Raises:
            NotApplied: the job is somebody else's, was applied or refused already, or would do something else now.
            ValidationError: a rule refuses what would be written.
        """
        with applied(job, by, lock=self.locked):
            reading = Reading(job.rows, job.report["places"])
            self.hold(reading)
            plan = self.compare_kept(job, reading)
            self.accept(job, plan)
            return self.write(plan, job.filename, by=by, reason=reason, tell=tell)

    def accept(self, job: Job, plan: Planned) -> None:
        """Whether what would be written now is what was shown.

        Raises:
            NotApplied: it is not.
        """
        if not self.is_as_shown(job, plan):
            raise NotApplied(self.changed_since)

    def apply_file(
        self, data: bytes, filename: str, *, by: Person | None, reason: str = "", tell: Tell = tell_nobody
    ) -> tuple[Planned, int]:
        """Compare a file under the locks, and write it if it is good: what it changed, and how much was written.

        Raises:
            NotApplied: somebody wrote the same at this very moment.
            ValidationError: a rule refuses what would be written.
        """
        try:
            reading = self.read_file(data, filename)
        except Refused as refused:
            return self.plan.refused(refused), 0
        with self.locked():
            self.hold(reading)
            plan = self.compare_brought(reading)
            written = self.write(plan, filename, by=by, reason=reason, tell=tell) if plan.is_good else 0
            return plan, written
