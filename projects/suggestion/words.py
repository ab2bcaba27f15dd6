"""What somebody wrote about an action, read into words within bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cohesion.lib import french
from cohesion.lib.text import hidden_character

# What is read of one field, and how many words of it: enough for any declaration, and bounded for whatever is pasted.
FIELD_LENGTH = 4_000
FIELD_WORDS = 400
# A title says in few words what a description says in many.
FIELD_WEIGHTS = {"title": 1.5, "summary": 1.0, "need": 0.8, "description": 1.0}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that means something, as typed, and where it stands in its field."""

    typed: str
    folded: str
    keys: frozenset[str]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """One field: its text as it is read, and its words in order, little words aside."""

    text: str
    weight: float
    words: tuple[Word, ...]


def visible(text: str) -> str:
    """The beginning of a text, a space for each character that prints nothing."""
    kept = text[:FIELD_LENGTH]
    return "".join(" " if hidden_character(character) else character for character in kept)


def passages(texts: Mapping[str, str]) -> Iterator[Passage]:
    """The fields that hold something, in the order given."""
    for field, text in texts.items():
        shown = visible(text or "")
        if words := tuple(significant(shown))[:FIELD_WORDS]:
            yield Passage(shown, FIELD_WEIGHTS.get(field, 1.0), words)


def significant(text: str) -> Iterator[Word]:
    """The words of a text that mean something by themselves: no little word, no lone letter or number."""
    for token in french.tokens(text):
        if not token.is_stop and len(token.folded) > 1 and not token.folded.isdecimal():
            yield Word(token.word, token.folded, french.keys(token.word), token.start, token.end)
