"""The words of the field: those that people write, and those of a framework that they lead to.

``thesaurus.txt`` says how its lines are written. It knows no code and no framework: a head that a framework does not
say leads nowhere.
"""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from axes.search.query import ACRONYMS
from cohesion.lib import french
from projects.suggestion.words import looks_like_an_acronym, significant

PATH = Path(__file__).with_name("thesaurus.txt")

# The keys of words that follow one another.
Sequence = tuple[frozenset[str], ...]


class BadThesaurus(ValueError):
    """A line that says nothing."""


@dataclass(slots=True)
class Thesaurus:
    """``heads``: what leads to the words of a framework. ``generic``: the keys of the words that anybody writes."""

    heads: list[tuple[Sequence, list[Sequence]]] = field(default_factory=list)
    generic: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)  # folded, as written: what a mistyped word may have been
    acronyms: frozenset[str] = frozenset(ACRONYMS)  # folded: those of the field, and what it writes in capitals


@cache
def thesaurus() -> Thesaurus:
    """The thesaurus of the project, read once."""
    return parse(PATH.read_text(encoding="utf-8"))


def parse(text: str) -> Thesaurus:
    """Read the lines.

    Raises:
        BadThesaurus: one of them has no head or no term, or a term without any significant word.
    """
    written = (token.word for line in text.splitlines() for token in french.tokens(line.partition("#")[0]))
    capitals = {french.folded(word) for word in written if looks_like_an_acronym(word)}
    read = Thesaurus(acronyms=frozenset(ACRONYMS) | capitals)
    for number, line in enumerate(text.splitlines(), start=1):
        content = line.partition("#")[0].strip()
        if not content:
            continue
        try:
            if content.startswith("~"):
                for term in _terms(content[1:]):
                    read.generic |= {key for keys in _sequence(term, read.acronyms) for key in keys}
                continue
            head, equals, terms = content.partition("=")
            if not equals:
                raise BadThesaurus("« = » manque")
            read.heads.append(
                (_sequence(head, read.acronyms), [_sequence(term, read.acronyms) for term in _terms(terms)])
            )
            read.words |= {word.folded for term in [head, *_terms(terms)] for word in significant(term)}
        except BadThesaurus as error:
            raise BadThesaurus(f"Thésaurus, ligne {number} : {error}.") from error
    return read


def _terms(text: str) -> list[str]:
    return [term.strip() for term in text.split(",")]


def _sequence(term: str, acronyms: frozenset[str]) -> Sequence:
    if sequence := tuple(word.keys for word in significant(term, acronyms)):
        return sequence
    raise BadThesaurus(f"« {term.strip()} » n’a aucun mot qui compte")


def same(word: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two words are the same one, in any inflection."""
    return not word.isdisjoint(other)
