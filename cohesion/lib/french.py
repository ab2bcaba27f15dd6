"""French words as people search for them (accents, case, plurals and inflection do not matter), and numbers as
they are written: one rounding for pages, maps, tables and files."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from difflib import SequenceMatcher
from functools import lru_cache
from heapq import nlargest
from threading import Lock
from typing import NamedTuple

import snowballstemmer

from cohesion.lib.text import NBSP, fold, number_fr

# Accents may be typed apart from their letter. An apostrophe or a hyphen ends a word: « l’emploi » is two.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_STEMMER = snowballstemmer.stemmer("french")
LONG_PLURAL = 5  # letters: « cours » is no plural
_STEMMING = Lock()  # the stemmer keeps the word that it works on in itself

_LITTLE_WORDS = """
a afin ai ainsi alors apres as au aucun aucune aussi autre autres aux avant avec c ca car ce ceci cela celle celles
celui ces cet cette ceux chaque chez comme comment d dans de des depuis deux donc dont du elle elles en encore entre
es est et etc etait etant ete etes etre eux fait font ici il ils j je jusqu jusque l la le les leur leurs lors
lui m ma mais me meme memes mes moi moins mon n ne ni nos notre nous on ont or ou par parmi pas pendant peu plus
pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans se selon ses si soi soit son sont sous sur t
ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vers via voici voila voir voire
vos votre vous vu y
"""
STOP_WORDS = frozenset(_LITTLE_WORDS.split())


class Token(NamedTuple):
    """A word of a text: where it stands, and what it is once folded."""

    start: int
    end: int
    word: str
    folded: str

    @property
    def is_stop(self) -> bool:
        return self.folded in STOP_WORDS


def tokens(text: str) -> Iterator[Token]:
    """The words of a text, in order, with their places in it."""
    for match in _WORD.finditer(text):
        yield Token(match.start(), match.end(), match.group(), folded(match.group()))


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=50_000)
def keys(word: str) -> frozenset[str]:
    """The keys under which a word is filed: two words that share one count as the same word.

    The stemmer knows endings by their accents (« tranquillité »), which people often leave out: the word is
    stemmed as written and without accents. Plurals that it leaves alone (« emplois », « enjeux »), or whose singular it
    takes for a verb (« portraits »), are stemmed without their last letter too.
    """
    accented = unicodedata.normalize("NFC", word).lower()
    bare = folded(word)
    spellings = {accented, bare}
    if bare[-1:] in ("s", "x") and (len(bare) > LONG_PLURAL or (len(bare) > 3 and bare[-2] in "aeiou")):
        spellings |= {accented[:-1], bare[:-1]}
    with _STEMMING:
        return frozenset(folded(stem) for stem in _STEMMER.stemWords(sorted(spellings)))


_ENDINGS = re.compile(r"\((?:e|s|es)\)|[·.](?:e|s|es)\b(?:[·.]s\b)?")  # « retenu(e) », « retenu·e »


def meant(text: str, labels: Mapping[str, str]) -> str | None:
    """The value of the label whose words these are, whatever their gender, their number and their order.

    >>> meant("partiellement retenu", {"Retenue": "a", "Retenue partiellement": "b"})
    'b'
    """
    words = list(tokens(_ENDINGS.sub("", text)))
    matches = {value for label, value in labels.items() if _same(words, list(tokens(label)))}
    return matches.pop() if len(matches) == 1 else None


def _same(words: list[Token], label: list[Token]) -> bool:
    """Whether each word of one is a form of another word of the other."""
    left = [keys(token.word) for token in label]
    for token in words:
        form = next((other for other in left if other & keys(token.word)), None)
        if form is None:
            return False
        left.remove(form)
    return bool(words) and not left


def significant(text: str) -> list[Token]:
    """The words of a text without its stop words; all of them when it has no other."""
    words = list(tokens(text))
    return [token for token in words if not token.is_stop] or words


def shortened(text: str, size: int) -> str:
    """The first ``size`` words of a text and an ellipsis, not stopping at a word that calls for the next."""
    words = list(tokens(text))
    if len(words) <= size:
        return text
    kept = words[:size]
    while len(kept) > 1 and kept[-1].is_stop:
        kept.pop()
    return f"{text[: kept[-1].end]}…"


class Speller:
    """Finds the known word that a mistyped one was meant to be."""

    CLOSE = 0.75
    CANDIDATES = 25

    def __init__(self, words: Iterable[str]) -> None:
        """``words``: every known word, as often as it occurs; its commonest spelling is the one proposed."""
        self._spellings: dict[str, Counter[str]] = {}
        for word in words:
            if len(word) > 3:
                self._spellings.setdefault(folded(word), Counter())[word] += 1
        self._known_by_pair: dict[str, list[str]] = {}
        for known in self._spellings:
            for pair in letter_pairs(known):
                self._known_by_pair.setdefault(pair, []).append(known)

    def nearest(self, word: str) -> str | None:
        """The known word nearest to ``word``, or None when none is near."""
        typed = folded(word)
        shared = Counter(known for pair in letter_pairs(typed) for known in self._known_by_pair.get(pair, ()))

        def likeness(known: str) -> tuple[float, str]:
            return shared[known] / (len(known) + len(typed)), known

        likely = nlargest(self.CANDIDATES, shared, key=likeness)
        near = [(SequenceMatcher(None, typed, known).ratio(), self._frequency(known), known) for known in likely]
        near = [candidate for candidate in near if candidate[0] >= self.CLOSE]
        return self._spellings[max(near)[2]].most_common(1)[0][0] if near else None

    def _frequency(self, known: str) -> int:
        return self._spellings[known].total()


def letter_pairs(word: str) -> set[str]:
    """Its pairs of neighbouring letters, the ends counting as letters."""
    padded = f" {word} "
    return {padded[i : i + 2] for i in range(len(padded) - 1)}


# --- numbers --------------------------------------------------------------------------------------------------


def rounded(number: Decimal | float, places: int = 0) -> Decimal:
    """Half away from zero, as the French learn it; a float is taken for what it prints."""
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def decimal_fr(number: Decimal | float) -> str:
    """« 12 », « 0,3 », « 1 250,5 »: at most one decimal. What is not nothing never says « 0 »: « moins de 0,1 »."""
    if 0 < number < Decimal("0.05"):
        return f"moins de{NBSP}0,1"
    whole, rest = divmod(abs(rounded(number, 1)), 1)
    sign = "-" if number < 0 else ""
    return f"{sign}{number_fr(int(whole))}{f',{int(rest * 10)}' if rest else ''}"


def percent(part: Decimal | float, whole: Decimal | float) -> str:
    """« 39 % »; neither nothing nor all is said of what is neither: « moins de 1 % », « plus de 99 % ».

    Nothing, of a whole that is nothing.
    """
    if not whole:
        return ""
    share = 100 * Decimal(str(part)) / Decimal(str(whole))
    if 0 < share < 1:
        return f"moins de{NBSP}1{NBSP}%"
    if 99 < share < 100:
        return f"plus de{NBSP}99{NBSP}%"
    return f"{number_fr(int(rounded(share)))}{NBSP}%"


MINUS = "\u2212"


def signed(number: int) -> str:
    """« + 3 », « − 2 », « autant »."""
    return with_sign(number, number_fr(abs(number)))


def with_sign(difference: Decimal | int, words: str) -> str:
    """What a difference comes to, in words, after its sign; « autant » for none."""
    return f"{'+' if difference > 0 else MINUS}{NBSP}{words}" if difference else "autant"


def growth(after: int, before: int) -> str:
    """« + 4 % », « − moins de 1 % », « autant »; nothing where there was nothing before."""
    if not before or after == before:
        return "autant" if before else ""
    return f"{'+' if after > before else MINUS}{NBSP}{percent(abs(after - before), before)}"


_LETTERS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize"),
    *("quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"),
)
_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 7: "soixante"}


def letters(number: int, *, is_feminine: bool = False) -> str:
    """A number from nought to ninety-nine in words: « soixante et onze », « quatre-vingts », « vingt et une »."""
    if number < len(_LETTERS):
        words = _LETTERS[number]
    elif number >= 80:
        words = f"quatre-vingt-{_LETTERS[number - 80]}" if number > 80 else "quatre-vingts"
    else:
        ten = number // 10
        rest = number - 60 if ten == 7 else number % 10
        link = " et " if rest in (1, 11) else "-"
        words = f"{_TENS[ten]}{link}{_LETTERS[rest]}" if rest else _TENS[ten]
    return f"{words}e" if is_feminine and words.endswith("un") else words


def uncapped(word: str) -> str:
    """A word in small letters, but for what is written in capitals only: an acronym."""
    return word if word.isupper() else word.lower()
