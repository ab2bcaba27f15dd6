"""What the whole site has of some words, for one person."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import axes.search
from axes.addresses import orientation_address
from axes.models import Framework
from axes.search import SearchIndex, index_of
from axes.search.query import Term as Mark
from axes.search.results import marked
from cohesion.lib.people import Visitor
from cohesion.lib.text import NBSP
from projects.choices import SearchKind
from projects.search import correcting
from projects.search.about import ways
from projects.search.entries import PROJECT_KINDS
from projects.search.index import EntryLine, EntryRow, find, first, lines_of, readers_of
from projects.search.orientations import Found, orientations
from projects.search.places import here
from projects.search.query import SiteQuery, parse
from projects.search.refreshing import refresh_for_reader
from projects.search.results import MIXED, OTHERWISE, PARTLY_OTHERWISE, SiteHit, SiteResults
from projects.search.synonyms import Synonym

MOST = 100  # hits on one page
BY_OTHERS = (MIXED, OTHERWISE, PARTLY_OTHERWISE)  # the tiers of what is found by other words than those typed


@dataclass
class _Finding:
    """What a query finds: orientations in their order, how many entries by lot and kind, and the first of these."""

    query: SiteQuery
    nodes: list[Found] = field(default_factory=list)
    counts: Counter[tuple[int, str]] = field(default_factory=Counter)
    rows: list[EntryRow] = field(default_factory=list)

    @property
    def by_kind(self) -> dict[SearchKind, int]:
        counts = {SearchKind.ORIENTATION: len(self.nodes)} if self.nodes else {}
        for kind in SearchKind:
            if number := sum(number for (_, own), number in self.counts.items() if own == kind):
                counts[kind] = number
        return counts

    def number(self, kinds: Collection[str], most: int = PARTLY_OTHERWISE) -> int:
        """How many are of these kinds (none: of any) and of a tier up to ``most``."""
        nodes = sum(node.tier <= most for node in self.nodes) if _wants(SearchKind.ORIENTATION, kinds) else 0
        return nodes + sum(n for (tier, kind), n in self.counts.items() if tier <= most and _wants(kind, kinds))


def _wants(kind: str, kinds: Collection[str]) -> bool:
    return not kinds or kind in kinds


def search(
    typed: str,
    viewer: Visitor,
    framework: Framework,
    *,
    kinds: Collection[str] = (),
    offset: int = 0,
    limit: int = 20,
) -> SiteResults:
    """What this person may read that has the words typed. ``kinds``: only those; empty: all. Orientations, which are
    in memory, come as many as are asked for; entries come ``MOST`` at a time."""
    gone = refresh_for_reader()
    index, readers = index_of(framework), readers_of(viewer)
    query = parse(typed, readers, index, here=here(framework))
    if not query.terms:
        return SiteResults(query.text)
    if set(kinds) != {SearchKind.ORIENTATION}:
        limit = min(limit, MOST)
    finding = _find(query, framework, index, kinds, offset, limit)
    meant = "" if finding.number((), OTHERWISE) else _meant(query, finding, framework, index)
    return SiteResults(
        text=query.text,
        hits=_hits(finding, kinds, offset, limit, gone),
        counts=finding.by_kind,
        total=finding.number(kinds),
        complete=finding.number(kinds, OTHERWISE),
        suggestion=meant,
        ways=[*ways(query, index)],
    )


def complete(typed: str, viewer: Visitor, framework: Framework, limit: int = 8) -> list[SiteHit]:
    """The first hits of a text that is still being typed: its last word is a beginning."""
    gone = refresh_for_reader()
    index = index_of(framework)
    query = parse(typed, readers_of(viewer), index, here=here(framework), is_typing=True)
    if not query.terms:
        return []
    nodes = orientations(query, framework, index)
    rows = first(query.tiers[:OTHERWISE], query.readers, limit)
    page = _by_tier(nodes, rows)[:limit]
    return [hit for hit in _shown(page, query, gone) if hit.tier <= OTHERWISE]


def _find(
    query: SiteQuery, framework: Framework, index: SearchIndex, kinds: Collection[str], offset: int, limit: int
) -> _Finding:
    counts, rows = find(query.tiers, query.whole, query.readers, kinds, offset + limit)
    return _Finding(query, orientations(query, framework, index), counts, rows)


def _meant(query: SiteQuery, finding: _Finding, framework: Framework, index: SearchIndex) -> str:
    """A text near this one that finds something for this person with all its words, or something where this one finds
    nothing at all; or no text."""
    if any(term.is_code for term in query.terms):
        return axes.search.search(framework, query.read).suggestion if len(query.terms) == 1 else ""
    text = correcting.meant(query, index)
    if not text:
        return ""
    corrected = parse(text, query.readers, index, here=query.here)
    least = OTHERWISE if finding.number(()) else PARTLY_OTHERWISE
    return text if _find(corrected, framework, index, (), 0, 1).number((), least) else ""


# --- the hits of a page ---------------------------------------------------------------------------------------


def _hits(
    finding: _Finding, kinds: Collection[str], offset: int, limit: int, gone: Collection[tuple[str, int]]
) -> list[SiteHit]:
    """The page: orientations first in each tier, then entries in their order. ``gone``: what is the public's no more
    (officers read it still)."""
    nodes = finding.nodes if _wants(SearchKind.ORIENTATION, kinds) else []
    return _shown(_by_tier(nodes, finding.rows)[offset : offset + limit], finding.query, gone)


def _by_tier(nodes: Sequence[Found], rows: Sequence[EntryRow]) -> list[Found | EntryRow]:
    """Orientations first in each tier."""
    return sorted([*nodes, *rows], key=lambda item: item.tier)


def _shown(page: Iterable[Found | EntryRow], query: SiteQuery, gone: Collection[tuple[str, int]]) -> list[SiteHit]:
    items = list(page)
    rows = [item for item in items if isinstance(item, EntryRow)]
    by_kind_and_key = lines_of(rows, has_tokens=any(row.tier in BY_OTHERS for row in rows))
    if query.readers:
        for pair in gone:
            by_kind_and_key.pop(pair, None)
    hits = []
    for item in items:
        if isinstance(item, Found):
            hits.append(_orientation(item))
        elif written := by_kind_and_key.get((item.kind, item.key)):  # it may have been written again meanwhile
            hits.append(_entry(written, item.tier, query))
    return _newest_first(hits)


def _newest_first(hits: list[SiteHit]) -> list[SiteHit]:
    """What is done again year after year, under one title, stands where it stood, the last time first: its code begins
    with the year."""
    again: dict[tuple[int, str, str], list[SiteHit]] = {}
    for hit in sorted(hits, key=lambda hit: (hit.code, hit.key)):
        if hit.kind in PROJECT_KINDS:
            again.setdefault((hit.tier, hit.kind, hit.title), []).append(hit)
    return [again[hit.tier, hit.kind, hit.title].pop() if hit.kind in PROJECT_KINDS else hit for hit in hits]


def _orientation(item: Found) -> SiteHit:
    orientation = item.hit.orientation
    return SiteHit(
        kind=SearchKind.ORIENTATION,
        key=orientation.pk,
        code=orientation.code,
        title=orientation.display_title,
        address=orientation_address(orientation),
        context=" › ".join(name for _, name in item.hit.trail),
        why=_why(item.lead),
        tier=item.tier,
        wording=item.hit.wording,
        place=item.hit,
    )


def _entry(entry: EntryLine, tier: int, query: SiteQuery) -> SiteHit:
    lead = _lead({*entry.tokens.split(" "), *entry.words.split(" ")}, query) if tier in BY_OTHERS else None
    marks = [term.mark for term in query.terms]
    marks += [Mark(folded, keys=keys) for keys, folded in (lead.words if lead else ())]
    return SiteHit(
        kind=SearchKind(entry.kind),
        key=entry.key,
        code=entry.code,
        title=entry.title,
        address=entry.address,
        context=entry.context,
        why=_why(lead),
        tier=tier,
        wording=marked(entry.title, marks),
    )


def _lead(tokens: set[str], query: SiteQuery) -> Synonym | None:
    """What of the query leads to an entry that has no such word."""
    for lead in query.synonyms:
        if all(not tokens.isdisjoint(word) for word in lead.tokens):
            return lead
    return None


def _why(lead: Synonym | None) -> str:
    return f"{lead.typed}{NBSP}: {lead.head}" if lead else ""
