"""Two states of a framework side by side: what became of each orientation of the former, whence comes each of the new.

Plain states in, rows out: no model, no query. An orientation goes on where the other state has its ``uid``, or where
somebody decided what it becomes (``descents``: the keys of what each former one became).

Each orientation of both states stands in a row at least. One that goes on alone has a row of its own, kept, or
reworded, moved, or both; one that became several has one with all of them (split); one that comes from several has one
with all of them (merged); the others are dropped or new. Only the fewest moves that explain another order of siblings
are told.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.db.models import TextChoices
from django.utils.text import slugify

from cohesion.lib.rising import longest_rising

Descents = Mapping[int, Collection[int]]  # the keys of what each became, by its key


class Kind(TextChoices):
    """What became of an orientation. Only REWORDED and MOVED may be together."""

    KEPT = "kept", "Gardée"
    REWORDED = "reworded", "Reformulée"
    MOVED = "moved", "Déplacée"
    SPLIT = "split", "Scindée"
    MERGED = "merged", "Fusionnée"
    DROPPED = "dropped", "Supprimée"
    NEW = "new", "Nouvelle"

    @property
    def slug(self) -> str:
        """The kind in an address."""
        return slugify(self.label)


@dataclass(frozen=True)
class NodeState:
    """An orientation at a moment. ``key`` tells it from the others of its state, ``uid`` is the same in all versions;
    ``parent`` and ``applies_to`` (what a merged cell concerns) are keys."""

    key: int
    uid: UUID
    code: str
    level: str
    parent: int | None
    title: str
    label: str = ""
    corrected_title: str = ""
    context: str = ""
    description: str = ""
    columns: tuple[str, ...] = ()
    priority_type: str = ""
    applies_to: frozenset[int] = frozenset()

    @property
    def wording(self) -> str:
        """The adopted text, to the letter, with what the document prints before it."""
        return f"{self.label} {self.title}".strip()


@dataclass(frozen=True)
class TreeState:
    """The orientations of a framework at a moment, in document order."""

    nodes: tuple[NodeState, ...]

    @cached_property
    def by_key(self) -> dict[int, NodeState]:
        return {node.key: node for node in self.nodes}

    def path(self, node: NodeState) -> tuple[NodeState, ...]:
        """What it stands under, from the root down."""
        above: list[NodeState] = []
        while node.parent is not None:
            node = self.by_key[node.parent]
            above.append(node)
        return tuple(reversed(above))

    def root(self, node: NodeState) -> NodeState:
        return (*self.path(node), node)[0]


@dataclass(frozen=True)
class NodeChange:
    """What else differs of an orientation: the name of the field, as it was and as it is."""

    name: str
    before: object
    after: object


@dataclass(frozen=True)
class NodeRow:
    """What became of an orientation. ``changes``: what differs of one that goes on alone, its place apart;
    ``is_elsewhere``: it stands under another; a moved one that is not changed places among its siblings."""

    kinds: frozenset[Kind]
    before: tuple[NodeState, ...] = ()
    after: tuple[NodeState, ...] = ()
    changes: tuple[NodeChange, ...] = ()
    is_elsewhere: bool = False

    @property
    def goes_on(self) -> bool:
        """Whether it is one orientation, then and now."""
        return len(self.before) == len(self.after) == 1

    @property
    def is_same(self) -> bool:
        return self.kinds == {Kind.KEPT} and not self.changes


@dataclass(frozen=True)
class TreeComparison:
    """Both states, the rows in the order of the new one (what is dropped after what it followed), and what each former
    orientation became."""

    before: TreeState
    after: TreeState
    rows: tuple[NodeRow, ...]
    successors: Descents = field(repr=False)

    @cached_property
    def numbers(self) -> Counter[Kind]:
        """How many rows are of each kind."""
        return Counter(kind for row in self.rows for kind in row.kinds)

    @property
    def is_same(self) -> bool:
        return all(row.is_same for row in self.rows)

    @property
    def shares_nothing(self) -> bool:
        """Whether nothing of the one goes on in the other, though both have orientations."""
        return bool(self.before.nodes and self.after.nodes) and not any(self.successors.values())

    def of_kind(self, kind: Kind) -> list[NodeRow]:
        return [row for row in self.rows if kind in row.kinds]

    def roots(self, row: NodeRow) -> tuple[set[int], set[int]]:
        """Under which roots it stands and stood: their keys in the new state, and, in the former, of those dropped."""
        here = {self.after.root(node).key for node in row.after}
        gone = set()
        for root in {self.before.root(node) for node in row.before}:
            became = self.successors.get(root.key)
            here |= {self.after.root(self.after.by_key[key]).key for key in became or ()}
            if not became:
                gone.add(root.key)
        return here, gone


def compare(before: TreeState, after: TreeState, descents: Descents | None = None) -> TreeComparison:
    """The differences between two states, ``descents`` saying what ``uid`` cannot; keys of neither state count not."""
    successors = _successors(before, after, descents or {})
    origins = inverted(successors)
    alone = {key: became[0] for key, became in successors.items() if len(became) == 1 and len(origins[became[0]]) == 1}
    elsewhere = _elsewhere(before, after, alone, successors)
    moved = elsewhere | _reordered(before, after, alone, elsewhere)
    rows: list[NodeRow] = []
    for node in before.nodes:
        became = tuple(after.by_key[key] for key in successors[node.key])
        if node.key in alone:
            rows.append(_going_on(node, became[0], successors, moved, elsewhere))
        elif len(became) != 1:
            rows.append(NodeRow(frozenset({Kind.SPLIT if became else Kind.DROPPED}), (node,), became))
    for node in after.nodes:
        came_from = tuple(before.by_key[key] for key in origins.get(node.key, ()))
        if len(came_from) != 1:
            rows.append(NodeRow(frozenset({Kind.MERGED if came_from else Kind.NEW}), came_from, (node,)))
    return TreeComparison(before, after, tuple(_in_order(rows, before, after)), successors)


def inverted(descents: Descents) -> dict[int, tuple[int, ...]]:
    """The keys of what each comes from, by its key."""
    origins: dict[int, list[int]] = defaultdict(list)
    for former, became in descents.items():
        for key in became:
            origins[key].append(former)
    return {key: tuple(formers) for key, formers in origins.items()}


def _successors(before: TreeState, after: TreeState, descents: Descents) -> dict[int, tuple[int, ...]]:
    """What each former orientation became, in document order."""
    by_uid = {node.uid: node.key for node in after.nodes}
    place = {node.key: number for number, node in enumerate(after.nodes)}
    successors: dict[int, tuple[int, ...]] = {}
    for node in before.nodes:
        became = {key for key in descents.get(node.key, ()) if key in place}
        if node.uid in by_uid:
            became.add(by_uid[node.uid])
        successors[node.key] = tuple(sorted(became, key=place.__getitem__))
    return successors


def _elsewhere(before: TreeState, after: TreeState, alone: Mapping[int, int], successors: Descents) -> set[int]:
    """The former keys of those that go on alone, no more under what their parent became."""
    elsewhere = set()
    for former, key in alone.items():
        parent, here = before.by_key[former].parent, after.by_key[key].parent
        stays = here is None if parent is None else here in successors[parent]
        if not stays:
            elsewhere.add(former)
    return elsewhere


def _reordered(before: TreeState, after: TreeState, alone: Mapping[int, int], elsewhere: Collection[int]) -> set[int]:
    """The former keys of the fewest whose move among those who stay beside them explains the new order."""
    rank = {node.key: number for number, node in enumerate(before.nodes)}
    former = {key: pk for pk, key in alone.items() if pk not in elsewhere}
    siblings: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
    for node in after.nodes:
        if node.key in former:
            key = former[node.key]
            siblings[before.by_key[key].parent, node.parent].append(key)
    moved: set[int] = set()
    for keys in siblings.values():
        stay = longest_rising(keys, rank.__getitem__)
        moved |= set(keys) - stay
    return moved


WORDS = ("wording", "corrected_title", "context", "description")
FACTS = ("code", "level", "columns", "priority_type")


def _going_on(
    node: NodeState, now: NodeState, successors: Descents, moved: Collection[int], elsewhere: Collection[int]
) -> NodeRow:
    words = tuple(_differing(node, now, WORDS))
    facts = list(_differing(node, now, FACTS))
    concerned = {key for target in node.applies_to for key in successors.get(target, ())}
    if concerned != now.applies_to:
        facts.append(NodeChange("applies_to", node.applies_to, now.applies_to))
    kinds = {Kind.REWORDED} if words else set()
    if node.key in moved:
        kinds.add(Kind.MOVED)
    return NodeRow(frozenset(kinds or {Kind.KEPT}), (node,), (now,), (*words, *facts), node.key in elsewhere)


def _differing(node: NodeState, now: NodeState, names: Iterable[str]) -> Iterator[NodeChange]:
    for name in names:
        before, after = getattr(node, name), getattr(now, name)
        if before != after:
            yield NodeChange(name, before, after)


def _in_order(rows: Iterable[NodeRow], before: TreeState, after: TreeState) -> list[NodeRow]:
    """In the order of the new state; what is dropped comes after what it followed in the former."""
    place = {node.key: number for number, node in enumerate(after.nodes)}
    rank = {node.key: number for number, node in enumerate(before.nodes)}
    last, followed = -1, {}
    goes_to = {node.key: row for row in rows for node in row.before}
    for node in before.nodes:
        row = goes_to[node.key]
        if row.after:
            last = place[row.after[0].key]
        followed[node.key] = last

    def where(row: NodeRow) -> tuple[int, int]:
        if row.after:
            return place[row.after[0].key], -1
        return followed[row.before[0].key], rank[row.before[0].key]

    return sorted(rows, key=where)
