"""A framework takes the place of another: compared with it, announced, then put in force with all its links."""

import datetime
from collections.abc import Callable, Iterator
from functools import partial

from django.db import connection, transaction

from axes import actions, adoption, tree
from axes.models import Framework, Orientation
from projects.catalogue.models import Contribution, UncarriedLink
from tests.benchmark.filling import filled
from tests.benchmark.measuring import Figure, Size, peak, same, seconds
from tests.factories import UserFactory

NAME = "succession"
TITLE = "Un cadre en remplace un autre : annoncé, mis en vigueur, chaque rattachement repris ou noté"

CHANGED = 20  # one orientation in so many is split, as many go, as many are taken up by another
BARE = """INSERT INTO projects_contribution (project_id, orientation_id, framework_id, is_main, rationale)
    SELECT link.project_id, new.id, new.framework_id, link.is_main, link.rationale
    FROM projects_contribution link
    JOIN axes_orientation old ON old.id = link.orientation_id
    JOIN axes_orientation new ON new.uid = old.uid
    WHERE old.framework_id = %s AND new.framework_id = %s"""


def measure(size: Size) -> Iterator[Figure]:
    """The outlook and the adoption, once each, against the same links copied by one statement."""
    former = filled(size)
    officer = UserFactory()
    coming = actions.prepare_next_version(framework=former, by=officer)
    _change(former, coming, officer)

    def adopt() -> None:
        actions.put_in_force(
            framework=coming, adopted_on=datetime.date(2027, 3, 12), deliberation="D", by=officer, shown=announced()
        )
        links = Contribution.objects.of(former).count()
        same("accounted", _accounted(former, coming), links)

    def announced() -> str:
        return adoption.outlook(former, coming).digest

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(BARE, [former.pk, coming.pk])

    floor = _undone(bare)
    case = f"{size.nodes} orientations, {size.links} rattachements"
    yield Figure(f"{case}, annonce", seconds(announced) * 1000, floor * 1000, "SQL nu", {"Mo": peak(announced)})
    taken = _undone(adopt)
    yield Figure(
        f"{case}, mise en vigueur", taken * 1000, floor * 1000, "SQL nu", {"Mo": peak(partial(_undone, adopt))}
    )


def _undone(act: Callable[[], object]) -> float:
    """How long an act takes, in seconds, in a transaction of which nothing stays."""
    with transaction.atomic():
        taken = seconds(act)
        transaction.set_rollback(True)
    return taken


def _change(former: Framework, coming: Framework, officer: object) -> None:
    """Give new identities to some orientations of the draft, and say of some what became of them."""
    nodes = list(Orientation.objects.filter(framework=coming).in_order())
    here = {node.uid: node for node in nodes}
    olds = [node for node in Orientation.objects.filter(framework=former).in_order() if node.uid in here]
    with tree.locked():
        for rank, old in enumerate(olds):
            if rank % CHANGED < 3:
                new = here[old.uid]
                Orientation.objects.filter(pk=new.pk).update(uid=f"{rank:032x}")
            if rank % CHANGED == 0:
                adoption.descend(former=old, successors=[here[old.uid], nodes[-1]], framework=coming, by=officer)
            elif rank % CHANGED == 1:
                adoption.descend(former=old, successors=[here[old.uid]], framework=coming, by=officer)


def _accounted(former: Framework, coming: Framework) -> int:
    """How many links were carried to what they became, one to one, or are noted."""
    noted = UncarriedLink.objects.filter(link__orientation__framework=former).count()
    return Contribution.objects.of(coming).count() + noted
