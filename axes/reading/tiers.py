"""The level of each form of a document, all of them chosen at once: the map from its tiers to the levels.

A document ranks its forms: those of one depth are a tier. Its tiers, from the widest, keep their order among the
levels, so that few maps are possible; each is weighed by what labels name, by how the lines of a tier begin, and by
what a plan usually has.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from axes.reading import scoring
from axes.reading.grammar import Opening, opening
from axes.reading.heads import NAME_FAMILY
from axes.reading.model import Block

Family = tuple[str, ...]
LAST = len(scoring.LEVELS) - 1
NAMED = 12.0  # for a tier all of which says its level
UNUSUAL = {1: -6.0}  # the level right under the roots, which few plans have
VERB_CLOSED, NOUN_OPEN, UNENDED = -4.0, -2.0, -1.0
SKIPPED, SKIPPED_LAST = -0.4, -0.3
DEEPEST_OF_THREE = 2  # from 0
MIXED = 0.7  # of verbs in a tier of nouns too
MOST_TIERS = len(scoring.LEVELS)


@dataclass(frozen=True)
class Tier:
    """The blocks of one depth: what part of them name each level, begin with a verb, are called actions, are titles or
    bear a number that says their place (« 1.2 »)."""

    named: Mapping[int, float]
    verbs: float
    actions: float
    titles: float


def chosen(live: Sequence[Block], deep: Sequence[int | None], *, has_root: bool) -> dict[Family, tuple[int, float]]:
    """For each ranked form, its level in the best map, and by how much a map with another one is worse."""
    depth_of = _depths(live, deep)
    order = sorted(set(depth_of.values()))
    if not 0 < len(order) < MOST_TIERS:
        return {}  # as many as there are levels: some branches skip one, and their words say which
    tiers = [_tier(live, depth_of, depth) for depth in order]
    maps = sorted(((_weight(levels, tiers), levels) for levels in _maps(len(tiers), has_root=has_root)), reverse=True)
    best_weight, best = maps[0]
    levels: dict[Family, tuple[int, float]] = {}
    for family, depth in depth_of.items():
        tier = order.index(depth)
        other = next((weight for weight, levels in maps if levels[tier] != best[tier]), best_weight - NAMED)
        levels[family] = (best[tier], best_weight - other)
    return levels


def _depths(live: Sequence[Block], deep: Sequence[int | None]) -> dict[Family, int]:
    """The depth at which most of the blocks of each form stand."""
    seen: defaultdict[Family, Counter[int]] = defaultdict(Counter)
    for block, depth in zip(live, deep, strict=True):
        if depth is not None:
            seen[block.family][depth] += 1
    return {family: depths.most_common(1)[0][0] for family, depths in seen.items()}


def _maps(number: int, *, has_root: bool) -> list[tuple[int, ...]]:
    kept = [levels for levels in itertools.combinations(range(LAST + 1), number) if (levels[0] == 0) == has_root]
    return kept or list(itertools.combinations(range(LAST + 1), number))


def _tier(live: Sequence[Block], depth_of: Mapping[Family, int], depth: int) -> Tier:
    blocks = [block for block in live if depth_of.get(block.family) == depth]
    named = Counter(block.level.rank for block in blocks if block.level is not None)
    verbs = sum(opening(block.text) == Opening.INFINITIVE for block in blocks)
    actions = sum(scoring.is_action(block) for block in blocks)
    titles = sum(block.heading > 0 or len(block.number) > 1 or block.family == NAME_FAMILY for block in blocks)
    size = max(1, len(blocks))
    return Tier({rank: times / size for rank, times in named.items()}, verbs / size, actions / size, titles / size)


def _weight(levels: tuple[int, ...], tiers: Sequence[Tier]) -> float:
    weight = 0.0
    for place, (level, tier) in enumerate(zip(levels, tiers, strict=True)):
        named = tier.named.get(level, 0.0)
        weight += NAMED * named + UNUSUAL.get(level, 0.0) * (1 - named)
        is_last = place == len(tiers) - 1
        is_objective = _aims(tiers, place)
        if level == LAST:
            weight += NAMED * tier.actions
            weight += VERB_CLOSED * is_objective * (1 - tier.actions)
        elif is_last and level:
            weight += NOUN_OPEN * (1 - is_objective) - NAMED * tier.actions
        if place == 1 and level != 2:
            weight += UNENDED * abs(level - 2)
        elif place > 1:
            weight += (SKIPPED_LAST if is_last else SKIPPED) * (level - levels[place - 1] - 1)
    return weight


def _aims(tiers: Sequence[Tier], place: int) -> float:
    """What part of a tier is aimed at. In the deepest of three, verbs among nouns are not: these are actions, said one
    way or the other."""
    tier = tiers[place]
    if place == 1:
        return max(tier.verbs, tier.titles)
    is_mixed = place == DEEPEST_OF_THREE and len(tiers) == place + 1 and tier.verbs < MIXED
    return 0.0 if is_mixed else tier.verbs
