"""The words and the codes that somebody typed, and the expressions that entries are found by."""

import re
from dataclasses import dataclass, field

from axes.search.query import QUOTED
from axes.search.query import Term as Mark
from cohesion.lib import french
from cohesion.lib.text import fold
from projects.search.codes import AROUND, HYPHENS
from projects.search.synonyms import Synonym
from projects.search.words import code_token, either, every, in_a_row, is_acronym, titled, token

TERMS = 10
# As names write small numbers: « Les Deux Rives ».
IN_WORDS = dict(enumerate(["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"], start=2))
_CODE = re.compile(r"[0-9a-z]+(?:[.\-/_][0-9a-z]+)*\Z")


@dataclass
class SiteTerm:
    """A word or a code: the expressions of the entries whose title has it, that have it, and that have a word which
    it begins. ``number``: how many entries that one may read have it, counted up to a bound."""

    word: french.Token
    title: str
    anywhere: str
    prefix: str = ""
    is_code: bool = False
    is_acronym: bool = False
    is_common: bool = False
    is_generic: bool = False  # anybody writes it, whatever the site has
    number: int = 0
    leads: list[Synonym] = field(default_factory=list)
    phrase: tuple[str, ...] = ()  # the folded words between quotation marks, in their order

    @property
    def keys(self) -> frozenset[str]:
        if self.phrase:
            return frozenset()
        return frozenset({self.word.folded}) if self.is_code or self.is_acronym else french.keys(self.word.word)

    @property
    def wide(self) -> str:
        """Itself, what it begins, or another word for it."""
        return either([self.anywhere, self.others])

    @property
    def others(self) -> str:
        return either([self.prefix, *(lead.expression for lead in self.leads)])

    @property
    def near_leads(self) -> list[Synonym]:
        return [lead for lead in self.leads if lead.is_near]

    @property
    def near(self) -> str:
        """Itself, or what people write for it."""
        return either([self.anywhere, *(lead.expression for lead in self.near_leads)])

    @property
    def near_title(self) -> str:
        return either([self.title, *(lead.in_title for lead in self.near_leads)])

    @property
    def mark(self) -> Mark:
        """What is marked of it in a title."""
        prefix = self.word.folded if self.prefix else ""
        return Mark(self.word.word, keys=self.keys, prefix=prefix, phrase=self.phrase)


def between_quotes(text: str) -> tuple[list[SiteTerm], str]:
    """What a text has between quotation marks, whose words keep their order, and the text without it. A code is a code
    there too."""
    phrases: dict[tuple[str, ...], SiteTerm] = {}

    def phrase(match: re.Match[str]) -> str:
        inside = next(filter(None, match.groups()), "")
        words = list(french.tokens(inside))
        if any(sign.isdigit() for sign in inside) and _CODE.match(fold(inside.strip(AROUND))):
            return f" {inside} "
        if words:
            folded = tuple(word.folded for word in words)
            anywhere = in_a_row(folded)
            keys = [_in_title(word) for word in words if not word.is_stop]
            whole = french.Token(0, len(inside), match.group(), " ".join(folded))
            phrases[folded] = SiteTerm(whole, every([*keys, anywhere]), anywhere, phrase=folded)
        return " "

    rest = QUOTED.sub(phrase, text)
    return list(phrases.values())[:TERMS], rest


def _in_title(word: french.Token) -> str:
    return titled(french.keys(word.word))


def words_of(text: str, *, is_alone: bool) -> list[tuple[french.Token, bool]]:
    """The codes and the words of a text, in order, the little ones aside where there are others."""
    words: list[tuple[french.Token, bool]] = []
    for piece in HYPHENS.sub("-", text).split():
        bare = piece.strip(AROUND)
        folded = fold(bare)
        if any(sign.isdigit() for sign in folded) and _CODE.match(folded):
            words.append((french.Token(0, len(bare), bare, folded), True))
        else:
            words += [(word, False) for word in french.tokens(piece)]
    meant = [(word, is_code) for word, is_code in words if is_code or not word.is_stop] or (words if is_alone else [])
    unique = {word.folded: (word, is_code) for word, is_code in meant}
    return list(unique.values())[:TERMS]


def plain_term(word: french.Token, *, is_code: bool) -> SiteTerm:
    if is_code:
        own = [code_token("c", word.word)]
        # « 2027 » may be a word of a title; « 5.2.1 » is no three numbers.
        if word.folded.isalnum():
            keys = french.keys(word.word) | _written_out(word.folded)
            title = [*own, *(token("t", key) for key in keys)]
            anywhere = [*own, code_token("l", word.word), *(token("k", key) for key in keys)]
            return SiteTerm(word, either(title), either(anywhere), is_code=True)
        return SiteTerm(word, own[0], either([*own, code_token("l", word.word)]), is_code=True)
    keys = french.keys(word.word)
    return SiteTerm(word, titled(keys), either(token("k", key) for key in keys))


def _written_out(number: str) -> frozenset[str]:
    """The keys of a small number as a name writes it: « les 2 rives »."""
    in_words = IN_WORDS.get(int(number)) if number.isdecimal() else None
    return french.keys(in_words) if in_words else frozenset()


def may_be_acronym(word: french.Token) -> bool:
    """As it was typed, accents included: « café » is no acronym."""
    return is_acronym(word.word.upper()) and word.word.lower() == word.folded
