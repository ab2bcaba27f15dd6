"""Which orientations each one became: those of the same ``uid``, and those that officers named (:class:`Descent`)."""

from axes.models import Descent, Framework, Orientation

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
