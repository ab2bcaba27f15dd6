"""The orientations that a query finds: as the framework's own search does, and by other words."""

from dataclasses import dataclass

import axes.search
from axes.models import Framework
from axes.search import SearchIndex
from axes.search.query import ACRONYMS
from axes.search.query import Term as Mark
from projects.search.query import Query, Term
from projects.search.results import BY_CODE, IN_TITLE, OTHERWISE, PARTLY
from projects.search.synonyms import Synonym


@dataclass(frozen=True)
class Found:
    """An orientation, in which tier, and the other words that lead to it."""

    hit: axes.search.Hit
    tier: int
    lead: Synonym | None = None


def orientations(query: Query, framework: Framework, index: SearchIndex) -> list[Found]:
    """Best first; no query once the framework is filed."""
    results = axes.search.search(framework, query.text)
    acronyms = [term for term in query.terms if term.is_acronym]
    rare = [term for term in query.rare if not term.is_code]
    found: list[Found] = []
    partial: list[axes.search.Hit] = []
    for hit in results.hits:
        if not all(_spells(hit, term) for term in acronyms):
            continue
        if hit.is_complete:
            names = hit.entry.position == results.query.code
            found.append(Found(hit, BY_CODE if names else _tier(hit, query)))
        elif any(hit.entry.position in index.having(term.keys) for term in rare):
            partial.append(hit)
    taken = {one.hit.entry.position for one in found}
    for position, lead in sorted(_otherwise(query, index).items(), key=lambda pair: pair[0]):
        if position not in taken:
            marks = [term.mark for term in query.terms]
            marks += [Mark(folded, keys=keys) for keys, folded in (lead.words if lead else ())]
            found.append(Found(axes.search.Hit(index.entries[position], tuple(marks), True), OTHERWISE, lead))
            taken.add(position)
    found += [Found(hit, PARTLY) for hit in partial if hit.entry.position not in taken]
    return sorted(found, key=lambda one: one.tier)


def _tier(hit: axes.search.Hit, query: Query) -> int:
    """An orientation is all title: whole words are in it, or it is found by beginnings and by acronyms."""
    words = {*hit.entry.shown, *hit.entry.adopted}
    last = query.terms[-1]
    is_beginning = bool(last.prefix) and last.word.folded not in words
    return OTHERWISE if is_beginning else IN_TITLE


def _spells(hit: axes.search.Hit, term: Term) -> bool:
    """Whether an orientation has an acronym as it is written, or what it stands for."""
    folded = term.word.folded
    return folded in hit.entry.shown or folded in hit.entry.adopted or folded in ACRONYMS


def _otherwise(query: Query, index: SearchIndex) -> dict[int, Synonym | None]:
    """The positions of those that have all terms, one way or another, each with the words that lead there."""
    leads: dict[int, Synonym | None] = {}

    def led(synonym: Synonym) -> set[int]:
        positions = set.intersection(*(index.having(keys) for keys, _ in synonym.words)) if synonym.words else set()
        for position in positions:
            leads.setdefault(position, synonym)
        return positions

    ways = []
    for term in query.terms:
        own = {position for position in index.having(term.keys) if not term.is_acronym}
        if term.prefix:
            own |= set().union(*(index.by_word[word] for word in index.beginning(term.word.folded)))
        ways.append(own.union(*map(led, term.leads)))
    found = set.intersection(*ways) if ways else set()
    for phrase in query.phrases:
        others = [own for place, own in enumerate(ways) if not phrase.start <= place < phrase.start + phrase.size]
        found |= led(phrase).intersection(*others)
    return {position: leads.get(position) for position in found}
