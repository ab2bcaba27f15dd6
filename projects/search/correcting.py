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
from projects.search.places import Names
from projects.search.query import SiteQuery
from projects.search.words import either, token
from projects.suggestion.spelling import distance, is_french

SHORTEST, LONG = 4, 7
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
        near = [(_slips(word, known), known) for known in likely if abs(len(known) - len(word)) <= 2]
        return sorted(pair for pair in near if 0 < pair[0] <= most)[:PROPOSED]


# What French writes in several ways and says alike.
_SOUNDS = (
    *(("eau", "o"), ("au", "o"), ("ai", "e"), ("ei", "e"), ("ph", "f"), ("qu", "k"), ("ck", "k"), ("c", "k")),
    *(("ke", "se"), ("ki", "si"), ("ss", "s"), ("z", "s"), ("y", "i"), ("h", ""), ("en", "an"), ("em", "an")),
    *(("am", "an"), ("im", "in"), ("gn", "n"), ("gu", "g"), ("ge", "je"), ("gi", "ji")),
)
_DOUBLED = re.compile(r"(.)\1")
_SILENT = re.compile(r"[estxd]+\Z")


def _sounds(word: str) -> str:
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _SILENT.sub("", _DOUBLED.sub(r"\1", word))


def _slips(word: str, known: str) -> int:
    """How many slips lead to a known word; one, where it is written otherwise and sounds the same."""
    slips = distance(word, known)
    return 1 if slips > 1 and _sounds(word) == _sounds(known) else slips


_vocabularies: Kept[Vocabulary] = Kept(2)


def vocabulary(index: SearchIndex, names: Names) -> Vocabulary:
    """The words of a framework and of public lines, filed again when one is new."""
    last = SearchWord.objects.order_by("-pk").values_list("pk", "word").first()
    key = (last, SearchWord.objects.count(), tuple(index.roots), tuple(names))
    return _vocabularies.get(key, lambda: _vocabulary_of(index, names))


def _vocabulary_of(index: SearchIndex, names: Names) -> Vocabulary:
    known = {word: spelling for word, spelling in synonyms.spellings().items() if len(word) >= SHORTEST}
    spellings = known | dict(SearchWord.objects.values_list("word", "spelling"))
    for little in french.STOP_WORDS:  # nobody means one of them by a word that is none
        spellings.pop(little, None)
    for entry in index.entries:
        for word in french.tokens(entry.node.orientation.display_title):
            if len(word.folded) >= SHORTEST and not word.is_stop:
                spellings[word.folded] = french.uncapped(word.word)
    for places in names.values():
        for word in french.tokens(places[0].name):
            if word.folded in spellings and word.word[0].isupper():
                spellings[word.folded] = word.word
    return Vocabulary(spellings)


def meant(query: SiteQuery, index: SearchIndex) -> str:
    """The text with each word that nothing has replaced by the nearest that this person may read; or nothing."""
    text = query.text
    named = {place for phrase in query.phrases for place in phrase.places}
    for place, term in enumerate(query.terms):
        if place in named or term.number or term.leads or index.having(term.keys) or term.is_acronym or term.phrase:
            continue
        words = vocabulary(index, query.here.names)
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
