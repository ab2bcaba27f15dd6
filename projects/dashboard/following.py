"""What somebody follows, kept and read: places, and orientations of the framework in force."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from axes.document import Node
from cohesion.lib.people import Person
from cohesion.lib.queries import InFrench
from projects.dashboard.models import Followed
from projects.territory.models import Territory


@dataclass(frozen=True)
class FollowedSubjects:
    """What somebody follows, in the order in which it is shown."""

    territories: list[Territory]
    orientations: list[Node]

    def __bool__(self) -> bool:
        return bool(self.territories or self.orientations)


def followed_by(user: Person, nodes: Iterable[Node]) -> FollowedSubjects:
    """What an account follows, in one query; ``nodes``: those of the framework in force. An orientation which that one
    has not is left aside, and comes back with it."""
    kept = Followed.objects.filter(user=user.pk).select_related("territory").defer("territory__outline")
    rows = list(kept.order_by(InFrench("territory__name"), "pk"))
    uids = {row.orientation_uid for row in rows if row.orientation_uid}
    return FollowedSubjects(
        [row.territory for row in rows if row.territory is not None],
        [node for node in nodes if node.orientation.uid in uids],
    )


def follow(
    user: Person, territories: Iterable[Territory], orientations: Iterable[Node], offered: Iterable[Node]
) -> None:
    """Follow these subjects and no other; an orientation that was not ``offered`` stays as it was."""
    chosen = {node.orientation.uid for node in orientations}
    places = {territory.pk for territory in territories}
    refused = {node.orientation.uid for node in offered} - chosen
    with transaction.atomic():
        own = Followed.objects.select_for_update().filter(user=user.pk)
        own.filter(territory__isnull=False).exclude(territory__in=places).delete()
        own.filter(orientation_uid__in=refused).delete()
        rows = [Followed(user_id=user.pk, territory_id=place) for place in places]
        rows += [Followed(user_id=user.pk, orientation_uid=uid) for uid in chosen]
        Followed.objects.bulk_create(rows, ignore_conflicts=True)  # not the tree
