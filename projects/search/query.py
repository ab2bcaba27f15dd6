"""What somebody typed, read into the expressions that entries are found by."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from math import ceil

from axes.search import SearchIndex, clean
from cohesion.lib import french
from projects.choices import SearchKind
from projects.search.codes import spelled_codes
from projects.search.definitions import asked_word
from projects.search.index import numbers
from projects.search.places import NOWHERE, Here, NamedPlace, is_plan, kind_named, named_places, of_kind
from projects.search.synonyms import Synonym, evoked, generic, synonyms
from projects.search.synonyms import acronyms as known_acronyms
from projects.search.synonyms import spellings as synonym_spellings
from projects.search.terms import TERMS, SiteTerm, between_quotes, may_be_acronym, plain_term, words_of
from projects.search.words import (
    beginning,
    code_token,
    either,
    every,
    in_a_row,
    is_plain_acronym,
    kind_token,
    shouts,
    token,
)
from projects.suggestion.spelling import is_french

WEIGHED = 6  # of the words of which some only are asked for
PREFIX_LENGTH, TYPING_LENGTH = 3, 2
_ELIDED = re.compile(r"([dljmnstc]|qu)([aeiouyhéèêàâîôœ]\w+)\Z", re.IGNORECASE)
_CLOSING = ('"', "»", "”")


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
            either([_named(self.read), self._verbatim, self._defined, self._whole_place]),
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
        tiers = self.tiers
        return either(
            [
                *tiers[:1],
                *(tiers[1:4] if beside else ()),
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
    def _whole_place(self) -> str:
        """The place that all the words name, however it is written: « st germain des angles »."""
        if len(self.named) != 1 or self.elsewhere:
            return ""
        return either(code_token("c", place.code) for place in self.named[0].having_it)

    @property
    def _defined(self) -> str:
        """The word of the glossary whose meaning is asked for."""
        code = asked_word(list(french.tokens(self.read)))
        return every([kind_token(SearchKind.PAGE), code_token("l", code)]) if code else ""

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
        plain = every([self._plain, written]) if self._plain else ""
        if plain and len(self.telling) == 1:  # what is near it is one of its other words
            plain = written
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
    quoted, rest = between_quotes(query.read)
    words = words_of(rest, is_alone=not quoted)
    if not words and not quoted:
        return query
    is_shouted = shouts([word for word, _ in words])
    plain = [*(plain_term(word, is_code=is_code) for word, is_code in words), *quoted]
    acronyms = [token("a", word.folded) for word, is_code in words if not is_code and may_be_acronym(word)]
    counts, common = numbers([*(term.anywhere for term in plain), *acronyms], readers, is_alone=len(plain) == 1)
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
    if apart := _with_apostrophes(query.read, plain[: len(words)], index):
        return replace(parse(apart, readers, index, here=here, is_typing=is_typing), text=text)
    query.terms = plain
    query.named = named_places([term.word for term in plain[: len(words)]], here.names)
    _lead(query, index)
    if words and not query.text.endswith(_CLOSING):
        _leave_open(plain[len(words) - 1], index, is_typing=is_typing)
    return query


def _with_apostrophes(read: str, terms: Sequence[SiteTerm], index: SearchIndex | None) -> str:
    """The text with the apostrophe that a word of it lacks: « festival dété »; nothing where none does."""
    apart = read
    for term in terms:
        typed = term.word.word
        is_known = term.number or term.is_code or term.is_acronym or (index and index.having(term.keys))
        elided = None if is_known or is_french(term.word.folded) else _ELIDED.match(typed)
        if elided and _is_word(elided[2], index):
            apart = re.sub(rf"(?<!\w){re.escape(typed)}(?!\w)", f"{elided[1]}’{elided[2]}", apart)
    return apart if apart != read else ""


def _is_word(text: str, index: SearchIndex | None) -> bool:
    folded = french.folded(text)
    is_read = folded in french.STOP_WORDS or folded in synonym_spellings() or is_french(folded)
    return is_read or bool(index and index.having(french.keys(text)))


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
