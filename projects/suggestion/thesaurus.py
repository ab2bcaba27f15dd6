"""The words of the field: those that people write, and those of a framework that they lead to.

``thesaurus.txt`` says how its lines are written; those of ``vocabulary.txt`` evoke a subject without naming it. Neither
knows any code nor any framework: a head that a framework does not say leads nowhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from axes.search.query import ACRONYMS
from cohesion.lib import french
from projects.suggestion.words import Word, looks_like_an_acronym, significant
from projects.vocabulary.reading import Lines

PATH = Path(__file__).with_name("thesaurus.txt")
VOCABULARY = Path(__file__).with_name("vocabulary.txt")

# The keys of words that follow one another.
Sequence = tuple[frozenset[str], ...]


class BadThesaurus(ValueError):
    """A line that says nothing."""


class Leading(NamedTuple):
    """The words of a framework, and what leads there: by naming it, or only by evoking it."""

    head: Sequence
    terms: list[Sequence]
    is_evoking: bool = False


@dataclass(slots=True)
class Thesaurus:
    """``heads``: what leads to the words of a framework. ``generic``: the keys of the words that anybody writes."""

    heads: list[Leading] = field(default_factory=list)
    generic: set[str] = field(default_factory=set)
    publics: set[str] = field(default_factory=set)  # the keys of the words that say for whom an orientation is
    words: set[str] = field(default_factory=set)  # folded, as written: what a mistyped word may have been
    acronyms: frozenset[str] = frozenset(ACRONYMS)  # folded: those of the field, and what it writes in capitals


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus of the project, read once."""
    return parse(PATH.read_text(encoding="utf-8"), VOCABULARY.read_text(encoding="utf-8"))


def with_lines(lines: Lines) -> Thesaurus:
    """The thesaurus of the project with the council's own words: what the site says, and what people write here."""
    base = thesaurus()
    if not lines:
        return base
    written = [token.word for line in lines for text in line for token in french.tokens(text)]
    acronyms = base.acronyms | {french.folded(word) for word in written if looks_like_an_acronym(word)}
    own = Thesaurus(list(base.heads), base.generic, base.publics, set(base.words), acronyms)
    for meaning, term in lines:
        head, typed = tuple(significant(meaning, acronyms)), tuple(significant(term, acronyms))
        if head and typed:  # a lone letter says nothing here
            own.heads.append(Leading(_keys(head), [_keys(typed)]))
            own.words |= {word.folded for word in typed}
    return own


def parse(text: str, vocabulary: str = "") -> Thesaurus:
    """Read the lines; those of ``vocabulary`` only evoke what they lead to.

    Raises:
        BadThesaurus: one of them has no head or no term, or a term without any significant word.
    """
    lines = [*text.splitlines(), *vocabulary.splitlines()]
    written = (token.word for line in lines for token in french.tokens(line.partition("#")[0]))
    capitals = {french.folded(word) for word in written if looks_like_an_acronym(word)}
    read = Thesaurus(acronyms=frozenset(ACRONYMS) | capitals)
    for is_evoking, part in ((False, text), (True, vocabulary)):
        for number, line in enumerate(part.splitlines(), start=1):
            if content := line.partition("#")[0].strip():
                try:
                    _read_line(read, content, is_evoking=is_evoking)
                except BadThesaurus as error:
                    raise BadThesaurus(f"Thésaurus, ligne {number} : {error}.") from error
    return read


def _read_line(read: Thesaurus, content: str, *, is_evoking: bool) -> None:
    if content[0] in "~@":
        kept = read.generic if content[0] == "~" else read.publics
        for term in _terms(content[1:]):
            kept |= {key for keys in _sequence(term, read.acronyms) for key in keys}
        return
    head, equals, terms = content.partition("=")
    if not equals:
        raise BadThesaurus("« = » manque")
    leading = [_sequence(term, read.acronyms) for term in _terms(terms)]
    read.heads.append(Leading(_sequence(head, read.acronyms), leading, is_evoking))
    read.words |= {word.folded for term in [head, *_terms(terms)] for word in significant(term)}


def _terms(text: str) -> list[str]:
    return [term.strip() for term in text.split(",")]


def _keys(words: Iterable[Word]) -> Sequence:
    return tuple(word.keys for word in words)


def _sequence(term: str, acronyms: frozenset[str]) -> Sequence:
    if sequence := _keys(significant(term, acronyms)):
        return sequence
    raise BadThesaurus(f"« {term.strip()} » n’a aucun mot qui compte")


def same(word: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two words are the same one, in any inflection."""
    return not word.isdisjoint(other)
