"""What stands around one orientation, read in few queries however large the framework."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from axes import wording
from axes.levels import CLOSED_LEVELS
from axes.models import Framework, Orientation


@dataclass(frozen=True)
class Family:
    """An orientation, what is above, under and beside it, and its past."""

    orientation: Orientation
    path: list[Orientation]
    children: list[Orientation]
    siblings: list[Orientation]  # itself among them
    previous: Orientation | None
    following: Orientation | None
    applies_to: list[Orientation]
    merged: list[Orientation]
    changes: list[wording.WordingChange]
    former_bearers: list[wording.FormerBearer]

    @property
    def axis(self) -> Orientation:
        return self.path[0] if self.path else self.orientation

    @property
    def objectives(self) -> list[Orientation]:
        return [child for child in self.children if child.level not in CLOSED_LEVELS]

    @property
    def priorities(self) -> list[Orientation]:
        return [child for child in self.children if child.level in CLOSED_LEVELS]


def read_family(orientation: Orientation) -> Family:
    """Everything for the page of an orientation, in four queries."""
    past = wording.read_past(orientation)
    around = {other.pk: other for other in _around(orientation, past.parents | past.others.keys())}
    for other in around.values():
        other.framework = orientation.framework
    applies_to, merged = _links(orientation)
    order = sorted(around.values(), key=lambda other: (other.tree_id, other.lft))
    place = (orientation.tree_id, orientation.lft)
    return Family(
        orientation=orientation,
        path=[other for other in order if contains(other, orientation)],
        children=[other for other in order if other.parent_id == orientation.pk],
        siblings=[other for other in order if other.parent_id == orientation.parent_id],
        previous=next((other for other in reversed(order) if (other.tree_id, other.lft) < place), None),
        following=next((other for other in order if (other.tree_id, other.lft) > place), None),
        applies_to=applies_to,
        merged=[other for other in merged if other.parent_id != orientation.pk],
        changes=wording.changes(orientation, past, {pk: other.badge for pk, other in around.items()}),
        former_bearers=wording.former_bearers(past, orientation.code, around),
    )


def _around(orientation: Orientation, others: set[int]) -> QuerySet[Orientation]:
    """Ancestors, children, siblings, both neighbours in document order, and the ``others`` named by key."""
    own = Orientation.objects.filter(framework=orientation.framework_id)
    tree, left = orientation.tree_id, orientation.lft
    before = own.filter(Q(tree_id=tree, lft__lt=left) | Q(tree_id__lt=tree)).order_by("-tree_id", "-lft")
    after = own.filter(Q(tree_id=tree, lft__gt=left) | Q(tree_id__gt=tree)).order_by("tree_id", "lft")
    return own.filter(
        Q(tree_id=tree, lft__lt=left, rght__gt=orientation.rght)
        | Q(parent=orientation.pk)
        | Q(parent=orientation.parent_id)
        | (Q(parent=None) if orientation.parent_id is None else Q())
        | Q(pk__in=before.values("pk")[:1])
        | Q(pk__in=after.values("pk")[:1])
        | Q(pk__in=others)
    )


def contains(above: Orientation, under: Orientation) -> bool:
    return above.tree_id == under.tree_id and above.lft < under.lft and above.rght > under.rght


def _links(orientation: Orientation) -> tuple[list[Orientation], list[Orientation]]:
    """What the orientation applies to, and the merged priorities that apply to it, in document order."""
    through = Orientation.applies_to.through
    links = through._base_manager.filter(Q(from_orientation=orientation) | Q(to_orientation=orientation))
    applies_to, merged = [], []
    for link in links.select_related("from_orientation", "to_orientation"):
        if link.from_orientation_id == orientation.pk:
            applies_to.append(link.to_orientation)
        else:
            merged.append(link.from_orientation)
    for other in [*applies_to, *merged]:
        other.framework = orientation.framework

    def place(other: Orientation) -> tuple[int, int]:
        return other.tree_id, other.lft

    return sorted(applies_to, key=place), sorted(merged, key=place)


def find(framework: Framework, code: str) -> Orientation | None:
    """The orientation that bears the code, in this very case if there is one, in any other if not."""
    bearers = list(framework.orientations.filter(code__iexact=code))
    orientation = next((bearer for bearer in bearers if bearer.code == code), bearers[0] if bearers else None)
    if orientation is not None:
        orientation.framework = framework
    return orientation
