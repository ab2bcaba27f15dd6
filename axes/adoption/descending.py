"""What becomes of an orientation that is not simply kept: decided until the framework that comes is adopted."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError

from axes import tree
from axes.choices import FrameworkStatus
from axes.models import Descent, Framework, Orientation
from cohesion.lib.people import Person
from cohesion.lib.text import squeeze
from cohesion.together.states import ChangedMeanwhile, fingerprint


def descend(
    *,
    former: Orientation,
    successors: Iterable[Orientation],
    framework: Framework,
    by: Person,
    note: str = "",
    seen: str | None = None,
) -> list[Descent]:
    """Say what ``former`` becomes in ``framework``, instead of what was said before; nothing: it is dropped on purpose.

    ``seen`` is the :func:`descent_state` that the officer read; None compares nothing.

    Raises:
        ValidationError: the framework is no longer in preparation, or a rule of :class:`Descent` is broken.
        ChangedMeanwhile: somebody else decided of this orientation since it was read.
    """
    with tree.locked():
        framework, former = _held(former, framework, seen)
        _remove(former, framework, by)
        wanted: list[Orientation | None] = list(dict.fromkeys(successors))
        rows = []
        for successor in wanted or [None]:
            row = Descent(framework=framework, former=former, successor=successor, note=squeeze(note), decided_by=by)
            row._history_user = by
            row.full_clean()
            row.save()
            rows.append(row)
        tree.touch(framework.pk)
    return rows


def undo_descent(*, former: Orientation, framework: Framework, by: Person, seen: str | None = None) -> int:
    """Leave ``former`` undecided, as if nothing had been said of it; returns how many rows went.

    Raises:
        ValidationError: the framework is no longer in preparation.
        ChangedMeanwhile: somebody else decided of this orientation since it was read.
    """
    with tree.locked():
        framework, former = _held(former, framework, seen)
        number = _remove(former, framework, by)
        if number:
            tree.touch(framework.pk)
    return number


def descent_state(former: Orientation, framework: Framework) -> str:
    """What is said of an orientation, in a few signs: the same as long as nobody decides otherwise."""
    rows = Descent.objects.filter(former=former, framework=framework).order_by("pk")
    return fingerprint(list(rows.values_list("pk", "successor_id", "note")))


def _held(former: Orientation, framework: Framework, seen: str | None) -> tuple[Framework, Orientation]:
    """Both as they are now, where what becomes of the one may still be decided for the other."""
    present = Framework.objects.select_for_update(no_key=True).filter(pk=framework.pk).first()
    node = Orientation.objects.select_related("framework").filter(pk=former.pk).first()
    if present is None or node is None:
        raise ValidationError("Ce cadre ou cette orientation a été supprimé entre-temps : rechargez la page.")
    if present.status != FrameworkStatus.DRAFT:
        raise ValidationError("Ce cadre est adopté : ce que deviennent les orientations ne se décide plus.")
    if node.framework.status == FrameworkStatus.DRAFT:
        raise ValidationError("L’orientation d’avant est celle d’un cadre adopté.")
    if seen is not None and seen != descent_state(node, present):
        raise ChangedMeanwhile(
            f"Quelqu’un a décidé entre-temps de ce que devient {node.code} : rien n’a été fait. Relisez, puis décidez."
        )
    return present, node


def _remove(former: Orientation, framework: Framework, by: Person) -> int:
    rows = list(Descent.objects.filter(former=former, framework=framework))
    for row in rows:
        row._history_user = by
        row.delete()
    return len(rows)
