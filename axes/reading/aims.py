"""Objectives that a document qualifies in its own words: « Objectif général » is wide, « spécifique » narrow."""

import re
from collections.abc import Iterable

from axes.levels import Level
from axes.reading.grammar import words
from axes.reading.model import Block
from cohesion.lib.text import fold

AIMS = [level for level in Level if level.facts.is_linkable and not level.facts.is_closed]
_QUALIFIED = re.compile(r"objectifs? (?:(?P<wide>genera(?:l|ux)|globa(?:l|ux))|(?P<narrow>specifiques?))")
_NARROW_TITLE = re.compile(r"\bobjectifs operationnels\b")
_WIDE = re.compile(r"\bobjectifs? (?:strategique|general|generaux|specifique)")
MOST_WORDS = 12  # of a title


def name_aims(blocks: list[Block]) -> None:
    """Give its level to what is called so, where no label names one of these levels in the words of the framework."""
    live = [block for block in blocks if not block.aside and not block.table]
    if any(block.level in AIMS for block in live):
        return
    for block in live:
        match = _QUALIFIED.match(fold(block.label or block.announced))
        if match is not None and block.level is None:
            block.level, block.named_by = AIMS[0 if match["wide"] else -1], block.label or block.announced
    if not any(block.level in AIMS for block in live) and _narrow_alone(blocks):
        for block in live:
            if block.family[:2] == ("label", "objectif") and block.number:
                block.level, block.named_by = AIMS[-1], block.label


def _narrow_alone(blocks: Iterable[Block]) -> bool:
    """Whether a title speaks of « objectifs opérationnels », and nothing of wider ones."""
    texts = [fold(block.text) for block in blocks]
    titles = [text for text in texts if len(words(text)) <= MOST_WORDS]
    return any(_NARROW_TITLE.search(text) for text in titles) and not any(_WIDE.search(text) for text in texts)
