"""An import, from the file that somebody brings to its application, all or nothing.

A job keeps the rows that were read, not the file. It is planned again under the tree's lock before it is applied: if
somebody changed the framework since the preview in a way that changes the plan, nothing is written.
"""

from typing import Any

from django.core.exceptions import ValidationError

from axes import tree
from axes.exchange import plan as planning
from axes.exchange import renumbered
from axes.exchange.plan import OrientationPlan
from axes.exchange.reading import Reading, read
from axes.exchange.state import states
from axes.models import Framework, ImportJob
from cohesion.audit import AuditKind, record
from cohesion.imports.applying import BroughtFile, NotApplied, applied, clean_name, keep, origin, read_again, shows
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.headed import Choices

# What of a report must still be so when it is applied.
SHOWN = ("accepted", *planning.KINDS[:4])


def examine(
    data: bytes, filename: str, framework: Framework | None, choices: Choices | None = None
) -> tuple[OrientationPlan, Reading | None]:
    """What a file would change; a file that cannot be read at all gives a plan of problems."""
    try:
        reading = read(data, filename, choices)
    except Refused as refused:
        return planning.refusal(refused), None
    current = states(framework)
    if framework is not None:
        renumbered.follow(reading, framework, current)
    return planning.make(current, reading), reading


def create_job(
    data: bytes, filename: str, framework: Framework, user: Any, choices: Choices | None = None
) -> ImportJob:
    """Read and plan a file, and keep the outcome for its owner. Writes nothing of the framework.

    The file is kept with it, so that it may be read again with other ``choices``.
    """
    framework.refresh_from_db(fields=["revision"])
    plan, reading = examine(data, filename, framework, choices)
    return keep(
        ImportJob,
        BroughtFile(data, filename, user, choices),
        rows=reading.rows if reading and plan.is_good else None,
        report=plan.report() | {"places": reading.places if reading else {}},
        framework=framework,
        base_revision=framework.revision,
    )


def reread(job: ImportJob, choices: Choices, user: Any) -> ImportJob:
    """Read its file again with other choices, as :func:`read_again`."""
    return read_again(job, user, lambda data: create_job(data, job.filename, job.framework, user, choices))


def apply_job(job: ImportJob, user: Any, reason: str = "") -> int:
    """Apply what was shown, in one transaction. Returns the number of orientations written.

    Raises:
        NotApplied: the job is somebody else's, was applied or refused already, or the framework changed meanwhile.
        ValidationError: the framework asks for a reason.
    """
    with applied(job, user, lock=tree.locked):
        framework = Framework.objects.get(pk=job.framework_id)
        reading = Reading(job.rows, job.report["places"], warnings=[])
        plan = planning.make(states(framework), reading)
        if framework.revision != job.base_revision and not shows(job, plan.report(), SHOWN):
            raise NotApplied(
                "Le cadre a été modifié depuis l’aperçu, et l’import n’aurait plus le même effet : rien n’a été écrit. "
                "Déposez de nouveau le fichier pour voir le nouvel aperçu."
            )
        return write(plan, framework, job.filename, by=user, reason=reason)


def write(plan: OrientationPlan, framework: Framework, filename: str, *, by: Any = None, reason: str = "") -> int:
    """Write a good plan, with its origin in the history.

    Raises:
        ValidationError: the framework asks for a reason, or a rule is broken.
    """
    if not plan.writes:
        return 0
    if framework.asks_reason and not reason.strip():
        raise ValidationError(tree.REASON_NEEDED, code="reason_needed")
    moved = {entry["code"] for entry in plan.moved}
    full = origin(filename, reason)
    with tree.locked():
        written = tree.rewrite(framework, plan.forest, moved=moved, by=by, reason=full)
        record(AuditKind.IMPORT, on=framework, by=by, after={"fichier": clean_name(filename), "orientations": written})
    return written
