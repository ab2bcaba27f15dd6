"""The orientations that a query finds: as the framework's own search does, and by other words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

import axes.search
from axes.levels import Level
from axes.models import Framework
from axes.search import SearchIndex
from axes.search.index import IndexEntry
from axes.search.query import ACRONYMS
from axes.search.query import Term as Mark
from cohesion.lib import french
from projects.search.query import SiteQuery, SiteTerm
from projects.search.results import ANYWHERE, BY_CODE, IN_TITLE, MIXED, OTHERWISE, PARTLY, PARTLY_OTHERWISE
from projects.search.synonyms import Synonym
from projects.search.words import is_acronym


@dataclass(frozen=True)
class Found:
    """An orientation, in which tier, and the other words that lead to it."""

    hit: axes.search.Hit
    tier: int
    lead: Synonym | None = None


def orientations(query: SiteQuery, framework: Framework, index: SearchIndex) -> list[Found]:
    """Best first; no query once the framework is filed."""
    results = axes.search.search(framework, query.read, corrects=False)
    acronyms = [term for term in query.terms if term.is_acronym]
    rare = [term for term in query.rare if not term.is_code]
    nodes: list[Found] = []
    partial: list[axes.search.Hit] = []
    for hit in results.hits:
        if not all(_spells(hit, term) for term in acronyms) or not _keeps_all(hit.entry, query.terms):
            continue
        if hit.is_complete:
            names = hit.entry.position == results.query.code
            nodes.append(Found(hit, BY_CODE if names else _tier(hit, query)))
        elif any(_says(hit.entry, term, index) for term in rare):
            partial.append(hit)
    named = _named_with_their_level(query, index)
    positions = {entry.position for entry in named}
    nodes = [node for node in nodes if node.hit.entry.position not in positions]
    marks = tuple(term.mark for term in query.terms)
    nodes += [Found(axes.search.Hit(entry, marks, is_complete=True), BY_CODE) for entry in named]
    taken = {node.hit.entry.position for node in nodes}
    complete, half = _otherwise(query, index)
    for position in _short_first(complete.keys() - taken, index):
        nodes.append(_by_lead(position, complete[position], query, index))
    taken |= complete.keys()
    rarest = [_written(term, index) for term in query.terms if term is query.rarest]
    nodes += [Found(hit, _partly(hit.entry.position, rarest)) for hit in partial if hit.entry.position not in taken]
    taken |= {hit.entry.position for hit in partial}
    for position in _short_first(half.keys() - taken, index):
        nodes.append(_by_lead(position, half[position], query, index))
    return sorted(nodes, key=lambda node: node.tier)


def _named_with_their_level(query: SiteQuery, index: SearchIndex) -> list[IndexEntry]:
    """« Axe santé »: those of the level that is named, whose own wording has all the other words."""
    named = [(term, _levels_named(term.keys)) for term in query.terms]
    levels = frozenset().union(*(own for _, own in named))
    others = [term for term, own in named if not own]
    if not levels or not others:
        return []
    having_all = set.intersection(*(index.showing(term.keys) for term in others))
    entries = [index.entries[position] for position in sorted(having_all)]
    return [entry for entry in entries if entry.level in levels and _keeps_all(entry, others)]


def _keeps_all(entry: IndexEntry, terms: Iterable[SiteTerm]) -> bool:
    return not any(_clashes(entry, term) for term in terms)


def _levels_named(keys: frozenset[str]) -> frozenset[Level]:
    """By the first word of their names: people say « objectif »."""
    return frozenset(level for level in Level if keys & french.keys(level.label.split()[0]))


def _short_first(positions: Iterable[int], index: SearchIndex) -> list[int]:
    """What says little else is nearer to a word that leads there."""
    return sorted(positions, key=lambda position: (len(index.entries[position].shown), position))


def _by_lead(position: int, led: "Led", query: SiteQuery, index: SearchIndex) -> Found:
    marks = [term.mark for term in query.terms]
    marks += [Mark(folded, keys=keys) for keys, folded in (led.lead.words if led.lead else ())]
    hit = axes.search.Hit(index.entries[position], tuple(marks), led.tier < PARTLY)
    return Found(hit, led.tier, led.lead)


def _tier(hit: axes.search.Hit, query: SiteQuery) -> int:
    """An orientation is all title: whole words are in it, or it is found by beginnings and by acronyms."""
    words = {*hit.entry.shown, *hit.entry.adopted}
    last = query.terms[-1]
    is_beginning = bool(last.prefix) and last.word.folded not in words
    return OTHERWISE if is_beginning else IN_TITLE


def _says(entry: IndexEntry, term: SiteTerm, index: SearchIndex) -> bool:
    return entry.says(term.phrase) if term.phrase else entry.position in index.having(term.keys)


def _keeps(entry: IndexEntry, term: SiteTerm) -> bool:
    return not _clashes(entry, term)


def _spells_word(entry: IndexEntry, term: SiteTerm) -> bool:
    return term.word.folded in entry.shown or term.word.folded in entry.adopted


def _spells(hit: axes.search.Hit, term: SiteTerm) -> bool:
    """Whether an orientation has an acronym as it is written, or what it stands for."""
    return _spells_word(hit.entry, term) or term.word.folded in ACRONYMS


def _clashes(entry: IndexEntry, term: SiteTerm) -> bool:
    if term.is_acronym or term.is_code:
        return False
    return _has_only_as_acronym(entry, term.keys, term.word.folded)


def _has_only_as_acronym(entry: IndexEntry, keys: frozenset[str], folded: str) -> bool:
    """Whether an orientation has a word only as the stem of an acronym is that of the word: REP for « repas »."""
    alike = [word for word in entry.spelled if not french.keys(word).isdisjoint(keys)]
    return bool(alike) and all(is_acronym(word) and french.folded(word) != folded for word in alike)


class Led(NamedTuple):
    """How an orientation is found: in which tier, and by what other words."""

    tier: int
    lead: Synonym | None


def _otherwise(query: SiteQuery, index: SearchIndex) -> tuple[dict[int, Led], dict[int, Led]]:
    """By their positions, those that have all terms, one way or another; and those that have half of the known ones by
    other words, one of which is not common."""
    leads: dict[int, Synonym] = {}

    def led(synonym: Synonym) -> set[int]:
        having = [_having(index, keys, folded) for keys, folded in synonym.words]
        positions = set.intersection(*having) if having else set()
        for position in positions:
            leads.setdefault(position, synonym)
        return positions

    named = [led(phrase) for phrase in query.phrases]  # several words say more than one: their reason comes first
    written = [_written(term, index) for term in query.terms]
    ways = [own.union(*map(led, term.leads)) for own, term in zip(written, query.terms, strict=True)]
    telling = [place for place, term in enumerate(query.terms) if term in query.telling]
    plain = set.intersection(*(ways[place] for place in telling)) if telling else set()
    nearly = [own.union(*map(led, term.near_leads)) for own, term in zip(written, query.terms, strict=True)]
    as_written = set().union(*(nearly[place] for place in telling))
    complete = {
        position: Led(MIXED if position in as_written else OTHERWISE, leads.get(position)) for position in plain
    }
    rarest = [own for term, own in zip(query.terms, nearly, strict=True) if term is query.rarest]
    half = {position: Led(_partly(position, rarest), leads[position]) for position in _half(query, ways) & leads.keys()}
    for phrase, positions in zip(query.phrases, named, strict=True):
        others = [ways[place] for place in telling if place not in phrase.places]
        # What was typed is, whole, how people name it: that says more than words that stand apart.
        tier = ANYWHERE if phrase.size == len(query.terms) else MIXED
        for position in positions.intersection(*others):
            if position not in complete or tier < complete[position].tier:
                complete[position] = Led(tier, phrase)
        half |= dict.fromkeys(positions, Led(PARTLY, phrase))
    return complete, {position: way for position, way in half.items() if position not in complete}


def _having(index: SearchIndex, keys: frozenset[str], folded: str) -> set[int]:
    """The positions of those that have a word; an acronym of which it has the stem is another."""
    positions = index.having(keys)
    return {place for place in positions if not _has_only_as_acronym(index.entries[place], keys, folded)}


def _partly(position: int, rarest: list[set[int]]) -> int:
    """Whether an orientation has the rarest word, or else another one."""
    return PARTLY if any(position in positions for positions in rarest) else PARTLY_OTHERWISE


def _written(term: SiteTerm, index: SearchIndex) -> set[int]:
    """The positions of those that have a term as it is written, or a word that it begins."""
    if term.phrase:
        return {entry.position for entry in index.entries if entry.says(term.phrase)}
    check = _spells_word if term.is_acronym else _keeps
    own = {position for position in index.having(term.keys) if check(index.entries[position], term)}
    if term.prefix:
        own |= set().union(*(index.by_word[word] for word in index.beginning(term.word.folded)))
    return own


def _half(query: SiteQuery, ways: list[set[int]]) -> set[int]:
    known = [(term, way) for term, way in zip(query.terms, ways, strict=True) if way or term.number]
    counts = Counter(position for _, way in known for position in way)
    telling = set().union(*(way for term, way in known if not term.is_common))
    return {position for position, number in counts.items() if number >= ceil(len(known) / 2)} & telling
