"""The life of a file that somebody brought: kept with what it would do, read again, applied once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, TypeVar

from django.db import transaction

from cohesion.imports.models import FileImport
from cohesion.lib.people import Person
from cohesion.lib.spreadsheets.expected import Choices
from cohesion.lib.text import hidden_character

Job = TypeVar("Job", bound=FileImport)
NAME_LENGTH = 200
SOMEBODY_ELSES = "Cet import appartient à quelqu’un d’autre : déposez vous-même le fichier."


class NotApplied(Exception):
    """The job cannot be applied; the message is a French sentence for whoever confirmed it."""


@dataclass(frozen=True)
class BroughtFile:
    """A file, who brings it, and the sheet and columns in which it is to be read, where they were chosen."""

    data: bytes
    filename: str
    owner: Person
    choices: Choices | None = None


def keep(
    model: type[Job], brought: BroughtFile, *, rows: list[Any] | None, report: dict[str, Any], **fields: Any
) -> Job:
    """Keep a file for its owner with what it would do (``report``); None for ``rows``: it is refused.

    Its bytes are kept where a table was understood of it (``report["table"]``): it may then be read again.
    """
    job = model._default_manager.create(
        owner=brought.owner,
        filename=clean_name(brought.filename),
        digest=hashlib.sha256(brought.data).hexdigest(),
        state=FileImport.State.REFUSED if rows is None else FileImport.State.READY,
        rows=rows or [],
        report=report,
        content=brought.data if report["table"] else None,
        choices=brought.choices.as_dict() if brought.choices else {},
        **fields,
    )
    job.forget_others()
    return job


def read_again(job: Job, user: Person, again: Callable[[bytes], Job]) -> Job:
    """Read its file ``again``: another job, and this one is given up. What was shown never changes.

    Raises:
        NotApplied: it is somebody else's, or its file is kept no more.
    """
    if not job.is_of(user):
        raise NotApplied(SOMEBODY_ELSES)
    if not job.is_rereadable:
        raise NotApplied("Ce fichier n’est plus gardé : déposez-le de nouveau.")
    other = again(bytes(job.content or b""))
    job.give_up()
    return other


@contextmanager
def applied(
    job: FileImport, by: Person, lock: Callable[[], AbstractContextManager[Any]] = transaction.atomic
) -> Iterator[None]:
    """The application of a job, in one transaction (``lock`` opens it): what is written there is written once.

    Raises:
        NotApplied: it is somebody else's, was applied or refused already, or given up.
    """
    if not job.is_of(by):
        raise NotApplied(SOMEBODY_ELSES)
    with job.begun(), lock():
        if not job.take():
            job.refresh_from_db()
            raise NotApplied(job.why_not)
        job.refresh_from_db()
        yield


def clean_name(filename: str) -> str:
    """The name of a file without its folder, nor what nobody sees, nor what is too long."""
    name = PurePath(filename.replace("\\", "/")).name
    return "".join(c for c in name if not hidden_character(c) and c not in "\n\r\t")[-NAME_LENGTH:] or "fichier"


def origin(filename: str, reason: str) -> str:
    """What the history says of whatever a file changed: which file, and why."""
    words = f"Import de « {clean_name(filename)} »"
    return f"{words} : {reason.strip()}" if reason.strip() else words


def shows(job: FileImport, report: dict[str, Any], names: Iterable[str]) -> bool:
    """Whether what a file would do now is what the job showed, in these parts of its report."""
    now = json.loads(json.dumps(report))
    return all(now[name] == job.report.get(name) for name in names)
