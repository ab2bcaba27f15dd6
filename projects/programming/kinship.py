"""The orientations of first level that are one with that of an envelope, in the frameworks before and after its own.

A framework is followed by another while envelopes are voted on the former, and what is decided from then on may be tied
to the latter alone. An orientation of the same ``uid`` is the same. Of those that officers said to become another
(:class:`axes.models.Descent`), it is one with it where nothing else is: what was split counts in none of its parts, and
what was merged in none of its sources, for nobody can say in which.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Q

from axes.choices import FrameworkStatus
from axes.models import Descent, Orientation
from projects.programming.models import BudgetEnvelope


def trees_of(envelopes: Collection[BudgetEnvelope]) -> dict[int, set[int]]:
    """By key of those that ask for an orientation, the keys of the trees that are one with it; in two queries."""
    wanted = {envelope.pk: envelope.orientation_id for envelope in envelopes if envelope.orientation_id is not None}
    if not wanted:
        return {}
    roots = Orientation.objects.filter(parent=None).filter(
        ~Q(framework__status=FrameworkStatus.DRAFT) | Q(pk__in=wanted.values())
    )
    known = {pk: (uid, tree) for pk, uid, tree in roots.values_list("pk", "uid", "tree_id")}
    became: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    came: dict[int, set[int]] = defaultdict(set)
    rows = Descent.objects.filter(former__in=known).exclude(framework__status=FrameworkStatus.DRAFT)
    for framework, former, successor in rows.values_list("framework_id", "former_id", "successor_id"):
        became[framework, former].add(successor)
        if successor in known:
            came[successor].add(former)
    by_uid: dict[object, set[int]] = defaultdict(set)
    for pk, (uid, _) in known.items():
        by_uid[uid].add(pk)
    same = {pk: by_uid[uid] for pk, (uid, _) in known.items()}
    trees: dict[int, set[int]] = {}
    for key, root in wanted.items():
        trees[key] = {known[pk][1] for pk in _kin(root, same, became, came) if pk in known}
    return trees


def _kin(
    root: int,
    same: dict[int, set[int]],
    became: dict[tuple[int, int], set[int | None]],
    came: dict[int, set[int]],
) -> set[int]:
    """All that is one with an orientation, step by step from one framework to the next."""
    kin: set[int] = set()
    waiting = {root}
    while waiting:
        kin |= waiting
        near: set[int] = set().union(*(same.get(pk, set()) for pk in waiting))
        near |= {pk for pk, formers in came.items() if formers & kin and formers <= kin}
        near |= _whole(kin, became.items())
        waiting = near - kin
    return kin


def _whole(kin: set[int], became: Iterable[tuple[tuple[int, int], set[int | None]]]) -> set[int]:
    """What became nothing but these."""
    return {former for (_, former), successors in became if successors <= kin}


def unfollowed(envelopes: Collection[BudgetEnvelope], trees: dict[int, set[int]]) -> list[BudgetEnvelope]:
    """Those whose orientation is of a framework that another follows, where nothing is one with it there. Each comes
    with its orientation and its framework."""
    former = {
        row.pk: row.orientation.framework.programme_id
        for row in envelopes
        if row.orientation is not None and row.orientation.framework.status == FrameworkStatus.ARCHIVED
    }
    if not former:
        return []
    here = Orientation.objects.filter(parent=None, framework__status=FrameworkStatus.IN_FORCE)
    in_force: dict[int | None, set[int]] = defaultdict(set)
    for programme, tree in here.values_list("framework__programme_id", "tree_id"):
        in_force[programme].add(tree)
    alone = {key for key, programme in former.items() if in_force[programme] and not trees[key] & in_force[programme]}
    return [row for row in envelopes if row.pk in alone]
