"""Entries are written again when what they are made of has changed: before a search, a little at a time."""

import logging
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet

from cohesion.lib import french
from cohesion.lib.patience import impatient
from projects.catalogue.models import Need, Offer, Project, ReferenceDocument
from projects.members.models import Membership, Organization
from projects.search.entries import SOURCES
from projects.search.models import SearchEntry, SearchWord, StaleEntry
from projects.search.words import LONGEST
from projects.territory.models import Territory

PATIENCE = 100  # milliseconds
AT_ONCE = 200  # what a person waits for; the rest follows with the next search, or in the night
BATCH = 1_000
TOLD = 10  # rows that are read for each object
SHORTEST_WORD = 4
logger = logging.getLogger(__name__)
# An arbitrary number that only this lock uses (PostgreSQL knows advisory locks by number).
ADVISORY_LOCK = 5_220_290


def refresh_for_reader() -> set[tuple[str, int]]:
    """Before something is read: what is stale is written again, unless somebody else is writing. Nobody waits for
    that: what is stale is then served as it was, but for what the public may read no more, which is returned (kinds and
    keys)."""
    if not is_stale():
        return set()
    try:
        with impatient(PATIENCE):
            if refresh():
                return set()
    except OperationalError:
        logger.info("Recherche : une écriture est en cours, les entrées restent telles qu’elles étaient.")
    return {pair for entries in _withdrawn() for pair in entries.values_list("kind", "key")}


def is_stale() -> bool:
    """Whether anything waits to be written again: asked at each search, so as plainly as can be."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {StaleEntry._meta.db_table} LIMIT 1")  # noqa: S608 - the table's own name
        return cursor.fetchone() is not None


def refresh(most: int = AT_ONCE) -> int:
    """Write again at most so many entries that are stale; how many were. One does it at a time."""
    if not is_stale():
        return 0
    with transaction.atomic():
        if not _is_ours():
            return 0
        # Whatever else has to wait, what the public may read no more is taken away at once; it is written again later.
        for entries in _withdrawn():
            entries.delete()
        # The same is often told several times: it is written once.
        marks = StaleEntry.objects.order_by("pk").values_list("pk", "source", "key")[: TOLD * most]
        by_object: dict[tuple[str, int], list[int]] = {}
        for pk, source, key in marks:
            if (source, key) in by_object or len(by_object) < most:
                by_object.setdefault((source, key), []).append(pk)
        for source in SOURCES:
            if keys := {key for own, key in by_object if own == source}:
                _write(source, keys)
        done = [pk for pks in by_object.values() for pk in pks]
        for start in range(0, len(done), BATCH):
            StaleEntry.objects.filter(pk__in=done[start : start + BATCH]).delete()
    return len(by_object)


def refresh_all() -> int:
    """Write again all that is stale, in batches; how many entries were."""
    total = 0
    while written := refresh(BATCH):
        total += written
    return total


def _withdrawn() -> Iterator[QuerySet[SearchEntry]]:
    """The entries of what the public may read no more."""
    public: dict[str, QuerySet[Any]] = {
        "project": Project.objects.published(),
        "offer": Offer.objects.filter(project__in=Project.objects.published()),
        "need": Need.objects.published(),
    }
    for source, objects in public.items():
        stale = StaleEntry.objects.filter(source=source).values("key")
        shown = SearchEntry.objects.filter(is_public=True, kind__in=SOURCES[source][0], key__in=stale)
        yield shown.exclude(key__in=objects.order_by().values("pk"))


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
                spellings.setdefault(token.folded, french.uncapped(token.word))
    known: set[str] = set()
    words = sorted(spellings)
    for start in range(0, len(words), BATCH):
        known |= set(SearchWord.objects.filter(word__in=words[start : start + BATCH]).values_list("word", flat=True))
    new = [SearchWord(word=word, spelling=spellings[word]) for word in words if word not in known]
    SearchWord.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)  # not the tree


def tell_everything() -> None:
    """Say that every entry is stale, as the migration did that made the table."""
    everything: dict[str, Iterable[int]] = {
        "territory": Territory.objects.order_by().values_list("pk", flat=True),
        "organization": Organization.objects.order_by().values_list("pk", flat=True),
        "project": Project.objects.order_by().values_list("pk", flat=True),
        "offer": Offer.objects.order_by().values_list("pk", flat=True),
        "need": Need.objects.order_by().values_list("pk", flat=True),
        "document": ReferenceDocument.objects.order_by().values_list("pk", flat=True),
        "person": Membership.objects.order_by().values_list("user", flat=True).distinct(),
        "page": [0],
    }
    for source, keys in everything.items():
        marks = (StaleEntry(source=source, key=key) for key in keys)
        StaleEntry.objects.bulk_create(marks, batch_size=BATCH)  # not the tree
