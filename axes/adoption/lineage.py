"""Which orientations each one became: those of the same ``uid``, and those that officers named (:class:`Descent`)."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q

from axes.choices import FrameworkStatus
from axes.models import Descent, Framework, Orientation
from axes.models.orientation import OrientationQuerySet
from cohesion.lib.kept import Kept

Lineage = dict[int, tuple[int, ...]]


def lineage(former: Framework, framework: Framework) -> Lineage:
    """The keys of what each orientation of ``former`` became in ``framework``, by its key, in three queries.

    The same orientation first, then the others in the order of the document; nothing of one that is undecided or
    dropped.
    """
    before = Orientation.objects.filter(framework=former).values_list("pk", "uid")
    after = Orientation.objects.filter(framework=framework).values_list("uid", "pk")
    here = dict(after)
    became: dict[int, dict[int, None]] = {}
    for pk, uid in before.in_order():
        became[pk] = {here[uid]: None} if uid in here else {}
    rows = Descent.objects.between(former, framework).filter(successor__isnull=False)
    for pk, successor in rows.order_by("successor__tree_id", "successor__lft").values_list("former", "successor"):
        became[pk][successor] = None
    return {pk: tuple(successors) for pk, successors in became.items()}


def became(keys: Iterable[int], framework: Framework | None) -> Lineage:
    """The keys of what these orientations, of any adopted framework, are in ``framework``, by the key of each.

    What officers decided at each adoption since is followed in the order of the adoptions; nothing of one that became
    nothing. Two queries, and as many the first time.
    """
    nodes = Orientation.objects.filter(pk__in=set(keys)).values_list("pk", "uid", "framework_id")
    steps = steps_to(framework)
    known = {pk: _held(uid, steps.order.get(adopted, 0), steps) for pk, uid, adopted in nodes}
    wanted = set().union(*known.values())
    here = Orientation.objects.filter(framework=framework, uid__in=wanted).in_order().values_list("uid", "pk")
    same = dict(here)
    place = {uid: number for number, uid in enumerate(same)}
    ordered = {pk: sorted(uids & same.keys(), key=place.__getitem__) for pk, uids in known.items()}
    return {pk: tuple(map(same.__getitem__, uids)) for pk, uids in ordered.items()}


def leading_to(keys: Iterable[int], framework: Framework | None) -> OrientationQuerySet:
    """All orientations of adopted frameworks that are these of ``framework`` today, or became them."""
    nodes = Orientation.objects.filter(pk__in=list(keys))
    steps = steps_to(framework)
    leading = Q(uid__in=nodes.values("uid"))
    if steps.taken:
        held = set(nodes.values_list("uid", flat=True))
        for when, before, after in reversed(steps.taken):
            if after in held:
                held.add(before)
                until = [pk for pk, place in steps.order.items() if place <= when]
                leading |= Q(uid=before, framework__in=until)
    return Orientation.objects.filter(leading)


Step = tuple[int, UUID, UUID]  # the place of the framework that was, then from which orientation to which


@dataclass(frozen=True)
class Steps:
    """All that was decided at the adoptions up to a framework, in order; the place of each framework among them."""

    taken: list[Step] = field(default_factory=list)
    order: dict[int, int] = field(default_factory=dict)


_kept_steps: Kept[Steps] = Kept(4)


def steps_to(framework: Framework | None) -> Steps:
    """What was decided for the adopted frameworks, kept while ``framework`` does not change: an adoption changes it."""
    if framework is None:
        return Steps()
    if framework.is_draft:
        return _read_steps(framework)
    return _kept_steps.get(framework.state, lambda: _read_steps(framework))


def _read_steps(framework: Framework) -> Steps:
    rows = Descent.objects.filter(successor__isnull=False).exclude(
        ~Q(framework=framework), framework__status=FrameworkStatus.DRAFT
    )
    pairs = list(rows.values_list("framework_id", "former__framework_id", "former__uid", "successor__uid"))
    if not pairs:
        return Steps()
    days = Framework.objects.public().values_list("pk", "adopted_on")
    ordered = sorted(days, key=lambda row: (row[1] or datetime.date.min, row[0]))
    order = {pk: place for place, (pk, _) in enumerate(ordered)}
    last = order.get(framework.pk, len(order))
    pairs.sort(key=lambda row: order.get(row[0], last))
    taken = [
        (order[former], before, after)
        for adopted, former, before, after in pairs
        if former in order and order.get(adopted, last) <= last
    ]
    return Steps(taken, order)


def _held(uid: UUID, place: int, steps: Steps) -> set[UUID]:
    """All that an orientation of the framework at ``place`` became, itself included."""
    held = {uid}
    for when, before, after in steps.taken:
        if when >= place and before in held:
            held.add(after)
    return held
