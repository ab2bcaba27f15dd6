"""Sentences that ran together in a line or a cell, parted again."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from axes.reading.grammar import OPEN_WORDS, is_deverbal, is_infinitive, words

_CAPITAL = re.compile(r"(?<=[^\W\d_A-ZÀ-Ý)][ \u00a0])(?=[A-ZÀ-Ý][a-zà-ÿ’'])|(?<=[)»][ \u00a0])(?=[A-ZÀ-Ý][a-zà-ÿ’'])")
_STOP = re.compile(r"(?<=[.;])\s+(?=[A-ZÀ-Ý][a-zà-ÿ’'])")
LEAST_WORDS = 3
LONGEST = 2_000  # characters, of what is no longer a few titles
_LINKS = frozenset(["de", "du", "des", "d", "au", "aux", "avec", "a", "en", "entre", "pour", "et"])


def beginnings(texts: Iterable[str]) -> Counter[tuple[str, ...]]:
    """How often each pair of words begins a line of the document."""
    return Counter(tuple(words(text)[:2]) for text in texts)


def cut(text: str, known: Mapping[tuple[str, ...], int] = MappingProxyType({})) -> list[tuple[str, bool]]:
    """The sentences of a text, each with whether its beginning is sure: a capital in mid-line, no stop before it, and
    there a verb, a noun of action, or words that begin another line of the document (``known``)."""
    if len(text) > LONGEST:
        return [(text, True)]
    pieces: list[tuple[str, bool]] = []
    start, is_sure = 0, True
    for place, sure in _places(text, known):
        if len(words(text[start:place])) < LEAST_WORDS:
            continue
        pieces.append((text[start:place].strip(), is_sure))
        start, is_sure = place, sure
    pieces.append((text[start:].strip(), is_sure))
    return pieces


def _places(text: str, known: Mapping[tuple[str, ...], int]) -> Iterator[tuple[int, bool]]:
    stops = {match.end() for match in _STOP.finditer(text)}
    for place in sorted({match.start() for match in _CAPITAL.finditer(text)} | stops):
        before, after = words(text[:place]), words(text[place:])
        if len(after) < LEAST_WORDS or _is_inside(text, place):
            continue
        acts = is_infinitive(after[0]) or is_deverbal(after[0]) or known.get(tuple(after[:2]), 0) > 0
        if place in stops:
            if acts:
                yield place, True
        elif before and before[-1] not in OPEN_WORDS and (acts or (after[1] in _LINKS and not _is_named(text[:place]))):
            yield place, acts


def _is_named(head: str) -> bool:
    """Whether the last word is a name, that goes on: « Cohésion Sociale »."""
    last = head.rsplit(None, 1)[-1]
    return last[:1].isupper() and last[1:].islower()


def _is_inside(text: str, place: int) -> bool:
    """Within brackets or guillemets."""
    head = text[:place]
    return head.count("(") > head.count(")") or head.count("«") > head.count("»")
