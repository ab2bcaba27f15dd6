"""One writer at a time, and a framework's revision that says when it was written."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from axes.guard.outlines import keep_outline
from cohesion.lib.text import validate_line
from cohesion.together.states import ChangedMeanwhile

if TYPE_CHECKING:
    from axes.models import Framework, Orientation

# An arbitrary number that only this lock uses (PostgreSQL knows advisory locks by number).
ADVISORY_LOCK = 0x0C57_7EEE
REASON_LENGTH = 300
REASON_NEEDED = "Ce cadre est verrouillé : indiquez le motif de la modification, il sera conservé dans l’historique."

writing: ContextVar[bool] = ContextVar("axes_tree_writing", default=False)
# The frameworks whose trees were written under the lock, in the outermost of its transactions.
_written: ContextVar[set[int] | None] = ContextVar("axes_tree_written", default=None)


class OrientationConflict(ChangedMeanwhile):
    """Somebody changed the node since it was read. ``current`` is the node as it is now."""

    def __init__(self, current: "Orientation") -> None:
        self.current = current
        super().__init__(
            f"L’orientation {current.code} a été modifiée entre-temps par quelqu’un d’autre : "
            "relisez-la avant d’enregistrer."
        )


@contextmanager
def locked(using: str = "default") -> Iterator[None]:
    """A transaction in which nobody else writes the tree. What was read before must be read again inside.

    It ends by noting the order of the frameworks that it wrote (:func:`written`), once each.
    """
    with transaction.atomic(using=using):
        connection = connections[using]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        outer = _written.get()
        frameworks: set[int] = set() if outer is None else outer
        tokens = writing.set(True), _written.set(frameworks)
        try:
            yield
            if outer is None:
                for framework_id in sorted(frameworks):
                    keep_outline(framework_id, using)
        finally:
            writing.reset(tokens[0])
            _written.reset(tokens[1])


def written(framework_id: int, using: str = "default") -> None:
    """Say that the tree of a framework was written: every such write ends here, under the lock."""
    touch(framework_id, using)
    frameworks = _written.get()
    if frameworks is None:
        raise RuntimeError("The tree is written under its lock.")
    frameworks.add(framework_id)


def touch(framework_id: int, using: str = "default") -> None:
    """Raise the framework's revision: all that was kept under the former one is out of date."""
    framework = _frameworks(using).filter(pk=framework_id)
    framework.update(revision=F("revision") + 1, updated_at=timezone.now())


def check_reason(node: "Orientation", using: str) -> None:
    """Refuse to write a locked framework without a reason (``node._change_reason``), or with an unreadable one."""
    reason = (getattr(node, "_change_reason", None) or "").strip()
    if len(reason) > REASON_LENGTH:
        raise ValidationError(f"Le motif a plus de {REASON_LENGTH} caractères : raccourcissez-le.", code="long_reason")
    validate_line(reason)
    framework = _frameworks(using).get(pk=node.framework_id)
    if framework.asks_reason and not reason:
        raise ValidationError(REASON_NEEDED, code="reason_needed")


def _frameworks(using: str) -> "QuerySet[Framework]":
    """Asked of Django by name: the models stand above their guard."""
    return apps.get_model("axes", "Framework")._default_manager.using(using)
