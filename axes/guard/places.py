"""Where an orientation stands, in words: for the history, which keeps no position."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from axes.models import Orientation


def place(node: "Orientation", using: str) -> str:
    """« 2ᵉ place sous 5.2 », as the database has it now."""
    manager = type(node)._tree_manager.using(using)
    now = manager.filter(pk=node.pk).select_related("parent").get()
    siblings = manager.filter(framework=now.framework_id, parent=now.parent_id)
    before = Q(tree_id__lt=now.tree_id) | Q(tree_id=now.tree_id, lft__lte=now.lft)
    return _words(now.parent.code if now.parent else "", siblings.filter(before).count())


def places(nodes: "Iterable[Orientation]") -> dict[str, str]:
    """The same of all the orientations of a framework, by code; each with its position and its parent as they are."""
    ordered = sorted(nodes, key=lambda node: (node.tree_id, node.lft))
    codes = {node.pk: node.code for node in ordered}
    ranks: dict[int | None, int] = {}
    by_code: dict[str, str] = {}
    for node in ordered:
        ranks[node.parent_id] = ranks.get(node.parent_id, 0) + 1
        by_code[node.code] = _words(codes[node.parent_id] if node.parent_id else "", ranks[node.parent_id])
    return by_code


def _words(parent: str, rank: int) -> str:
    ordinal = "1ʳᵉ" if rank == 1 else f"{rank}ᵉ"
    return f"{ordinal} place {f'sous {parent}' if parent else 'à la racine du cadre'}"
