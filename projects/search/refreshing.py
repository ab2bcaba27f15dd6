"""Entries are written again when what they are made of has changed: before a search, a little at a time."""

from collections.abc import Iterable

from django.db import connection, transaction

from cohesion.lib import french
from projects.search.entries import SOURCES
from projects.search.models import SearchEntry, SearchWord, StaleEntry
from projects.search.words import LONGEST

AT_ONCE = 200  # what a person waits for; the rest follows with the next search, or in the night
BATCH = 1_000
SHORTEST_WORD = 4
# An arbitrary number that only this lock uses (PostgreSQL knows advisory locks by number).
ADVISORY_LOCK = 5_220_290


def refresh(most: int = AT_ONCE) -> int:
    """Write again at most so many entries that are stale; how many rows told so. One does it at a time."""
    if not StaleEntry.objects.exists():
        return 0
    with transaction.atomic():
        if not _is_ours():
            return 0
        told = list(StaleEntry.objects.order_by("pk").values_list("pk", "source", "key")[:most])
        by_source: dict[str, set[int]] = {}
        for _, source, key in told:
            by_source.setdefault(source, set()).add(key)
        for source, keys in by_source.items():
            _write(source, keys)
        for start in range(0, len(told), BATCH):
            StaleEntry.objects.filter(pk__in=[pk for pk, _, _ in told[start : start + BATCH]]).delete()
    return len(told)


def refresh_all() -> int:
    """Write again all that is stale, in batches; how many rows told so."""
    total = 0
    while written := refresh(BATCH):
        total += written
    return total


def _is_ours() -> bool:
    """Whether nobody else is writing entries. SQLite has one writer at a time anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ADVISORY_LOCK])
        return bool(cursor.fetchone()[0])


def _write(source: str, keys: set[int]) -> None:
    """The entries of a source: what was there goes, for a project that is public no more changes its kind."""
    kinds, entries = SOURCES[source]
    former = SearchEntry.objects.filter(kind__in=kinds)
    if source != "page":
        former = former.filter(key__in=keys)
    former.delete()
    written = list(entries(keys))
    SearchEntry.objects.bulk_create(written, batch_size=BATCH)  # not the tree
    _learn(entry for entry in written if entry.is_public)


def _learn(entries: Iterable[SearchEntry]) -> None:
    """The words of public lines: those that a mistyped one may have been meant to be."""
    spellings: dict[str, str] = {}
    for entry in entries:
        for token in french.tokens(f"{entry.title} {entry.context}"):
            if SHORTEST_WORD <= len(token.folded) <= LONGEST and token.folded.isalpha() and len(token.word) <= LONGEST:
                spellings.setdefault(token.folded, token.word if token.word.isupper() else token.word.lower())
    known: set[str] = set()
    words = sorted(spellings)
    for start in range(0, len(words), BATCH):
        known |= set(SearchWord.objects.filter(word__in=words[start : start + BATCH]).values_list("word", flat=True))
    new = [SearchWord(word=word, spelling=spellings[word]) for word in words if word not in known]
    SearchWord.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)  # not the tree
