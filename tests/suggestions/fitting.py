"""The weights of ``projects.suggestion.ranking``, found again on the tuning cases (``--fit``).

With our thesaurus and with each half of it, with the others as examples and without: what ranks well in all of these.
"""

from collections.abc import Iterator, Sequence
from math import exp
from typing import NamedTuple

from axes.models import Framework
from projects.suggestion.clues import Clues, clues_of
from projects.suggestion.index import SuggestionIndex, index_of
from projects.suggestion.ranking import Weights, weighed
from projects.suggestion.thesaurus import PATH, VOCABULARY
from tests.suggestions import measuring

STEPS, STEP, SMALL = 250, 1.5, 0.01  # of the descent: how many, how long, and how much large weights cost
SILENT = 0.96  # of what is off topic among the tuning cases, at least


class Choice(NamedTuple):
    """The signs of what may be proposed for a case, and which of them are right."""

    signs: list[tuple[float, ...]]
    is_right: list[bool]


def tuning_clues(framework: Framework) -> Iterator[tuple[SuggestionIndex, measuring.Case, Clues]]:
    """What the tuning cases say, by each thesaurus, with examples and without."""
    cases = [*measuring.tuning(), *measuring.declared(framework)]
    halves = measuring.halves(PATH.read_text(encoding="utf-8"), VOCABULARY.read_text(encoding="utf-8"))
    for words in (None, *halves):
        index = SuggestionIndex(framework, words) if words else index_of(framework)
        for examples in (measuring.NO_EXAMPLES, measuring.past_actions(framework)):
            for case in cases:
                yield index, case, clues_of(index, examples, case.texts, case.texts.get("title", ""))


def fitted(framework: Framework) -> Weights:
    choices: list[Choice] = []
    rows: list[tuple[tuple[float, ...], bool]] = []
    for index, case, clues in tuning_clues(framework):
        codes = [index.nodes[place].orientation.code for place in clues.signs]
        is_right = [code in case.expected for code in codes]
        size = 9 if clues.is_by_sentence else 7
        if any(is_right) and not all(is_right):
            choices.append(Choice([signs[:size] for signs in clues.signs.values()], is_right))
        rows.append((clues.speaking[: size - 1], bool(case.expected)))
    order = _descended(len(choices[0].signs[0]), choices)
    speaking = _separated(rows)
    off_topic = sorted(weighed(signs, speaking) for signs, is_about in rows if not is_about)
    return Weights(order, speaking, round(off_topic[int(SILENT * len(off_topic))], 2))


def _descended(size: int, choices: Sequence[Choice]) -> tuple[float, ...]:
    """The weights under which the right ones are the likeliest, by a descent along the gradient."""
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [2 * SMALL * weight for weight in weights]
        for choice in choices:
            scores = [weighed(signs, weights) for signs in choice.signs]
            best = max(scores)
            odds = [exp(score - best) for score in scores]
            whole = sum(odds)
            right = sum(odd for odd, is_right in zip(odds, choice.is_right, strict=True) if is_right)
            for signs, odd, is_right in zip(choice.signs, odds, choice.is_right, strict=True):
                share = (odd / whole - (odd / right if is_right else 0)) / len(choices)
                slope = [before + share * sign for before, sign in zip(slope, signs, strict=True)]
        weights = [weight - STEP * part for weight, part in zip(weights, slope, strict=True)]
    return tuple(round(weight, 2) for weight in weights)


def _separated(rows: Sequence[tuple[tuple[float, ...], bool]]) -> tuple[float, ...]:
    """The weights that tell what is on the subject from what is not, both counting as much."""
    about = sum(is_about for _, is_about in rows)
    parts = {True: 0.5 / about, False: 0.5 / (len(rows) - about)}
    weights = [0.0] * (len(rows[0][0]) + 1)  # the last one, of what is always there
    for _ in range(STEPS * 4):
        slope = [2 * SMALL / 20 * weight for weight in weights[:-1]] + [0.0]
        for signs, is_about in rows:
            row = (*signs, 1.0)
            share = (1 / (1 + exp(-weighed(row, weights))) - is_about) * parts[is_about]
            slope = [before + share * sign for before, sign in zip(slope, row, strict=True)]
        weights = [weight - STEP * part for weight, part in zip(weights, slope, strict=True)]
    return tuple(round(weight, 2) for weight in weights[:-1])
