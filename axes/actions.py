"""Writes that a person decides: atomic, keyword-only, each recorded with who and why.

Single-node writes end in :mod:`axes.tree`, which holds the rules; these functions say who acts.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from mptt.exceptions import InvalidMove

from axes import adoption, document, numbering, restoring, tree
from axes.choices import FrameworkStatus
from axes.models import Framework, Orientation
from cohesion.audit import AuditKind, record
from cohesion.lib.people import Person
from cohesion.together.states import ChangedMeanwhile


def _signed(orientation: Orientation, by: Person | None, reason: str) -> Orientation:
    orientation._history_user = by
    orientation._change_reason = reason.strip() or None
    return orientation


def save_orientation(*, orientation: Orientation, by: Person, reason: str = "") -> Orientation:
    """Write a new or edited orientation.

    Raises:
        ValidationError: a rule is broken.
        tree.OrientationConflict: somebody else changed it since it was read.
    """
    _signed(orientation, by, reason).save()
    return orientation


def move_orientation(
    *, orientation: Orientation, target: Orientation, position: str, by: Person, reason: str = ""
) -> None:
    """Move an orientation and its branch beside or under ``target``.

    ``position`` is one of ``first-child``, ``last-child``, ``left``, ``right``.

    Raises:
        InvalidMove: with the French sentence that says why not.
    """
    with transaction.atomic():
        before = _place(orientation)
        Orientation.objects.move_node(_signed(orientation, by, reason), target, position)
        record(AuditKind.TREE_MOVE, on=orientation, by=by, before=before, after=_place(orientation))


def _place(orientation: Orientation) -> dict[str, int | str | None]:
    """Under what an orientation stands, and which of its siblings it is."""
    places = Orientation.objects.filter(pk=orientation.pk).values("parent__code", "parent_id", "framework_id", "lft")
    place = places.first()
    if place is None:
        return {}
    siblings = Orientation.objects.filter(framework=place["framework_id"], parent=place["parent_id"])
    return {"parent": place["parent__code"], "rang": siblings.filter(lft__lte=place["lft"]).count()}


def shift_orientation(*, orientation: Orientation, step: int, by: Person, reason: str = "") -> bool:
    """Move an orientation one place up (``step`` -1) or down (+1) among its siblings; False at the end of the row."""
    with tree.locked():
        current = Orientation.objects.filter(pk=orientation.pk).first()
        if current is None:
            raise InvalidMove("L’orientation a été supprimée entre-temps : rechargez la page.")
        siblings = list(Orientation.objects.filter(framework=current.framework_id, parent=current.parent_id).in_order())
        place = [sibling.pk for sibling in siblings].index(orientation.pk) + step
        if not 0 <= place < len(siblings):
            return False
        position = "left" if step < 0 else "right"
        move_orientation(orientation=orientation, target=siblings[place], position=position, by=by, reason=reason)
    return True


def set_applies_to(
    *, orientation: Orientation, targets: Iterable[Orientation], by: Person | None = None, reason: str = ""
) -> None:
    """Say which objectives a merged cell concerns.

    Raises:
        ValidationError: one of them is of another framework or not of a wider level, or the framework asks for a
            reason.
    """
    with tree.locked():
        _signed(orientation, by, reason).applies_to.set(list(targets))


def restore_orientation(
    *, orientation: Orientation, record: Any, by: Person, reason: str = "", with_place: bool = False
) -> Orientation:
    """Put an earlier version of an orientation back, from a ``record`` of its history: its words, its code, its level.

    ``with_place``: under what it stood too, as the last there. Merged cells and the order of siblings stay as they are.

    Raises:
        ValidationError: it is as it was, what it stood under is gone, or a rule forbids it today.
        tree.OrientationConflict: somebody changed it since it was read.
    """
    with tree.locked():
        current = Orientation.objects.select_related("framework", "parent").filter(pk=orientation.pk).first()
        if current is None:
            raise ValidationError("Cette orientation a été supprimée entre-temps.", code="deleted")
        if current.version != orientation.version:
            raise tree.OrientationConflict(current)
        earlier = restoring.Earlier(current, record)
        if not earlier.differing and not (with_place and earlier.is_elsewhere):
            raise ValidationError("Cette version est celle d’aujourd’hui : il n’y a rien à rétablir.")
        for name in earlier.differing:
            setattr(current, name, getattr(record, name))
        if with_place and earlier.is_elsewhere:
            current.parent = earlier.parent()
            if current.parent is None and record.parent_id is not None:
                raise ValidationError(
                    "Ce sous quoi elle se trouvait a été supprimé depuis : rétablissez-la sans sa place."
                )
        if not reason.strip() and not current.framework.asks_reason:
            reason = f"Version du {timezone.localtime(record.history_date):%d/%m/%Y à %H:%M} rétablie"
        return save_orientation(orientation=current, by=by, reason=reason)


def delete_orientation(*, orientation: Orientation, by: Person, reason: str = "") -> int:
    """Delete an orientation and its branch; returns how many orientations went."""
    with tree.locked():
        top = Orientation.objects.get(pk=orientation.pk)
        branch = list(Orientation.objects.branch(top).order_by("-lft"))
        for node in branch:  # from the leaves up, so that the history of each says who and why
            _signed(node, by, reason).delete()
        record(AuditKind.DELETION, on=str(top), by=by, before={"code": top.code, "orientations": len(branch)})
    return len(branch)


def renumber(*, framework: Framework, expected: dict[int, str], by: Person, reason: str = "") -> int:
    """Give every orientation the code of its place, as it was shown to the officer in ``expected``.

    Raises:
        ValidationError: the tree changed since, so that other codes would be given.
    """
    with tree.locked():
        changes = {
            proposal.node.orientation.pk: proposal.new
            for proposal in numbering.propose(document.read_nodes(framework))
            if proposal.changes
        }
        if changes != expected:
            raise ChangedMeanwhile("L’arbre a changé depuis l’aperçu : relisez les nouveaux codes avant de confirmer.")
        if framework.asks_reason and not reason.strip():
            raise ValidationError(tree.REASON_NEEDED, code="reason_needed")
        tree.recode(framework, changes, by=by, reason=reason or "Renumérotation")
        record(AuditKind.RENUMBERED, on=framework, by=by, after={"codes": len(changes), "motif": reason})
    return len(changes)


@transaction.atomic
def prepare_next_version(*, framework: Framework, by: Person) -> Framework:
    """Copy a framework into a new one in preparation, each orientation keeping its identity."""
    number = framework.successors.count() + 2
    successor = Framework(
        programme=framework.programme,
        name=framework.name,
        slug=free_slug(f"{framework.slug}-v{number}"),
        authority=framework.authority,
        perimeter=framework.perimeter,
        column_titles=framework.column_titles,
        note=framework.note,
        predecessor=framework,
    )
    successor._history_user = by
    successor.full_clean()
    successor.save()
    tree.copy(framework, successor, by=by)
    return successor


def free_slug(wanted: str) -> str:
    """An address that no framework bears."""
    base = slugify(wanted)[:70] or "cadre"
    slug, number = base, 2
    while Framework.objects.filter(slug=slug).exists():
        slug, number = f"{base}-{number}", number + 1
    return slug


def put_in_force(
    *,
    framework: Framework,
    adopted_on: datetime.date,
    deliberation: str,
    by: Person | None,
    shown: str | None = None,
    say: adoption.Say = adoption.silent,
) -> Framework | None:
    """Bring a framework in preparation into force, locked; the one of its programme that was is archived and returned.

    What hangs on orientations is carried as their lineage and officers' decisions say, the rest is noted to be decided
    (:mod:`axes.adoption`). ``shown`` is the digest of what was announced; None announces nothing. ``say`` is told how
    far it is.

    Raises:
        ValidationError: it is not in preparation, has no orientation, its tree is not sound, or the adoption would
            no longer do what was announced.
    """
    with tree.locked():
        former = Framework.objects.before(framework).first()
        if former is not None:
            adoption.hold(former)
        framework = Framework.objects.select_for_update().get(pk=framework.pk)
        former = Framework.objects.select_for_update().before(framework).first()
        check_adoptable(framework, former, shown)
        if former is not None:
            _archive(former, adopted_on, by)
        framework.status, framework.adopted_on, framework.deliberation = (
            FrameworkStatus.IN_FORCE,
            adopted_on,
            deliberation,
        )
        framework.starts_on = framework.starts_on or adopted_on
        framework.predecessor = former or framework.predecessor
        framework.is_locked = True
        framework._history_user = by
        framework.full_clean()
        framework.save()
        after = {"cadre": framework.status, "adopté": adopted_on, "délibération": deliberation}
        if former is not None:
            after |= adoption.carry(former, framework, by, say)
        record(AuditKind.FRAMEWORK_STATUS, on=framework, by=by, before={"cadre": FrameworkStatus.DRAFT}, after=after)
        if former is not None:
            record(AuditKind.FRAMEWORK_STATUS, on=former, by=by, after={"cadre": former.status})
    return former


def check_adoptable(framework: Framework, former: Framework | None, shown: str | None) -> None:
    """Refuse what cannot be put in force, or would do something else than what was ``shown`` (None: nothing was).

    Raises:
        ValidationError: with one French sentence.
    """
    if framework.status != FrameworkStatus.DRAFT:
        raise ValidationError("Seul un cadre en préparation peut être mis en vigueur.")
    if not framework.orientations.exists():
        raise ValidationError("Ce cadre n’a encore aucune orientation.")
    if tree.check():
        raise ValidationError("L’arbre présente des anomalies : faites-le vérifier (check_tree) avant.")
    if shown is None:
        return
    if shown != (adoption.outlook(former, framework).digest if former else ""):
        raise ChangedMeanwhile(
            "Le cadre, ou ce qui y est rattaché, a changé depuis que vous avez lu cette page : rien n’a été fait. "
            "Relisez ci-dessous ce qui se passerait, puis confirmez."
        )


def _archive(framework: Framework, on: datetime.date, by: Person | None) -> None:
    framework.status, framework.ends_on = FrameworkStatus.ARCHIVED, min(framework.ends_on or on, on)
    framework._history_user = by
    framework.full_clean()
    framework.save()
