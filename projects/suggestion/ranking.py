"""In what order orientations are proposed, and when none is: a few signs of each, weighed.

The weights were found on the tuning cases, with our thesaurus and with half of it, with examples and without:
``python -m tests.suggestions --fit`` finds them again.
"""

from collections.abc import Iterable, Mapping
from math import exp
from operator import mul
from typing import NamedTuple

MOST_WORDS, MOST_LIKE = 3.0, 5.0  # of the signs that speak: more says nothing more
WORDS_OF, PART = 5.0, 4.0  # what makes the weights of the same size
FAR, PART_OF_BEST = 3.5, 0.45  # what is so far behind the first one, and less than this part, is not proposed


class Signs(NamedTuple):
    """What speaks for an orientation, and against it."""

    words: float  # what its words are worth
    example: float  # how much the past actions that it retained share words with the text
    own: float  # the part of its own wording, and of what is above it, in what was said most
    above: float
    meaning: float  # by how much it is nearer than the others, by the meaning of the words
    for_others: float  # 1 when nobody for whom it is was evoked
    priority: float  # 1 when it only says something of an objective
    sentence: float = 0.0  # the same nearness, by whole sentences
    past_sentence: float = 0.0  # and that of the past actions that it retained


class SpeakingSigns(NamedTuple):
    """What speaks for saying anything at all."""

    words: float
    example: float
    meaning: float
    plain: float  # 1 when an acronym or the whole title says it
    subjects: float  # what is said of one orientation and of what is above it, at most
    has_examples: float
    sentence: float = 0.0
    past_sentence: float = 0.0


class Weights(NamedTuple):
    """``silence``: what it takes to speak."""

    order: tuple[float, ...]
    speaking: tuple[float, ...]
    silence: float


BY_WORDS = Weights((1.37, 0.91, 0.42, 0.4, 0.46, -0.38, -0.7), (1.95, 1.77, 0.92, 1.88, 2.61, -0.76), 4.45)
BY_SENTENCES = Weights(
    (0.95, 0.35, 0.44, 0.24, 0.39, -0.36, -0.61, 0.69, 0.99),
    (2.06, 1.62, -0.31, 1.68, 2.34, -1.08, 1.52, 2.32),
    2.54,
)


def weights_of(*, by_sentence: bool) -> Weights:
    return BY_SENTENCES if by_sentence else BY_WORDS


def speaks(signs: SpeakingSigns, weights: Weights) -> bool:
    """Whether enough is said for anything to be proposed."""
    return weighed(signs, weights.speaking) >= weights.silence


def ranked(signs: Mapping[int, Signs], weights: Weights) -> dict[int, float]:
    """By place, how likely each is beside the likeliest (1), those that are too far behind left out."""
    scores = {place: weighed(speaking, weights.order) for place, speaking in signs.items()}
    best = max(scores.values(), default=0.0)
    least = min(best - FAR, best * PART_OF_BEST)  # a long text says much of several
    return {place: exp(score - best) for place, score in scores.items() if score >= least}


def weighed(signs: Iterable[float], weights: Iterable[float]) -> float:
    return sum(map(mul, signs, weights))
