"""What somebody typed, read into the terms that an orientation must have."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from axes.levels import Level
from axes.search.index import SearchIndex
from cohesion.lib import french
from cohesion.lib.text import fold, hidden_character, squeeze

QUERY_LENGTH = 200
PREFIX_LENGTH = 3
TERMS = 20

# Acronyms of the field that have a known expansion. PRH, OSL and MD3E have none: they stay as they are.
ACRONYMS = {
    "pst": "projet social de territoire",
    "asv": "atelier santé ville",
    "fsih": "fonds de soutien aux initiatives des habitants",
    "avsl": "ateliers de vie sociaux linguistiques",
    "rep": "réseau d’éducation prioritaire",
    "plh": "programme local de l’habitat",
    "zus": "zone urbaine sensible",
    "qpv": "quartiers prioritaires",
    "gea": "Grand Évreux Agglomération",
    "cst": "cohésion sociale et territoriale",
}

QUOTED = re.compile(r"«([^«»]*)»|\"([^\"]*)\"|“([^“”]*)”")
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]*")
_NUMBER_SIGN = re.compile(r"\b[nN]\s*[°º]")
_HYPHENS = re.compile(r"[\u2010-\u2014]")
_LEVEL_KEYS = frozenset(
    key for level in Level for word in [*level.label.split(), "numéro", "code"] for key in french.keys(word)
)


@dataclass(frozen=True)
class Term:
    """One thing asked for: an orientation has it by any one of these ways."""

    text: str
    keys: frozenset[str] = frozenset()  # of the word, and of the acronym that stands for it
    meaning: tuple[frozenset[str], ...] = ()  # the words that an acronym stands for
    prefix: str = ""  # of a last word that no wording has: it is perhaps still being typed
    code: int | None = None  # the position of the orientation that bears this code
    phrase: tuple[str, ...] = ()  # the words between quotation marks


@dataclass(frozen=True)
class Query:
    """The terms of a query. ``text`` is the query as shown back to the person."""

    text: str
    terms: tuple[Term, ...]

    @property
    def code(self) -> int | None:
        """The position of the orientation that the query names by its code and nothing else."""
        return self.terms[0].code if len(self.terms) == 1 else None


def clean(typed: str) -> str:
    """The query on one line, without invisible characters, at most ``QUERY_LENGTH`` characters."""
    visible = "".join(" " if hidden_character(character) else character for character in typed[: QUERY_LENGTH * 4])
    return squeeze(unicodedata.normalize("NFC", visible))[:QUERY_LENGTH].rstrip()


def parse_query(text: str, index: SearchIndex) -> Query:
    """Read a cleaned query: phrases between quotation marks, codes, words without stop words."""
    terms: list[Term] = []

    def phrase(match: re.Match[str]) -> str:
        quoted = next(filter(None, match.groups()), "")
        words = [token.folded for token in french.tokens(quoted)]
        if fold(quoted.strip()) in index.by_code:
            return f" {quoted} "
        if words:
            terms.append(Term(match.group(), phrase=tuple(words)))
        return " "

    rest = QUOTED.sub(phrase, text)
    codes, rest = _codes(rest, index)
    terms += codes
    words = list(french.tokens(rest))
    meant = [token for token in words if not token.is_stop] or ([] if terms else words)
    last = words[-1] if words else None
    terms += [_word(token, meant, index, is_last=token is last) for token in meant]
    unique = {(term.keys, term.phrase, term.code): term for term in terms}
    return Query(text, tuple(unique.values())[:TERMS])


def _codes(text: str, index: SearchIndex) -> tuple[list[Term], str]:
    """The codes of the framework in a query, and the query without them nor the level before them (« axe 5 »)."""
    pieces = _HYPHENS.sub("-", _NUMBER_SIGN.sub(" ", text)).split()
    terms: list[Term] = []
    kept: list[str] = []
    for piece in pieces:
        code = fold(piece.strip("()[],;:!?.°"))
        names_one = code in index.by_code and _CODE.fullmatch(code)
        if not names_one or (not any(c.isdigit() for c in code) and len(pieces) > 1 and not _after_level(kept)):
            kept.append(piece)
            continue
        while _after_level(kept):
            kept.pop()
        keys = french.keys(code) if code.isalnum() else frozenset()
        terms.append(Term(piece, code=index.by_code[code], keys=keys))
    return terms, " ".join(kept)


def _after_level(pieces: list[str]) -> bool:
    return bool(pieces) and bool(french.keys(pieces[-1]) & _LEVEL_KEYS)


def _word(token: french.Token, meant: list[french.Token], index: SearchIndex, *, is_last: bool) -> Term:
    keys = french.keys(token.word) | _acronyms_of(token, meant)
    # A word that is known is finished: « social » finds what « sociaux » finds, not « socialisation » too.
    is_unfinished = is_last and len(token.folded) >= PREFIX_LENGTH and not index.having(keys)
    prefix = token.folded if is_unfinished else ""
    return Term(token.word, keys=keys, meaning=_meanings().get(token.folded, ()), prefix=prefix)


@cache
def _meanings() -> dict[str, tuple[frozenset[str], ...]]:
    meanings = {}
    for acronym, words in ACRONYMS.items():
        meanings[acronym] = tuple(french.keys(token.word) for token in french.significant(words))
    return meanings


def _acronyms_of(token: french.Token, meant: list[french.Token]) -> frozenset[str]:
    """The acronyms that stand for words of the query among which this one is."""
    keys = [french.keys(other.word) for other in meant]
    place = meant.index(token)
    acronyms: set[str] = set()
    for acronym, meaning in _meanings().items():
        size = len(meaning)
        for start in range(max(0, place - size + 1), min(place, len(keys) - size) + 1):
            if all(keys[start + offset] & wanted for offset, wanted in enumerate(meaning)):
                acronyms |= french.keys(acronym)
    return frozenset(acronyms)
