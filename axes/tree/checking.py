"""Every invariant of every tree: verified against the nodes' own parents, and mended."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from axes.guard.lock import locked, written
from axes.guard.rules import applies_to_error, placement_error
from axes.levels import ROOT_LEVELS, Level
from axes.models import Orientation
from cohesion.lib.people import Person


@dataclass(frozen=True)
class TreeProblem:
    """What is wrong with the tree, where, and whether :func:`repair` can mend it."""

    code: str
    sentence: str
    mendable: bool = True


def check(using: str = "default") -> list[TreeProblem]:
    """Verify every invariant of every tree, against the nodes' own parents. Reads all, writes nothing."""
    problems: list[TreeProblem] = []
    nodes = {node.pk: node for node in Orientation._base_manager.using(using).order_by("tree_id", "lft", "pk")}
    where = {pk: f"{node.code} (cadre {node.framework_id}, n° {pk})" for pk, node in nodes.items()}

    lost = _unreachable(nodes)
    for pk in sorted(lost):
        problems.append(TreeProblem("cycle", f"{where[pk]} : ses parents successifs ne mènent à aucun axe."))
    for pk, node in nodes.items():
        parent = nodes.get(node.parent_id) if node.parent_id else None
        if node.parent_id and parent is None:
            problems.append(TreeProblem("orphan", f"{where[pk]} : son parent (n° {node.parent_id}) n’existe pas."))
        elif pk not in lost and (sentence := placement_error(node, parent)):
            problems.append(TreeProblem("level", f"{where[pk]} : {sentence}"))
    for node, expected in _expected_positions(nodes, lost):
        if (node.tree_id, node.lft, node.rght, node.depth) != expected:
            actual, right = _position(node.tree_id, node.lft, node.rght, node.depth), _position(*expected)
            problems.append(TreeProblem("position", f"{where[node.pk]} : {actual} au lieu de {right}."))
    codes: dict[tuple[int, str], int] = {}
    for pk, node in nodes.items():
        if codes.setdefault((node.framework_id, node.code), pk) != pk:
            problems.append(TreeProblem("code", f"{where[pk]} : ce code est porté deux fois.", mendable=False))
        if sentence := node._columns_error():
            problems.append(TreeProblem("columns", f"{where[pk]} : {sentence}"))
    for source, target in Orientation.applies_to.through._base_manager.using(using).values_list(
        "from_orientation_id", "to_orientation_id"
    ):
        if sentence := applies_to_error(nodes[source], nodes[target]):
            problems.append(TreeProblem("applies_to", f"{where[source]} : {sentence}"))
    return problems


def _position(tree_id: int, left: int, right: int, depth: int) -> str:
    return f"arbre {tree_id}, {left}-{right}, profondeur {depth}"


def _unreachable(nodes: dict[int, Orientation]) -> set[int]:
    """Keys of the nodes whose parents lead round in a circle or nowhere."""
    state: dict[int, bool] = {}
    for start in nodes:
        path: list[int] = []
        pk: int | None = start
        while pk is not None and pk not in state and pk not in path:
            path.append(pk)
            pk = nodes[pk].parent_id if pk in nodes else None
            if pk is not None and pk not in nodes:
                break
        reaches = pk is None or state.get(pk, False)
        state.update(dict.fromkeys(path, reaches))
    return {pk for pk, reaches in state.items() if not reaches}


def _expected_positions(
    nodes: dict[int, Orientation], lost: set[int]
) -> "Iterator[tuple[Orientation, tuple[int, int, int, int]]]":
    """Each reachable node with the position that its parents give it, siblings in their present order.

    A tree keeps its ``tree_id``, unless another tree has taken it.
    """
    children: dict[int | None, list[Orientation]] = {}
    for pk, node in nodes.items():
        if pk not in lost:
            children.setdefault(node.parent_id, []).append(node)
    taken: set[int] = set()
    spare = max((node.tree_id for node in nodes.values()), default=0)
    for root in children.get(None, []):
        tree_id = root.tree_id
        if tree_id in taken:
            spare += 1
            tree_id = spare
        taken.add(tree_id)
        cursor = 0
        opened: dict[int, tuple[int, int]] = {}
        stack: list[tuple[Orientation, int, bool]] = [(root, 0, False)]
        while stack:
            node, depth, done = stack.pop()
            cursor += 1
            if done:
                left, level = opened.pop(node.pk)
                yield node, (tree_id, left, cursor, level)
                continue
            opened[node.pk] = (cursor, depth)
            stack.append((node, depth, True))
            stack.extend((child, depth + 1, False) for child in reversed(children.get(node.pk, [])))


