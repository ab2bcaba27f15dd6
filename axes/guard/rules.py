"""Where an orientation may stand, in sentences."""

from typing import TYPE_CHECKING

from axes.levels import Level
from cohesion.lib.text import capital

if TYPE_CHECKING:
    from axes.models import Orientation


def placement_error(node: "Orientation", parent: "Orientation | None") -> str | None:
    """Say in one sentence why ``node`` may not stand under ``parent`` (None: as a root), or None if it may."""
    level = Level(node.level)
    if parent is None:
        if level.facts.is_root:
            return None
        return f"{capital(level.noun)} se place sous une autre orientation : choisissez {_one_of(level.above)}."
    if level.facts.is_root:
        return f"{capital(level.noun)} ne se place sous aucune autre orientation."
    if parent.framework_id != node.framework_id:
        return "Une orientation ne se place pas sous une orientation d’un autre cadre."
    if node.pk is not None and parent.pk == node.pk:
        return "Une orientation ne se place pas sous elle-même."
    if Level(parent.level).rank >= level.rank:
        return (
            f"{capital(level.noun)} ne se place pas sous {Level(parent.level).noun} ({parent.code}) : "
            f"choisissez {_one_of(level.above)}."
        )
    return None


def children_error(node: "Orientation") -> str | None:
    """Say why the node's present children may not stay under its level, or None if they may."""
    level = Level(node.level)
    wrong = [
        child for child in type(node)._base_manager.filter(parent_id=node.pk) if Level(child.level).rank <= level.rank
    ]
    if not wrong:
        return None
    codes = ", ".join(sorted(child.code for child in wrong))
    return f"{capital(level.noun)} ne peut pas contenir ce qui s’y trouve déjà ({codes}) : déplacez-le d’abord."


def _one_of(levels: list[Level]) -> str:
    nouns = [level.noun for level in levels]
    return nouns[0] if len(nouns) == 1 else f"{', '.join(nouns[:-1])} ou {nouns[-1]}"


def applies_to_error(node: "Orientation", target: "Orientation") -> str | None:
    """Say why a merged cell may not concern ``target``, or None if it may."""
    if node.framework_id != target.framework_id:
        return f"elle s’applique à {target.code}, qui est d’un autre cadre."
    if Level(target.level).rank >= Level(node.level).rank:
        return f"elle ne peut s’appliquer qu’à un niveau plus large, et {target.code} est {Level(target.level).noun}."
    return None
