"""Other words for what was typed: the field's thesaurus, equivalents, and what acronyms stand for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import permutations
from pathlib import Path

from axes.search.query import ACRONYMS
from cohesion.lib import french
from projects.search.words import either, every, is_acronym, is_plain_acronym, titled, token
from projects.suggestion.thesaurus import PATH, VOCABULARY
from projects.vocabulary.reading import Lines

EQUIVALENTS = Path(__file__).with_name("equivalents.txt")

Keys = frozenset[str]


@dataclass(frozen=True)
class Synonym:
    """Words that follow one another, from ``start`` on, lead to others."""

    start: int
    size: int
    typed: str
    head: str
    words: tuple[tuple[Keys, str], ...]  # of the head: the keys of each, and it folded
    is_near: bool = False  # people use the one for the other

    @property
    def places(self) -> range:
        """Those of the words typed."""
        return range(self.start, self.start + self.size)

    @property
    def expression(self) -> str:
        """The entries that have all words of the head, as words or as an acronym."""
        return every(either(tokens) for tokens in self.tokens)

    @property
    def in_title(self) -> str:
        """The entries whose title has all words of the head."""
        return every(titled(keys) for keys, _ in self.words)

    @property
    def tokens(self) -> list[set[str]]:
        """For each word of the head, what an entry that has it is filed by."""
        return [_filed_as(keys, folded) for keys, folded in self.words]


def _filed_as(keys: Keys, folded: str) -> set[str]:
    """What an entry that has a word is filed by; the thesaurus writes its acronyms without capitals on the left."""
    if folded in ACRONYMS:
        return {token("a", folded), token("w", folded)}
    return {token("k", key) for key in keys} | {token("a", folded)}


Filed = dict[str, list[tuple[tuple[Keys, ...], str]]]


@cache
def _filed() -> Filed:
    """What leads to which head, by the keys of its first word; read once."""
    meanings = [(meaning, acronym.upper()) for acronym, meaning in ACRONYMS.items()]
    return _by_first_word([*_lines(PATH), *((acronym, meaning) for meaning, acronym in meanings), *meanings])


@cache
def _filed_near() -> Filed:
    """The same, of the words that people use for one another."""
    return _by_first_word(_equivalents())


@cache
def _filed_evoking() -> Filed:
    """The same, of the words that only make one think of something."""
    return _by_first_word(_lines(VOCABULARY))


@lru_cache(maxsize=4)
def _filed_here(lines: Lines) -> Filed:
    """The same, of the council's own words."""
    return _by_first_word(lines)


def _by_first_word(lines: Iterable[tuple[str, str]]) -> Filed:
    filed: Filed = {}
    for head, term in lines:
        if sequence := tuple(map(_spoken, french.significant(term))):
            for key in sequence[0]:
                filed.setdefault(key, []).append((sequence, head))
    return filed


def _spoken(word: french.Token) -> Keys:
    """The keys of a word; of an acronym, one that no word has: CAF is not « café »."""
    return frozenset({f"={word.folded}"}) if is_acronym(word.word) else french.keys(word.word)


def _typed(word: french.Token) -> Keys:
    """An acronym is often typed without its capitals, and a word sometimes with them, never with accents."""
    if is_plain_acronym(word.word):
        return _spoken(word)
    bare = frozenset({f"={word.folded}"}) if word.word.lower() == word.folded else frozenset()
    return french.keys(word.word) | bare


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    """The heads of a file as they are written, each with each of its terms."""
    for line in path.read_text(encoding="utf-8").splitlines():
        head, equals, terms = line.partition("#")[0].partition("=")
        if equals and head[:1] not in ("~", "@"):
            for term in terms.split(","):
                yield head.strip(), term.strip()


@cache
def _equivalents() -> list[tuple[str, str]]:
    """The words that people use for one another, each with each of the others of its line."""
    lines = [line.partition("#")[0] for line in EQUIVALENTS.read_text(encoding="utf-8").splitlines()]
    return [
        pair
        for line in lines
        if "," in line[1:] and line[0] != "~"
        for pair in permutations(map(str.strip, line.split(",")), 2)
    ]


@lru_cache(maxsize=4)
def acronyms(lines: Lines = ()) -> Keys:
    """The acronyms that the field and the council know, folded: whoever types one leaves its capitals out."""
    return frozenset(key[1:] for key in (*_filed(), *_filed_here(lines)) if key.startswith("="))


@cache
def generic() -> Keys:
    """The keys of the words that anybody writes, which the thesaurus names, or writes in a box to search."""
    texts = [path.read_text(encoding="utf-8") for path in (PATH, EQUIVALENTS)]
    lines = [line[1:] for text in texts for line in text.splitlines() if line.startswith("~")]
    return frozenset(key for line in lines for word in french.tokens(line) for key in french.keys(word.word))


@cache
def spellings() -> dict[str, str]:
    """The words that lead somewhere, as they are written, folded."""
    terms = [term for path in (PATH, VOCABULARY) for _, term in _lines(path)]
    terms += [term for _, term in _equivalents()]
    return {word.folded: word.word for term in terms for word in french.tokens(term) if word.word.islower()}


def synonyms(words: Sequence[french.Token], text: str, lines: Lines = ()) -> list[Synonym]:
    """What words of a text, in a row, lead to; the longest first, equivalents before what they are a part of.
    ``lines``: the council's own words."""
    near = [replace(lead, is_near=True) for lead in _leads(words, text, (_filed_near(),))]
    leads = [*near, *_leads(words, text, (_filed_here(lines), _filed()))]
    return sorted(leads, key=lambda lead: -lead.size)


def evoked(words: Sequence[french.Token], text: str) -> list[Synonym]:
    """What they only make one think of: better than nothing, for words that nothing has."""
    return _leads(words, text, (_filed_evoking(),))


def _leads(words: Sequence[french.Token], text: str, sources: Sequence[Filed]) -> list[Synonym]:
    keys = [_typed(word) for word in words]
    leads: dict[tuple[int, int, str], Synonym] = {}
    for start, first in enumerate(keys):
        for sequence, head in [lead for key in sorted(first) for filed in sources for lead in filed.get(key, ())]:
            size = len(sequence)
            run = keys[start : start + size]
            if len(run) < size or any(word.isdisjoint(other) for word, other in zip(run, sequence, strict=True)):
                continue
            begins, ends = words[start].word, words[start + size - 1].word
            typed = text[text.find(begins) : text.rfind(ends) + len(ends)]
            meant = tuple((french.keys(word.word), word.folded) for word in french.significant(head))
            if [folded for _, folded in meant] != [word.folded for word in words[start : start + size]]:
                leads[start, size, head] = Synonym(start, size, typed, head, meant)
    return sorted(leads.values(), key=lambda lead: -lead.size)
