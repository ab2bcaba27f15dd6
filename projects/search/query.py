"""What somebody typed, read into the expressions that entries are found by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import ceil

from axes.search import SearchIndex, clean
from axes.search.query import QUOTED
from axes.search.query import Term as Mark
from cohesion.lib import french
from cohesion.lib.text import fold
from projects.choices import SearchKind
from projects.search.codes import AROUND, HYPHENS, spelled_codes
from projects.search.index import numbers
from projects.search.places import NOWHERE, Here, NamedPlace, is_plan, kind_named, named_places, of_kind
from projects.search.synonyms import Synonym, evoked, generic, synonyms
from projects.search.synonyms import acronyms as known_acronyms
from projects.search.words import (
    beginning,
    code_token,
    either,
    every,
    in_a_row,
    is_acronym,
    is_plain_acronym,
    kind_token,
    shouts,
    titled,
    token,
)

TERMS = 10
WEIGHED = 6  # of the words of which some only are asked for
PREFIX_LENGTH, TYPING_LENGTH = 3, 2
_CODE = re.compile(r"[0-9a-z]+(?:[.\-/_][0-9a-z]+)*\Z")
_CLOSING = ('"', "»", "”")


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


@dataclass
class SiteQuery:
    """The terms of a text, what several of them in a row lead to (``phrases``), and the places that it names among
    others (``named``). ``read``: the text, but a code of the framework as this writes it."""

    text: str
    readers: str
    read: str = ""
    here: Here = NOWHERE
    terms: list[SiteTerm] = field(default_factory=list)
    phrases: list[Synonym] = field(default_factory=list)
    named: list[NamedPlace] = field(default_factory=list)

    @property
    def tiers(self) -> list[str]:
        """The expression of each tier (:mod:`projects.search.results`); nothing, where a tier finds no more than those
        before."""
        return [
            either([_named(self.read), self._verbatim]),
            every(term.title for term in self.terms),
            self._titled,
            self._here,
            every(term.anywhere for term in self.terms),
            self._mixed,
            self._otherwise,
            *self._partly,
        ]

    @property
    def whole(self) -> str:
        """What any of the tiers finds that have all words: what is in one of them already is not asked for again."""
        beside = any(term.is_acronym for term in self.terms) or self.named  # a code, or a place, is no word
        words = [term.anywhere for term in self.terms]
        return either(
            [
                *self.tiers[:1],
                *(self.tiers[1:4] if beside else ()),
                self._plain or every(words),
                *map(self._by, self.phrases),
            ]
        )

    @property
    def telling(self) -> list[SiteTerm]:
        """The words that not everybody writes; all of them where there are no others."""
        return [term for term in self.terms if not term.is_generic] or self.terms

    @property
    def _verbatim(self) -> str:
        """The pages of which the text is another name: « ce que personne ne fait »."""
        words = [word.folded for word in french.tokens(self.read)]
        return every([kind_token(SearchKind.PAGE), in_a_row(words)]) if 2 < len(words) <= TERMS else ""

    @property
    def _titled(self) -> str:
        if len(self.terms) < 2:
            return ""
        others = [term for term in self.elsewhere if not term.is_generic and not term.is_code]
        written = [term.anywhere for term in self.elsewhere]
        some = every([*self._there, *written, either(term.title for term in others)]) if others else ""
        near = every(term.near_title for term in self._meant)
        return either([some, near])

    @property
    def _meant(self) -> list[SiteTerm]:
        """The words that not everybody writes, and those that say something together: « projet social »."""
        together = {number for phrase in self.phrases for number in phrase.places}
        kept = [term for number, term in enumerate(self.terms) if number in together or not term.is_generic]
        return kept or self.terms

    @property
    def _here(self) -> str:
        """What is in the place named, of the kind named or else an action, with the other words."""
        asked_for = self.elsewhere
        plans = {number for phrase in self.phrases if is_plan(phrase.head) for number in phrase.places}
        kinds = [SearchKind.PST] if plans else []
        words: list[SiteTerm] = []
        for number, term in enumerate(self.terms):
            if number in plans or term not in asked_for:
                continue
            if kind := kind_named(term.keys):
                kinds.append(kind)
            elif not term.is_generic:
                words.append(term)
        if not self.named or not (kinds or words):
            return ""
        return every([*self._there, of_kind(kinds), *(either([term.anywhere, term.prefix]) for term in words)])

    @property
    def _there(self) -> list[str]:
        return [place.expression for place in self.named]

    @property
    def elsewhere(self) -> list[SiteTerm]:
        """The terms that name no place."""
        taken = {number for place in self.named for number in place.places}
        return [term for number, term in enumerate(self.terms) if number not in taken]

    @property
    def _mixed(self) -> str:
        written = either(term.near for term in self.telling)
        is_alone = len(self.telling) == 1  # what is near it is one of its other words
        plain = (written if is_alone else every([self._plain, written])) if self._plain else ""
        return either([plain, *map(self._by, self.phrases)])

    @property
    def _plain(self) -> str:
        """All words, or other words for them."""
        wide = [term.wide for term in self.telling]
        return "" if wide == [term.anywhere for term in self.terms] else every(wide)

    @property
    def _otherwise(self) -> str:
        return self.terms[0].others if len(self.terms) == 1 else self._plain

    def _by(self, phrase: Synonym) -> str:
        others = [
            term.wide for place, term in enumerate(self.terms) if place not in phrase.places and not term.is_generic
        ]
        return every([phrase.expression, *others])

    @property
    def written(self) -> str:
        """Those that have all words, or what the last one begins, and no other words for them."""
        return every(either([term.anywhere, term.prefix]) for term in self.terms)

    @property
    def rare(self) -> list[SiteTerm]:
        """The words that say something."""
        return [term for term in self.terms if not term.is_common]

    @property
    def _partly(self) -> tuple[str, str]:
        known = self._known
        least = ceil(len(known) / 2)
        if len(self.terms) < 2 or not known:
            return "", ""
        groups = [group for group in combinations(known, least) if not _all_common(group)]
        written = either([*(_all_written(group) for group in groups if self.rarest in group), *self._together])
        otherwise = either(map(_all_wide, groups))
        return written, otherwise if otherwise != written else ""

    @property
    def _known(self) -> list[SiteTerm]:
        """The rarest first. A word that nothing has, and other words for it, is known too: « chômeurs de longue
        durée »."""
        known = [term for term in self.terms if term.number or term.leads]
        return sorted(known, key=lambda term: term.number)[:WEIGHED]

    @property
    def rarest(self) -> SiteTerm | None:
        return next((term for term in self._known if term.number or term.near != term.anywhere), None)

    @property
    def _together(self) -> list[str]:
        """What several words name together says more than one of them."""
        return [phrase.expression for phrase in self.phrases]

    @property
    def synonyms(self) -> list[Synonym]:
        return [*self.phrases, *(lead for term in self.terms for lead in term.leads)]


def _all_written(terms: Sequence[SiteTerm]) -> str:
    return every(term.near for term in terms)


def _all_wide(terms: Sequence[SiteTerm]) -> str:
    return every(term.wide for term in terms)


def _all_common(terms: Sequence[SiteTerm]) -> bool:
    return all(term.is_common for term in terms)


def _named(text: str) -> str:
    """The entries whose code the text is: « PST-01 », « pst 1 »."""
    return either(code_token("c", code) for code in spelled_codes(text))


def _as_the_framework_writes(text: str, index: SearchIndex | None) -> str:
    """A text, or the code of the framework that it is."""
    return next((code for code in spelled_codes(text) if index and code in index.by_code), text)


def parse(
    typed: str, readers: str, index: SearchIndex | None = None, *, here: Here = NOWHERE, is_typing: bool = False
) -> SiteQuery:
    """Read a text into its terms; one query, which counts the entries of each.

    ``index``: the framework whose words are known too; ``here``: the council's own words and places; ``is_typing``:
    the last word may have no end yet.
    """
    text = clean(typed)
    query = SiteQuery(text, readers, _as_the_framework_writes(text, index), here)
    quoted, rest = _quoted(query.read)
    words = _words(rest, is_alone=not quoted)
    if not words and not quoted:
        return query
    is_shouted = shouts([word for word, _ in words])
    plain = [*(_plain(word, is_code=is_code) for word, is_code in words), *quoted]
    acronyms = [token("a", word.folded) for word, is_code in words if not is_code and _may_be_acronym(word)]
    counts, common = numbers([*(term.anywhere for term in plain), *acronyms], readers)
    known = {acronym for acronym, number in zip(acronyms, counts[len(plain) :], strict=True) if number}
    for term, number in zip(plain, counts, strict=False):
        folded = "" if term.phrase else term.word.folded
        is_written = not is_shouted and not term.phrase and is_plain_acronym(term.word.word)
        is_written |= folded in known_acronyms(here.lines) and term.word.word.lower() == folded
        if is_written or (token("a", folded) in known and not (term.word.word.isupper() and is_shouted)):
            term.title, term.is_acronym = either([token("b", folded), code_token("c", folded)]), True
            spelled = [token("w", folded), token("w", f"{folded}s")]
            term.anywhere = either([token("a", folded), *spelled])
        term.number = number if not term.is_acronym else int(token("a", folded) in known)
        term.is_generic = not term.is_code and not generic().isdisjoint(term.keys)
        term.is_common = number >= common or term.is_generic
    query.terms = plain
    query.named = named_places([term.word for term in plain[: len(words)]], here.names)
    _lead(query, index)
    if words and not query.text.endswith(_CLOSING):
        _leave_open(plain[len(words) - 1], index, is_typing=is_typing)
    return query


def _lead(query: SiteQuery, index: SearchIndex | None) -> None:
    """What the words lead to, one by one or several in a row; those that nothing has, to what they evoke."""
    words = [term.word for term in query.terms if not term.phrase]
    leads = synonyms(words, query.read, query.here.lines)
    led = {place for lead in leads for place in lead.places}
    unknown = {
        place
        for place, term in enumerate(query.terms[: len(words)])
        if place not in led and not (term.number or term.is_code or (index and index.having(term.keys)))
    }
    if unknown:
        leads += [lead for lead in evoked(words, query.read) if not unknown.isdisjoint(lead.places)]
    for lead in leads:
        if lead.size > 1:
            query.phrases.append(lead)
        elif not query.terms[lead.start].is_code:
            query.terms[lead.start].leads.append(lead)


def _leave_open(last: SiteTerm, index: SearchIndex | None, *, is_typing: bool) -> None:
    """A last word that nothing has is perhaps not finished: it is looked for as a beginning."""
    is_known = last.number or last.leads or (index is not None and index.having(last.keys))
    shortest = TYPING_LENGTH if is_typing else PREFIX_LENGTH
    if len(last.word.folded) >= shortest and (is_typing or not is_known):
        last.prefix = beginning("w", last.word.folded)


def _quoted(text: str) -> tuple[list[SiteTerm], str]:
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


def _words(text: str, *, is_alone: bool) -> list[tuple[french.Token, bool]]:
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


def _plain(word: french.Token, *, is_code: bool) -> SiteTerm:
    if is_code:
        own = [code_token("c", word.word)]
        # « 2027 » may be a word of a title; « 5.2.1 » is no three numbers.
        if word.folded.isalnum():
            title = [*own, *(token("t", key) for key in french.keys(word.word))]
            anywhere = [*own, code_token("l", word.word), *(token("k", key) for key in french.keys(word.word))]
            return SiteTerm(word, either(title), either(anywhere), is_code=True)
        return SiteTerm(word, own[0], either([*own, code_token("l", word.word)]), is_code=True)
    keys = french.keys(word.word)
    return SiteTerm(word, titled(keys), either(token("k", key) for key in keys))


def _may_be_acronym(word: french.Token) -> bool:
    """As it was typed, accents included: « café » is no acronym."""
    return is_acronym(word.word.upper()) and word.word.lower() == word.folded