def repair(using: str = "default", *, by: Person | None = None) -> int:
    """Mend what can be mended, and return the number of nodes written.

    Positions follow from the parents. A node whose parents lead nowhere, or whose level forbids its parent,
    is placed under the nearest ancestor that may bear it, else under the first axis of its framework.
    """
    with locked(using):
        nodes = {node.pk: node for node in Orientation._base_manager.using(using).order_by("tree_id", "lft", "pk")}
        before = {pk: (n.parent_id, n.tree_id, n.lft, n.rght, n.depth, list(n.columns)) for pk, n in nodes.items()}
        # The widest first: the descendants of a node that was put back are reachable again.
        for node in sorted(nodes.values(), key=lambda n: Level(n.level).rank):
            parent = nodes.get(node.parent_id) if node.parent_id else None
            if node.level in ROOT_LEVELS:
                node.parent_id = None
            elif parent is None or node.pk in _unreachable(nodes) or placement_error(node, parent):
                node.parent_id = _nearest_bearer(node, nodes)
            if node._columns_error():
                node.columns = []
        for node, (tree_id, left, right, depth) in _expected_positions(nodes, _unreachable(nodes)):
            node.tree_id, node.lft, node.rght, node.depth = tree_id, left, right, depth
        changed = [
            n
            for pk, n in nodes.items()
            if (n.parent_id, n.tree_id, n.lft, n.rght, n.depth, list(n.columns)) != before[pk]
        ]
        Orientation._base_manager.using(using).bulk_update(
            changed, ["parent", "tree_id", "lft", "rght", "depth", "columns"], batch_size=200
        )
        replaced = [n for n in changed if (n.parent_id, list(n.columns)) != (before[n.pk][0], before[n.pk][-1])]
        Orientation.history.bulk_history_create(
            replaced, batch_size=200, update=True, default_user=by, default_change_reason="Réparation de l’arbre"
        )
        through = Orientation.applies_to.through._base_manager.using(using)
        wrong = {
            pk: nodes[source]
            for pk, source, target in through.values_list("pk", "from_orientation_id", "to_orientation_id")
            if applies_to_error(nodes[source], nodes[target])
        }
        through.filter(pk__in=list(wrong)).delete()
        for framework_id in {node.framework_id for node in [*changed, *wrong.values()]}:
            written(framework_id, using)
    return len(changed) + len(wrong)


def _nearest_bearer(node: Orientation, nodes: dict[int, Orientation]) -> int:
    """The key of the nearest ancestor that may bear ``node``, else of the first axis of its framework.

    Raises:
        ValidationError: the framework has no axis at all.
    """
    seen = {node.pk}
    pk = node.parent_id
    while pk in nodes and pk not in seen:
        seen.add(pk)
        candidate = nodes[pk]
        if placement_error(node, candidate) is None and node.pk not in _ancestors(candidate, nodes):
            return candidate.pk
        pk = candidate.parent_id
    axes = [n.pk for n in nodes.values() if n.framework_id == node.framework_id and n.level in ROOT_LEVELS]
    if not axes:
        raise ValidationError(
            f"Le cadre {node.framework_id} n’a aucun axe : {node.code} ne peut être placée nulle part."
        )
    return axes[0]


def _ancestors(node: Orientation, nodes: dict[int, Orientation]) -> set[int]:
    ancestors: set[int] = set()
    pk: int | None = node.pk
    while pk is not None and pk in nodes and pk not in ancestors:
        ancestors.add(pk)
        pk = nodes[pk].parent_id
    return ancestors
