"""Taking a step in the life of a project: one at a time, under a lock, written in the log, told to whom it concerns."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from cohesion.lib.dates import french_moment
from cohesion.lib.people import Person
from projects.catalogue.models import Project, TransitionLog
from projects.catalogue.signing import sign
from projects.catalogue.workflow import BY_NAME
from projects.choices import ProjectStatus
from projects.members.models import Organization

# Sent within the transaction, with ``log``, the :class:`TransitionLog` of the step that was taken.
step_taken = Signal()


class AlreadyMoved(ValidationError):
    """Somebody was quicker: the project is no longer where this step leaves from. ``project`` is as it is now."""

    def __init__(self, project: Project) -> None:
        self.project = project
        last = project.log.select_related("by").order_by("-at", "-pk").first()
        who = f" par {last.by.display_name}" if last is not None and last.by is not None else ""
        when = f", le {french_moment(last.at)}{who}" if last is not None else ""
        super().__init__(
            f"Ce dossier est déjà dans l’état « {project.get_status_display()} »{when}. Rien n’a été changé.",
            code="moved",
        )


class PlainStep(Protocol):
    """A step with which nothing goes but the words of who takes it."""

    def __call__(self, project: Project, *, by: Person, comment: str = "") -> None: ...


def plain(name: str) -> PlainStep:
    """What takes a step of this name, which raises what :func:`step` does."""

    def take(project: Project, *, by: Person, comment: str = "") -> None:
        with step(project, name, by=by, comment=comment):
            pass

    return take


@contextmanager
def step(
    project: Project, name: str, *, by: Person, organization: Organization | None = None, comment: str = ""
) -> Iterator[Project]:
    """Take a step of :data:`projects.catalogue.workflow.TABLE`; the body checks and writes what goes with it.

    The body receives the project under its lock, and may set its fields, its state too where the table says none;
    whatever it raises undoes all. ``organization`` is the one for which a lead acts.

    Raises:
        AlreadyMoved: the project is not, or no longer, in a state that this step leaves from.
        ValidationError: the step asks for a comment, and none is given.
    """
    transition = BY_NAME[name]
    comment = comment.strip()
    if "comment" in transition.needs and not comment:
        raise ValidationError({"comment": "Dites pourquoi : la structure le lira."}, code="required")
    with transaction.atomic():
        locked = Project.objects.select_for_update().filter(pk=project.pk).first()
        if locked is None:
            raise ValidationError("Ce dossier a été supprimé entre-temps.", code="deleted")
        source = locked.status
        if source not in transition.sources:
            raise AlreadyMoved(locked)
        yield locked
        locked.status = transition.target or locked.status
        locked.version += 1
        own_words = comment if transition.target is None else ""
        sign(locked, by, own_words or transition.done).save()
        log = TransitionLog(
            project=locked,
            transition=name,
            source=ProjectStatus(source),
            target=locked.status,
            by=by,
            organization=organization,
            comment=comment,
        )
        log.full_clean()
        log.save()
        step_taken.send(sender=Project, log=log)
    project.status, project.version = locked.status, locked.version
