"""What somebody wrote about an action, read into words within bounds."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from cohesion.lib import french
from cohesion.lib.text import hidden_character

# What is read of one field, and how many words of it: enough for any declaration, and bounded for whatever is pasted.
FIELD_LENGTH = 4_000
FIELD_WORDS = 400
ACRONYM_LENGTH = 6
SHORT = 4  # « bus » is no plural, nor is « avis »
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
    is_acronym: bool = False


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


def passages(texts: Mapping[str, str], acronyms: Collection[str] = ()) -> Iterator[Passage]:
    """The fields that hold something, in the order given, with the words that are no known acronym told apart."""
    for field, text in texts.items():
        shown = visible(text or "")
        if words := tuple(significant(shown, acronyms))[:FIELD_WORDS]:
            yield Passage(shown, FIELD_WEIGHTS.get(field, 1.0), words)


def significant(text: str, acronyms: Collection[str] = ()) -> Iterator[Word]:
    """The words of a text that mean something by themselves: no little word, no lone letter or number.

    ``acronyms``: those that are known, folded; capitals tell the others, unless everything is written in capitals.
    """
    is_shouted = not any(character.islower() for character in text)
    for token in french.tokens(text):
        if not token.is_stop and len(token.folded) > 1 and not token.folded.isdecimal():
            is_acronym = token.folded in acronyms or (not is_shouted and looks_like_an_acronym(token.word))
            yield Word(
                token.word, token.folded, keys(token.word, is_acronym=is_acronym), token.start, token.end, is_acronym
            )


def looks_like_an_acronym(word: str) -> bool:
    """« CAF », « PLUi », « MD3E »."""
    return 1 < len(word) <= ACRONYM_LENGTH and (word.isupper() or (len(word) > 3 and word[:-1].isupper()))


def keys(word: str, *, is_acronym: bool = False) -> frozenset[str]:
    """The keys of a word: itself and its inflections; itself alone for an acronym, which is no beginning of a word.

    « CAF » is not « café », and « rep » written small is « REP », as « repas » never is.
    """
    bare = french.folded(word)
    itself = frozenset({f"={bare}"})
    if is_acronym:
        return itself
    # The stemmer takes « souvenir » for a verb, and « souvenirs » for none.
    singular = french.keys(word[:-1]) if len(bare) > SHORT and bare[-1] in "sx" else frozenset()
    return itself | french.keys(word) | singular
