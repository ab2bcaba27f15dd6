"""Whole frameworks: loaded, copied or recoded at once."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from axes.guard.lock import check_reason, locked, written
from axes.guard.rules import placement_error
from axes.levels import CLOSED_LEVELS
from axes.models import Framework, Orientation
from cohesion.lib.people import Person


@dataclass
class NewNode:
    """A node to load: the model's own values, and its children in order."""

    values: dict[str, Any]
    children: "list[NewNode]" = field(default_factory=list)
    applies_to: list[str] = field(default_factory=list)


def load(
    framework: Framework, roots: list[NewNode], *, by: Person | None = None, reason: str = ""
) -> list[Orientation]:
    """Fill an empty framework with a whole tree at once, in a constant number of queries a thousand nodes.

    Positions are computed here, and every rule of one node is checked before anything is written.

    Raises:
        ValidationError: the framework has orientations already, or a node breaks a rule.
    """
    with locked():
        if framework.orientations.exists():
            raise ValidationError("Ce cadre a déjà des orientations.")
        next_tree = (Orientation.objects.aggregate(last=models.Max("tree_id"))["last"] or 0) + 1
        nodes: list[Orientation] = []
        applies_to: list[tuple[str, list[str]]] = []

        def place(source: NewNode, parent: Orientation | None, tree_id: int, left: int) -> int:
            node = Orientation(framework=framework, parent=parent, **source.values)
            node.tree_id, node.lft, node.depth = tree_id, left, 0 if parent is None else parent.depth + 1
            nodes.append(node)
            applies_to.append((node.code, source.applies_to))
            cursor = left + 1
            for child in source.children:
                cursor = place(child, node, tree_id, cursor)
            node.rght = cursor
            return cursor + 1

        for number, root in enumerate(roots):
            place(root, None, next_tree + number, 1)
        _check_new(nodes)
        # Parents are written before their children, one depth at a time, so that each has its key.
        for depth in sorted({node.depth for node in nodes}):
            level = [node for node in nodes if node.depth == depth]
            for node in level:
                node.parent_id = node.parent.pk if node.parent else None
            bulk_create_with_history(
                level, Orientation, batch_size=500, default_user=by, default_change_reason=reason or None
            )
        by_code = {node.code: node for node in Orientation.objects.filter(framework=framework)}
        links = [
            Orientation.applies_to.through(from_orientation_id=by_code[code].pk, to_orientation_id=by_code[target].pk)
            for code, targets in applies_to
            for target in targets
        ]
        Orientation.applies_to.through._base_manager.bulk_create(links, batch_size=500)
        written(framework.pk)
    return nodes


def _check_new(nodes: list[Orientation]) -> None:
    """The rules of :meth:`Orientation.clean`, for nodes that are not in the database yet."""
    seen: set[str] = set()
    for node in nodes:
        if node.code in seen:
            raise ValidationError(f"Le code « {node.code} » est utilisé deux fois.")
        check_one(node)
        seen.add(node.code)


def check_one(node: Orientation) -> None:
    """The rules of :meth:`Orientation.clean` that ask nothing of the database.

    Raises:
        ValidationError: each sentence begins with the code.
    """
    try:
        node.clean_fields(exclude=["parent", "framework"])
        if sentence := placement_error(node, node.parent):
            raise ValidationError(sentence)
        if node.priority_type and node.level not in CLOSED_LEVELS:
            raise ValidationError("Seule une priorité a un type de priorité.")
        if sentence := node._columns_error():
            raise ValidationError(sentence)
    except ValidationError as error:
        raise ValidationError([f"{node.code} : {message}" for message in error.messages]) from error


def copy(source: Framework, into: Framework, *, by: Person | None = None) -> None:
    """Copy the whole tree of ``source`` into the empty ``into``, each node keeping its ``uid``."""
    nodes = list(source.orientations.order_by("tree_id", "lft").prefetch_related("applies_to"))
    names = (
        "code",
        "level",
        "label",
        "title",
        "corrected_title",
        "context",
        "description",
        "columns",
        "priority_type",
        "source_line",
        "uid",
    )
    copies: dict[int, NewNode] = {}
    roots: list[NewNode] = []
    for node in nodes:
        twin = NewNode(
            {name: getattr(node, name) for name in names}, applies_to=[n.code for n in node.applies_to.all()]
        )
        copies[node.pk] = twin
        (copies[node.parent_id].children if node.parent_id else roots).append(twin)
    load(into, roots, by=by, reason=f"Copié du cadre « {source.name} »"[:200])


def recode(framework: Framework, codes: dict[int, str], *, by: Person | None = None, reason: str = "") -> None:
    """Give new codes to the orientations whose keys are given, all at once.

    Raises:
        ValidationError: two orientations would bear the same code, or the framework asks for a reason.
    """
    with locked():
        nodes = list(Orientation.objects.filter(framework=framework))
        final = [codes.get(node.pk, node.code) for node in nodes]
        if len(set(final)) != len(final):
            raise ValidationError("Deux orientations porteraient le même code : rechargez la page et recommencez.")
        changed = [node for node in nodes if codes.get(node.pk, node.code) != node.code]
        if not changed:
            return
        changed[0]._change_reason = reason
        check_reason(changed[0], "default")
        # Through a code that nobody can type, since « 1.1 » may become « 1.2 » while « 1.2 » still stands.
        for node in changed:
            node.code = f"~{uuid.uuid4().hex[:18]}"
        Orientation.objects.bulk_update(changed, ["code"], batch_size=500)
        for node in changed:
            node.code = codes[node.pk]
            node.version += 1
            node.clean_fields(exclude=["parent", "framework"])
        bulk_update_with_history(
            changed,
            Orientation,
            ["code", "version"],
            batch_size=500,
            default_user=by,
            default_change_reason=reason or None,
        )
        written(framework.pk)
