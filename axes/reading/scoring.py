"""How well a level suits a block by itself, and beside the one before it. Scores are sums of small penalties.

Levels are known by their facts: which is a root, which is closed, which projects answer to.
"""

import re
from collections.abc import Mapping
from functools import cache

from axes.levels import Level
from axes.reading.grammar import HEAD, Opening, is_deverbal, is_gerundive, opening, words
from axes.reading.model import Block

LEVELS = tuple(Level)
SURE = 8.0  # what the document itself names
SAME_CELL = 5.0  # two sentences of one cell are of one level
SHOWN = 0.5  # of what it costs to skip a level, where a sibling has skipped it
OF_A_FORM, OF_AN_OPENING = 2.0, 2.0  # how much the others of the same form, of the same beginning, are listened to
CLOSED = frozenset(level.rank for level in LEVELS if level.facts.is_closed)
ACTION = 8.0  # what its label calls an action
ACTIONS = frozenset(["action", "actions", "fiche", "mesure", "mesures", "dispositif", "projet"])
_ROOT_UNSAID = -6.0  # a plain line is hardly ever a root


@cache
def _by_opening(start: Opening, is_action: bool) -> tuple[float, ...]:
    """For each level, how often what it holds begins so."""
    scores = []
    for level in LEVELS:
        facts = level.facts
        if start == Opening.INFINITIVE:
            score = -2.0 if facts.is_closed else 0.0
        elif start == Opening.PREPOSITION:
            score = 0.5 if facts.is_closed else -2.5
        elif start == Opening.ARTICLE:
            score = -0.5 if facts.is_closed else -1.2
            score = score if facts.is_linkable else -0.3
        elif is_action:
            score = 0.3 if facts.is_closed else -1.8
        else:
            score = 0.0 if facts.is_closed else -1.4
        scores.append(0.0 if facts.is_root else score)
    return tuple(scores)


def own_scores(block: Block, *, blanks_speak: bool, is_ranked: bool) -> list[float]:
    """How well each level suits the words and the place of a block alone."""
    first = (words(block.text[:HEAD]) or [""])[0]
    scores = list(_by_opening(opening(block.text), is_deverbal(first)))
    for place, level in enumerate(LEVELS):
        facts = level.facts
        if block.level is not None:
            scores[place] += SURE if block.level == level else 0.0
        if facts.is_root and not is_ranked and block.level is None:
            scores[place] += _ROOT_UNSAID
        if blanks_speak and block.blank_before and not facts.is_root:
            scores[place] += -0.6 if facts.is_closed else 0.2 * (len(LEVELS) - 1 - level.rank)
        if facts.is_closed and is_action(block):
            scores[place] += ACTION
        if block.bullet and facts.is_closed:
            scores[place] += 0.6
        if is_gerundive(block.text) and not facts.is_root and not facts.is_closed:
            scores[place] += 0.5 if facts.is_counted_by_branch and facts.is_linkable else 0.0
    return scores


def is_action(block: Block) -> bool:
    """Whether its label says that it is done, and not aimed at: « Action 1.1 », « F.A. 3 », « Mesure 2 »."""
    if re.match(r"F\.?A\.?\s", block.label):
        return True
    return bool(block.number or block.label.endswith(":")) and (words(block.label) or [""])[0].split("-")[0] in ACTIONS


@cache
def under(child: int, parent: int | None) -> float:
    """How usual a level is right under another (places in ``LEVELS``; None: as a root)."""
    if parent is None:
        return 0.0 if LEVELS[child].facts.is_root else -50.0
    skipped = LEVELS[parent + 1 : child]
    score = -sum(0.7 if level.facts.is_linkable else 0.3 for level in skipped)
    if not LEVELS[child].facts.is_linkable:
        score -= 0.7
    if LEVELS[parent].facts.is_root and any(level.facts.is_linkable for level in skipped):
        score -= 2.0  # what stands right under a root is wide
    return score


@cache
def childless(place: int, following: int | None = None) -> float:
    """What it costs that nothing stands under a node of this level, before one of the level ``following``."""
    facts = LEVELS[place].facts
    if facts.is_closed:
        return 0.0
    if not facts.is_linkable:
        return -3.0
    if facts.is_counted_by_branch:
        return -2.0
    return -0.6 if following == place or following is None else -1.2


@cache
def sibling(place: int, before: int) -> float:
    """What it costs that a node has another level than the sibling before it, ``before``."""
    if place != before:
        return -1.0
    facts = LEVELS[place].facts
    if facts.is_root or not facts.is_counted_by_branch:
        return 0.0
    return -0.2 if facts.is_linkable else -0.8


def by_form(shares: Mapping[int, float]) -> list[float]:
    """What the other blocks of the same form say: ``shares`` is how many have each level."""
    return [OF_A_FORM * (shares.get(place, 0.0) - 0.5) for place in range(len(LEVELS))]


def by_opening(shares: Mapping[bool, float]) -> list[float]:
    """What the blocks that begin alike say: ``shares`` is how many are closed, and how many are not."""
    return [
        0.0 if level.facts.is_root else OF_AN_OPENING * (shares.get(level.facts.is_closed, 0.0) - 0.5)
        for level in LEVELS
    ]


def added(scores: list[float], more: list[float]) -> list[float]:
    return [a + b for a, b in zip(scores, more, strict=True)]
