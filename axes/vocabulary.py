"""The French words of files and screens, and the values that they stand for."""

from axes.choices import Level, PriorityType
from cohesion.lib.text import fold, squeeze

LEVEL_WORDS = {level: level.label.lower() for level in Level}
PRIORITY_TYPE_WORDS = {kind: kind.label.lower() for kind in PriorityType}

# What people write in their files beside the full words.
_LEVELS = {fold(word): level for level, word in LEVEL_WORDS.items()} | {
    "axes": Level.AXIS,
    "enjeux": Level.CHALLENGE,
    "os": Level.STRATEGIC,
    "objectifs strategiques": Level.STRATEGIC,
    "objectif strategique (os)": Level.STRATEGIC,
    "oo": Level.OPERATIONAL,
    "objectifs operationnels": Level.OPERATIONAL,
    "objectif operationnel (oo)": Level.OPERATIONAL,
    "priorites": Level.PRIORITY,
}
_PRIORITY_TYPES = {fold(word): kind for kind, word in PRIORITY_TYPE_WORDS.items()}


def level_from_word(word: str) -> str:
    """« Objectif stratégique » → ``strategic``, whatever the case, the accents and the spaces.

    Raises:
        ValueError: the word names no level.
    """
    key = fold(squeeze(word.replace("_", " ")))
    if key not in _LEVELS:
        raise ValueError(f"« {word} » n’est pas un niveau")
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
        raise ValueError(f"« {word} » n’est pas un type de priorité")
    return _PRIORITY_TYPES[key].value
