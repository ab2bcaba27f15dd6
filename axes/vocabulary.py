"""The French words of files and screens, and the values that they stand for.

One word for one thing, on every page, screen, message and file:

- a project *répond à* an orientation; an orientation *a un projet*, or *n’en a pas*;
- what stands under an orientation: *ce qui en découle*. A number is *y compris ce qui en découle*, or else
  *à ce niveau* (*seulement*);
- an objective written in one cell with another of its line *ne fait qu’un avec* it;
- a priority that sends to another document *attend un autre document*;
- the places of a project: *les lieux que le projet déclare*; a commune *a un projet*, *a une offre*, or *n’en a pas*;
- a number that is a link: *cliquez un nombre pour voir les projets qu’il compte*.

What a reader never meets is in ``tests/site/test_french.py``. Names in the code, in addresses and in the columns of
files (``branche``, ``direct``, ``servis``, ``renvoi``) are not read as sentences, and stay.
"""

from axes.choices import PriorityType
from axes.levels import Level
from cohesion.lib.text import fold, squeeze

PRIORITY_TYPE_WORDS = {kind: kind.label.lower() for kind in PriorityType}

# What people write in their files beside the full words.
_LEVELS = {fold(word): level for level in Level for word in (level.word, level.facts.plural, *level.facts.aliases)}
# How a page says what a priority is, after its level: « Priorité · attend un autre document ».
PRIORITY_KINDS = PRIORITY_TYPE_WORDS | {PriorityType.REFERENCE: "attend un autre document"}
_PRIORITY_TYPES = {fold(word): kind for kind, word in PRIORITY_TYPE_WORDS.items()}


def level_from_word(word: str) -> str:
    """« Objectif stratégique » → ``strategic``, whatever the case, the accents and the spaces.

    Raises:
        ValueError: the word names no level.
    """
    key = fold(squeeze(word.replace("_", " ")))
    if key not in _LEVELS:
        raise ValueError(f"« {word} » n’est pas un niveau")
    return _LEVELS[key].value


def priority_type_from_word(word: str) -> str:
    """« Thématique » → ``thematic``; an empty word stays empty.

    Raises:
        ValueError: the word names no type of priority.
    """
    key = fold(squeeze(word))
    if not key:
        return ""
    if key not in _PRIORITY_TYPES:
        raise ValueError(f"« {word} » n’est pas un type de priorité")
    return _PRIORITY_TYPES[key].value
