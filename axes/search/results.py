"""What a query finds: ranked, counted by axis and level, with the words found marked."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from math import ceil, log
from typing import NamedTuple

from axes.models import Framework, Orientation
from axes.search.index import IndexEntry, SearchIndex, index_of
from axes.search.query import Query, Term, clean, parse_query
from cohesion.lib import french
from cohesion.lib.text import fold

# What a way of having a term is worth beside its plain word.
IN_ADOPTED_ONLY, BY_BEGINNING, IN_BRANCH = 0.9, 0.6, 0.3
NAMED_BY_CODE = 1_000.0
TRAIL_WORDS = 9
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]*")
_JOINS = re.compile(r"[\s’'\-]+")  # what may stand between two words marked as one


class Segment(NamedTuple):
    """A piece of wording, and whether it was asked for."""

    text: str
    is_hit: bool


@dataclass(frozen=True)
class Hit:
    """An orientation found. ``is_complete``: it has every term of the query."""

    entry: IndexEntry
    terms: tuple[Term, ...]
    is_complete: bool
    opens_partial: bool = False  # the first of those that have some terms only

    @property
    def orientation(self) -> Orientation:
        return self.entry.node.orientation

    @property
    def path(self) -> list[Orientation]:
        """Its ancestors, from the axis down."""
        return [node.orientation for node in self.entry.node.path]

    @property
    def trail(self) -> list[tuple[Orientation, str]]:
        """Its ancestors, each with a name short enough for one line."""
        return [(orientation, french.shortened(orientation.name, TRAIL_WORDS)) for orientation in self.path]

    @property
    def axis(self) -> Orientation:
        return self.entry.node.axis.orientation

    @property
    def wording(self) -> list[Segment]:
        """The displayed wording, cut where the words found begin and end."""
        return marked(self.orientation.display_title, self.terms)

    @property
    def adopted(self) -> list[Segment]:
        """The adopted wording, when a word was found there and not in the displayed form; else nothing."""
        if not self.entry.adopted:
            return []
        adopted = marked(self.orientation.title, self.terms)
        return adopted if _hit_words(adopted) - _hit_words(self.wording) else []


def _hit_words(segments: list[Segment]) -> set[str]:
    return {fold(segment.text) for segment in segments if segment.is_hit}


@dataclass(frozen=True)
class Results:
    """All that was found, best first. ``axes`` and ``levels`` count what each facet would show, the other kept."""

    query: Query
    hits: list[Hit] = field(default_factory=list)
    axes: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    unfiltered: int = 0
    suggestion: str = ""

    @property
    def complete(self) -> int:
        """How many of the hits have every term; they come first."""
        return sum(hit.is_complete for hit in self.hits)


def search(
    framework: Framework,
    typed: str,
    *,
    axes: Collection[str] = (),
    levels: Collection[str] = (),
    corrects: bool = True,
) -> Results:
    """Find the orientations of a framework that have the words typed, in every wording.

    Those that have all the terms come first, then those that have at least half of the known ones; then rare
    terms before common ones, the displayed wording before the adopted one, short before long, and the order
    of the document. ``axes`` (codes) and ``levels`` narrow what is found; empty: everything. ``corrects``: whether
    unknown words lead to a suggestion.
    """
    index = index_of(framework)
    query = parse_query(clean(typed), index)
    if not query.terms:
        return Results(query)
    ranked = _ranked(index, query)
    hits: list[Hit] = []
    by_axis: Counter[str] = Counter()
    by_level: Counter[str] = Counter()
    for position, is_complete in ranked:
        entry = index.entries[position]
        in_axes, in_levels = not axes or entry.axis in axes, not levels or entry.level in levels
        by_axis[entry.axis] += in_levels
        by_level[entry.level] += in_axes
        if in_axes and in_levels:
            opens_partial = not is_complete and bool(hits) and hits[-1].is_complete
            hits.append(Hit(entry, query.terms, is_complete, opens_partial))
    return Results(query, hits, by_axis, by_level, len(ranked), _suggestion(index, query) if corrects else "")


def _ranked(index: SearchIndex, query: Query) -> list[tuple[int, bool]]:
    total = len(index.entries)
    scores: dict[int, float] = {}
    counts: Counter[int] = Counter()
    known = 0
    for term in query.terms:
        worth = _worth_by_position(index, term, alone=len(query.terms) == 1)
        known += bool(worth)
        rarity = log(1 + total / len(worth)) if worth else 0
        for position, value in worth.items():
            scores[position] = scores.get(position, 0) + value * rarity
        counts.update(worth.keys())
    least = ceil(known / 2)
    wanted = len(query.terms)
    kept = [position for position, count in counts.items() if count >= least]

    def rank(position: int) -> tuple[bool, float, int, int]:
        shown = index.entries[position].shown
        return counts[position] < wanted, -round(scores[position], 6), len(shown), position

    kept.sort(key=rank)
    return [(position, counts[position] == wanted) for position in kept]


def _worth_by_position(index: SearchIndex, term: Term, *, alone: bool) -> dict[int, float]:
    """The orientations that have a term, and what each way of having it is worth."""
    worth: dict[int, float] = {}
    if term.phrase:
        return {entry.position: 1.0 for entry in _candidates(index, term) if entry.says(term.phrase)}
    if term.code is not None and not alone:
        worth |= dict.fromkeys(index.branch(term.code), IN_BRANCH)
    if term.prefix:
        for word in index.beginning(term.prefix):
            worth |= dict.fromkeys(index.by_word[word] - worth.keys(), BY_BEGINNING)
    if term.keys:
        worth |= dict.fromkeys(index.having(term.keys), IN_ADOPTED_ONLY)
        worth |= dict.fromkeys(index.showing(term.keys), 1.0)
    if term.meaning:
        worth |= {entry.position: 1.0 for entry in _candidates(index, term) if entry.means(term.meaning)}
    if term.code is not None:
        worth[term.code] = NAMED_BY_CODE
    return worth


def _candidates(index: SearchIndex, term: Term) -> Iterator[IndexEntry]:
    """The orientations that have every word of a phrase or of an acronym's meaning, in whatever order."""
    sets = [index.by_word.get(word, set()) for word in term.phrase] or [index.having(keys) for keys in term.meaning]
    smallest, *others = sorted(sets, key=len)
    return (index.entries[position] for position in smallest.intersection(*others))


