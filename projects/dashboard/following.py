"""What somebody follows, kept and read: places, and orientations of the framework in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from axes import adoption
from axes.adoption import Fate, Say, Succession, Weight
from axes.document import Node
from axes.models import Framework
from cohesion.lib.people import Person
from cohesion.lib.queries import InFrench
from cohesion.lib.text import count_phrase
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


class FollowedOrientations:
    """The heir of what people follow: whoever follows an orientation follows what it becomes, too."""

    def hold(self, former: Framework) -> None:
        """Nothing that is written meanwhile is lost: rows are only added."""

    def foresee(self, succession: Succession) -> Fate:
        rows = self._rows(succession)
        sentence = count_phrase(len(rows), "abonnement suit", "abonnements suivent")
        return Fate([f"{sentence} ce que l’orientation suivie devient."] if rows else [], digest=repr(sorted(rows)))

    def weigh(self, succession: Succession) -> dict[int, Weight]:
        return {}  # who follows what is nobody's business

    def forget(self, framework: Framework, by: Person) -> int:
        return 0  # nothing is decided of them one by one

    def carry(self, succession: Succession, by: Person | None, say: Say) -> dict[str, int]:
        rows = [Followed(user_id=user, orientation_uid=uid) for user, uid in self._rows(succession)]
        Followed.objects.bulk_create(rows, ignore_conflicts=True)  # not the tree
        return {}

    def _rows(self, succession: Succession) -> set[tuple[int, UUID]]:
        """Who shall follow what, beside what they follow: those taken up or split, whose identity is lost."""
        after = {}
        for node in succession.queued:
            after[node.uid] = {successor.uid for successor in succession.became(node)} - {node.uid}
        followed = Followed.objects.filter(orientation_uid__in=after).values_list("user_id", "orientation_uid")
        return {(user, uid) for user, former in followed if former for uid in after[former]}


def connect() -> None:
    adoption.register(FollowedOrientations())
