"""« Vouliez-vous dire »: the words of the framework and of public lines that a mistyped one is near to."""

import re
from collections import Counter
from heapq import nlargest

from axes.search import SearchIndex
from cohesion.lib import french
from cohesion.lib.french import letter_pairs
from cohesion.lib.kept import Kept
from projects.search import synonyms
from projects.search.index import numbers
from projects.search.models import SearchWord
from projects.search.query import SiteQuery
from projects.search.words import either, token
from projects.suggestion.spelling import distance, is_french

SHORTEST, LONG = 4, 8
LIKELY, PROPOSED = 80, 5


class Vocabulary:
    """Known words, filed by their pairs of letters."""

    def __init__(self, spellings: dict[str, str]) -> None:
        self.spellings = spellings  # folded → as it is written
        self._by_pair: dict[str, list[str]] = {}
        for word in spellings:
            for pair in letter_pairs(word):
                self._by_pair.setdefault(pair, []).append(word)

    def near(self, word: str) -> list[tuple[int, str]]:
        """The known words at one slip of a folded word, at two of a long one, nearest first."""
        if len(word) < SHORTEST:
            return []
        most = 2 if len(word) >= LONG else 1
        shared = Counter(known for pair in letter_pairs(word) for known in self._by_pair.get(pair, ()))
        likely = nlargest(LIKELY, shared, key=lambda known: (2 * shared[known] / (len(known) + len(word)), known))
        near = [(distance(word, known), known) for known in likely if abs(len(known) - len(word)) <= most]
        return sorted(pair for pair in near if 0 < pair[0] <= most)[:PROPOSED]


_vocabularies: Kept[Vocabulary] = Kept(2)


def vocabulary(index: SearchIndex) -> Vocabulary:
    """The words of a framework and of public lines, filed again when one is new."""
    last = SearchWord.objects.order_by("-pk").values_list("pk", "word").first()
    return _vocabularies.get((last, SearchWord.objects.count(), tuple(index.roots)), lambda: _vocabulary_of(index))


def _vocabulary_of(index: SearchIndex) -> Vocabulary:
    known = {word: spelling for word, spelling in synonyms.spellings().items() if len(word) >= SHORTEST}
    spellings = known | dict(SearchWord.objects.values_list("word", "spelling"))
    for entry in index.entries:
        for word in french.tokens(entry.node.orientation.display_title):
            if len(word.folded) >= SHORTEST:
                spellings[word.folded] = french.uncapped(word.word)
    return Vocabulary(spellings)


def meant(query: SiteQuery, index: SearchIndex) -> str:
    """The text with each word that nothing has replaced by the nearest that this person may read; or nothing."""
    text = query.text
    for term in query.terms:
        if term.number or term.leads or index.having(term.keys) or term.is_acronym or term.phrase:
            continue
        words = vocabulary(index)
        near = words.near(term.word.folded)
        if not near:
            continue
        leading = {} if is_french(term.word.folded) else synonyms.spellings()
        counts, _ = numbers([_anywhere(words.spellings[word]) for _, word in near], query.readers)
        known = [
            (slip, -number, word)
            for (slip, word), number in zip(near, counts, strict=True)
            if number or word in leading or index.having(french.keys(words.spellings[word]))
        ]
        if not known:
            continue
        spelling = words.spellings[min(known)[2]]
        text = re.sub(rf"(?<!\w){re.escape(term.word.word)}(?!\w)", spelling, text, count=1)
    return text if text != query.text else ""


def _anywhere(word: str) -> str:
    return either([token("a", french.folded(word)), *(token("k", key) for key in french.keys(word))])
