"""How much two actions resemble, and what they share, in words. No query is made here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from cohesion.lib.text import NBSP
from projects.resembling.traits import ActionReader, Traits
from projects.suggestion.meaning import nearness

# These weights were chosen on half of the pairs of ``tests/resembling``.
WORDS, SUBJECTS, AIMS = 1.0, 1.0, 16.0
MEANT = 0.6  # so near by their meaning, two texts need no subject in common
MEANING, FAR = 40.0, 0.25  # two texts that are no nearer than this by their meaning have nothing in common
NEXT_WORD, NEXT_SUBJECT = 0.9, 0.4
GENERIC = 0.2  # of the rarity of a word that anybody writes
LENGTH, USUAL = 0.35, 25.0  # how much a long text weakens each of its words; how many a usual one has
SAME_QUARTER, SAME_COMMUNE, SAME_PUBLIC, SAME_YEAR, SAME_CALL = 1.6, 0.7, 0.8, 0.1, 0.05
# Under this, two actions share nothing worth saying.
FLOOR = 19.0
FEWEST = 2  # words said by both, where no subject is: one ordinary word is never enough
# Two actions are near the same when they share so much in all, and their texts alone so much.
NEAR, NEAR_TEXT = 48.0, 20.0
SHOWN = 3  # subjects and words that are named
Key = TypeVar("Key", str, int)

Rarity = Callable[[str], float]


@dataclass(frozen=True, slots=True)
class ActionLikeness:
    """A score, what of it the texts alone say, and what is shared, the most telling first."""

    score: float
    text: float
    subjects: tuple[str, ...]
    words: tuple[str, ...]


def likeness(reader: ActionReader, rarity: Rarity, mine: Traits, other: Traits) -> ActionLikeness | None:
    """None where two actions share too little. ``rarity``: of a word, among all that is done."""
    words = _shared_words(rarity, mine, other)
    subjects = _shared_subjects(reader, mine, other)
    telling = [name for name in words if name not in mine.reading.generic | other.reading.generic]
    near = nearness(mine.reading.meaning, other.reading.meaning)
    if not subjects and len(telling) < FEWEST and near < MEANT:
        return None
    norm = 1 - LENGTH + LENGTH * len(other.reading.words) / USUAL
    aims = sum(share * other.reading.aims.get(pk, 0) for pk, share in mine.reading.aims.items())
    text = (WORDS * _together(words, NEXT_WORD) + SUBJECTS * _together(subjects, NEXT_SUBJECT)) / norm + AIMS * aims
    text += MEANING * max(0.0, near - FAR)
    score = text * (1 + _context(mine, other))
    if score < FLOOR:
        return None
    return ActionLikeness(score, text, tuple(_best(subjects)), tuple(_best(words)))


def _shared_words(rarity: Rarity, mine: Traits, other: Traits) -> dict[str, float]:
    shared: dict[str, float] = {}
    for name in mine.reading.words.keys() & other.reading.words.keys():
        weight = rarity(name) * min(mine.reading.words[name], other.reading.words[name])
        is_generic = name in mine.reading.generic or name in other.reading.generic
        shared[name] = weight * (GENERIC if is_generic else 1)
    return shared


def _shared_subjects(reader: ActionReader, mine: Traits, other: Traits) -> dict[str, float]:
    return {
        subject: reader.rarity(subject) * min(mine.reading.subjects[subject], other.reading.subjects[subject])
        for subject in mine.reading.subjects.keys() & other.reading.subjects.keys()
    }


def _best(shared: Mapping[str, float]) -> list[str]:
    return sorted(shared, key=lambda name: (-shared[name], name))


def _together(shared: Mapping[str, float], next_one: float) -> float:
    """What several things say together: each next one repeats part of those before it."""
    total, share = 0.0, 1.0
    for weight in sorted(shared.values(), reverse=True):
        total += weight * share
        share *= next_one
    return total


def _context(mine: Traits, other: Traits) -> float:
    """What the same place, public and time add to what the texts say."""
    added = 0.0
    if mine.quarters.keys() & other.quarters.keys():
        added += SAME_QUARTER
    elif mine.communes.keys() & other.communes.keys():
        added += SAME_COMMUNE
    if mine.groups.keys() & other.groups.keys():
        added += SAME_PUBLIC
    added += SAME_YEAR if _same_years(mine, other) else 0
    return added + (SAME_CALL if mine.campaign and mine.campaign == other.campaign else 0)


def _same_years(mine: Traits, other: Traits) -> bool:
    if mine.years is None or other.years is None:
        return False
    return mine.years[0] <= other.years[1] and other.years[0] <= mine.years[1]


def in_words(reader: ActionReader, alike: ActionLikeness, mine: Traits, other: Traits) -> list[str]:
    """« même sujet : alphabétisation », « même quartier : Nétreville », « même année »."""
    sentences: list[str] = []
    named = list(dict.fromkeys(reader.label(subject) for subject in alike.subjects))
    within = {word for label in named if " " in label for word in re.split(r"[ ,/]+", label)}  # said by a longer label
    subjects = [label for label in named if label not in within][:SHOWN]
    named_already = {word for label in subjects for word in re.split(r"[ ,/]+", label)}
    words = [mine.reading.shown[name] for name in alike.words if name not in mine.reading.generic]
    words = [word for word in words if word not in named_already][: SHOWN if not subjects else 2]
    for singular, plural, names in (
        ("même sujet", "mêmes sujets", subjects),
        ("même mot", "mêmes mots", words),
        ("même public", "mêmes publics", _common(mine.groups, other.groups)),
        ("même quartier", "mêmes quartiers", _common(mine.quarters, other.quarters)),
    ):
        if names:
            sentences.append(f"{singular if len(names) == 1 else plural}{NBSP}: {', '.join(names)}")
    if not mine.quarters.keys() & other.quarters.keys() and (common := _common(mine.communes, other.communes)):
        sentences.append(f"{'même commune' if len(common) == 1 else 'mêmes communes'}{NBSP}: {', '.join(common)}")
    if mine.lead and mine.lead == other.lead:
        sentences.append("même structure")
    if mine.campaign and mine.campaign == other.campaign:
        sentences.append("même appel")
    elif _same_years(mine, other):
        sentences.append("même année")
    return sentences


def _common(mine: Mapping[Key, str], other: Mapping[Key, str]) -> list[str]:
    return [name for key, name in mine.items() if key in other][:SHOWN]