def _suggestion(index: SearchIndex, query: Query) -> str:
    """The query with its unknown words replaced by the nearest ones of the framework, or nothing.

    For a code that nothing bears: the nearest above it (« 5.2.9 » → « 5.2 »).
    """
    text = query.text
    if any(character.isdigit() for character in text) and _CODE.fullmatch(text):
        above = fold(text)
        while above and above not in index.by_code:
            above = above[: max(above.rfind("."), above.rfind("-"), 0)]
        return index.entries[index.by_code[above]].node.orientation.code if above not in ("", fold(text)) else ""
    for term in query.terms:
        is_word = not term.phrase and term.code is None
        if not is_word or index.having(term.keys) or (term.prefix and any(True for _ in index.beginning(term.prefix))):
            continue
        if nearest := index.speller.nearest(term.text):
            written = french.uncapped(nearest)
            text = re.sub(rf"(?<!\w){re.escape(term.text)}(?!\w)", written, text, count=1)
    return text if text != query.text else ""


def marked(text: str, terms: Collection[Term]) -> list[Segment]:
    """The text in pieces, those that a term asked for apart; joined, the pieces give the text back."""
    tokens = list(french.tokens(text))
    hits = sorted({place for term in terms for place in _places(tokens, term)})
    pieces: list[Segment] = []
    cursor = 0
    for place in hits:
        start, end = tokens[place].start, tokens[place].end
        between = text[cursor:start]
        if pieces and _JOINS.fullmatch(between):
            pieces[-1] = Segment(pieces[-1].text + text[cursor:end], True)
        else:
            pieces += [Segment(between, False), Segment(text[start:end], True)]
        cursor = end
    pieces.append(Segment(text[cursor:], False))
    return [piece for piece in pieces if piece.text]


def _places(tokens: list[french.Token], term: Term) -> Iterator[int]:
    """Which words of a text a term asked for."""
    if term.phrase:
        size = len(term.phrase)
        folded = tuple(token.folded for token in tokens)
        for start in range(len(tokens) - size + 1):
            if folded[start : start + size] == term.phrase:
                yield from range(start, start + size)
        return
    words = [place for place, token in enumerate(tokens) if not token.is_stop]
    for place, token in enumerate(tokens):
        if french.keys(token.word) & term.keys or (term.prefix and token.folded.startswith(term.prefix)):
            yield place
    size = len(term.meaning)
    for start in range(len(words) - size + 1) if size else ():
        run = words[start : start + size]
        if all(french.keys(tokens[place].word) & wanted for place, wanted in zip(run, term.meaning, strict=True)):
            yield from range(run[0], run[-1] + 1)
