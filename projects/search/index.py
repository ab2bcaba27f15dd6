"""The index of entries, asked in the language of each database: PostgreSQL's own full text, FTS5 on SQLite.

Entries stand in one order, which a number says: the place of their kind, the length of their title, their key
(``migrations/_search.py``). The index of SQLite knows each entry by that number alone: it counts entries and gives
them in their order without a look at their rows. PostgreSQL looks at their rows, which it keeps short.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from cohesion.lib.people import Visitor
from projects.choices import SearchKind
from projects.members import rules
from projects.search.models import RANKS, SearchEntry
from projects.search.words import ELECTED, MEMBER, PUBLIC, either, every, for_sqlite, without

TABLE, INDEX = SearchEntry._meta.db_table, "projects_searchindex"  # see projects/migrations/_search.py
RANK_AT, LENGTH_AT = 56, 40  # the bits of a place
PLACE = f"((e.rank::bigint << {RANK_AT}) | (e.length::bigint << {LENGTH_AT}) | e.key)"
KINDS = list(SearchKind)
# Above so many entries, a word is common whatever their number: it is counted no further.
COUNTED = 2_000
COMMON_SHARE = 4  # a word is common, too, that one entry in four has
_large: set[str] = set()  # the databases that have so many entries that nobody need count them again


class EntryRow(NamedTuple):
    """An entry that was found: in which tier, and its place among all entries."""

    tier: int
    place: int

    @property
    def kind(self) -> SearchKind:
        return KINDS[self.place >> RANK_AT]

    @property
    def key(self) -> int:
        return self.place & ((1 << LENGTH_AT) - 1)


def readers_of(viewer: Visitor) -> str:
    """The expression of what somebody may read; nothing for officers, who read all."""
    if rules.is_officer(viewer):
        return ""
    own = [f"{MEMBER}{key}" for key in rules.memberships(viewer)]
    return either([PUBLIC, *own, ELECTED if rules.is_elected(viewer) else ""])


def numbers(expressions: Sequence[str], readers: str) -> tuple[list[int], int]:
    """How many entries each expression finds, counted up to ``COUNTED``, and from which number on a word is common.
    One query."""
    parts, values = [], []
    of_public = _of_public(readers)
    for place, expression in enumerate(expressions):
        inner = f"SELECT 1 FROM {_source()} WHERE {_matches()}{of_public} LIMIT {COUNTED}"  # noqa: S608
        parts.append(f"SELECT {place} AS place, COUNT(*) AS number FROM ({inner}) AS counted")  # noqa: S608
        values.append(_written(every([expression, "" if of_public else readers])))
    if connection.alias not in _large:
        # In the order of an index: neither database reads the rows.
        every_entry = f"SELECT kind, key FROM {TABLE} ORDER BY kind, key LIMIT {COUNTED * COMMON_SHARE}"  # noqa: S608
        parts.append(f"SELECT {len(expressions)}, COUNT(*) FROM ({every_entry}) AS counted")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        counted = dict(cursor.fetchall())
    whole = counted.get(len(expressions), COUNTED * COMMON_SHARE)
    if whole == COUNTED * COMMON_SHARE:
        _large.add(connection.alias)
    return [counted[place] for place in range(len(expressions))], max(2, whole // COMMON_SHARE)


Counts = Counter[tuple[int, str]]


def find(
    tiers: Sequence[str], readers: str, kinds: Collection[str], offset: int, limit: int
) -> tuple[Counts, list[EntryRow]]:
    """How many entries are found by tier and kind, and some of those of ``kinds`` in their order.

    ``tiers``: the expression of each tier, from the first on; what an earlier one finds is not of the later ones.
    SQLite counts in its index, then gives the page from there: two queries. PostgreSQL looks at each row that is found:
    it does so once, in one query.
    """
    if connection.vendor != "sqlite":
        return _found_once(tiers, readers, kinds, offset, limit)
    counts = _counted(tiers, readers)
    return counts, _rows(tiers, readers, kinds, list(_pieces(counts, kinds, offset, limit)))


def _found_once(
    tiers: Sequence[str], readers: str, kinds: Collection[str], offset: int, limit: int
) -> tuple[Counts, list[EntryRow]]:
    tried = [tier for tier, expression in enumerate(tiers, start=1) if expression]
    if not tried:
        return Counter(), []
    of_public = _of_public(readers)
    columns = f"{PLACE} AS place FROM {TABLE} e WHERE {_matches()}{of_public}"
    parts = [f"SELECT {tier} AS tier, {columns}" for tier in tried]
    values: list[str | int] = [_alone(tiers, tier, "" if of_public else readers) for tier in tried]
    ranks = sorted(RANKS[SearchKind(kind)] for kind in kinds)
    of_kinds = f"WHERE place >> {RANK_AT} IN ({', '.join(map(str, ranks))})" if ranks else ""
    sql = f"""
        WITH found AS MATERIALIZED ({" UNION ALL ".join(parts)}),
        page AS (SELECT tier, place FROM found {of_kinds} ORDER BY tier, place LIMIT %s OFFSET %s)
        SELECT tier, place, 0 FROM page
        UNION ALL SELECT tier, place >> {RANK_AT}, COUNT(*) FROM found GROUP BY 1, 2"""  # noqa: S608
    counts: Counts = Counter()
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, limit, offset])
        for tier, place, number in cursor.fetchall():
            if number:
                counts[tier, KINDS[place].value] = number
            else:
                rows.append(EntryRow(tier, place))
    return counts, sorted(rows)


def _rows(
    tiers: Sequence[str], readers: str, kinds: Collection[str], pieces: Sequence[tuple[int, int, int]]
) -> list[EntryRow]:
    """The entries of some stretches of tiers: the tier, from which of its entries on, how many."""
    if not pieces:
        return []
    ranks = sorted(RANKS[SearchKind(kind)] for kind in kinds)
    parts: list[str] = []
    values: list[str | int] = []
    of_kinds = f" AND {_ranks(ranks)}" if ranks else ""
    for tier, first, number in pieces:
        columns = f"SELECT {tier} AS tier, {_place()} AS place FROM {_source()} WHERE {_matches()}{of_kinds}"  # noqa: S608
        parts.append(f"SELECT * FROM ({columns} ORDER BY 2 LIMIT %s OFFSET %s) AS page{tier}")  # noqa: S608
        values += [_written(_alone(tiers, tier, readers)), number, first]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return sorted(EntryRow(*row) for row in cursor.fetchall())


def first(tiers: Sequence[str], readers: str, limit: int) -> list[EntryRow]:
    """The first entries, in their order, and nothing counted. One query.

    So many of each tier are looked at, those that an earlier one has too: together they have as many others.
    """
    of_public = _of_public(readers)
    tried = [tier for tier, expression in enumerate(tiers, start=1) if expression]
    if not tried:
        return []
    parts: list[str] = []
    values: list[str | int] = []
    for tier in tried:
        columns = f"SELECT {tier} AS tier, {_place()} AS place FROM {_source()} WHERE {_matches()}{of_public}"  # noqa: S608
        parts.append(f"SELECT * FROM ({columns} ORDER BY 2 LIMIT %s) AS page{tier}")  # noqa: S608
        values += [_written(every([tiers[tier - 1], "" if of_public else readers])), limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        rows = sorted(EntryRow(*row) for row in cursor.fetchall())
    earliest: dict[int, EntryRow] = {}
    for row in rows:
        earliest.setdefault(row.place, row)
    return list(earliest.values())[:limit]


def holders(expressions: Sequence[str], limit: int) -> list[list[EntryRow]]:
    """For each expression, entries that have it: at most ``limit``, in no order, whoever may read them. One query."""
    held: list[list[EntryRow]] = [[] for _ in expressions]
    if not expressions:
        return held
    parts: list[str] = []
    values: list[str | int] = []
    for number, expression in enumerate(expressions):
        columns = f"SELECT {number} AS number, {_place()} AS place FROM {_source()} WHERE {_matches()}"  # noqa: S608
        parts.append(f"SELECT * FROM ({columns} LIMIT %s) AS part{number}")  # noqa: S608
        values += [_written(expression), limit]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        for number, place in cursor.fetchall():
            held[number].append(EntryRow(number, place))
    return held


def _pieces(counts: Counts, kinds: Collection[str], offset: int, limit: int) -> Iterator[tuple[int, int, int]]:
    """The tiers that a page is of: from which of their entries on, and how many of them."""
    before = 0
    for tier in sorted({tier for tier, _ in counts}):
        size = sum(number for (other, kind), number in counts.items() if other == tier and (not kinds or kind in kinds))
        first, end = max(offset, before), min(offset + limit, before + size)
        if first < end:
            yield tier, first - before, end - first
        before += size


def _alone(tiers: Sequence[str], tier: int, readers: str) -> str:
    """What is of a tier and of none before it."""
    return without(every([tiers[tier - 1], readers]), either(tiers[: tier - 1]))


def _counted(tiers: Sequence[str], readers: str) -> Counts:
    parts = []
    values = []
    for tier, expression in enumerate(tiers, start=1):
        if expression:
            ranks = f"SELECT {tier}, rowid >> {RANK_AT}, COUNT(*) FROM {INDEX}"  # noqa: S608
            parts.append(f"{ranks} WHERE {_matches()} GROUP BY 2")
            values.append(_written(_alone(tiers, tier, readers)))
    if not parts:
        return Counter()
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return Counter({(tier, KINDS[rank].value): number for tier, rank, number in cursor.fetchall()})


def keys_of(kinds: Collection[str], expression: str) -> RawSQL:
    """The keys of the objects of these kinds that an expression finds, as a subquery."""
    ranks = sorted(RANKS[SearchKind(kind)] for kind in kinds)
    key = f"rowid & {(1 << LENGTH_AT) - 1}" if connection.vendor == "sqlite" else "e.key"
    # The ranks are numbers from a closed list, all else is a parameter.
    sql = f"SELECT {key} FROM {_source()} WHERE {_matches()} AND {_ranks(ranks)}"  # noqa: S608
    values: tuple[Any, ...] = (_written(expression),)
    return RawSQL(sql, values)  # noqa: S611


def _source() -> str:
    return INDEX if connection.vendor == "sqlite" else f"{TABLE} e"


def _place() -> str:
    return "rowid" if connection.vendor == "sqlite" else PLACE


def _of_public(readers: str) -> str:
    """The condition that anybody may read an entry, for PostgreSQL, which has its row at hand; else nothing: who may
    read an entry is asked of the index."""
    return " AND e.is_public" if connection.vendor != "sqlite" and readers == PUBLIC else ""


def _ranks(ranks: Sequence[int]) -> str:
    """The condition that an entry is of these kinds; of one, SQLite looks at that stretch of its index only."""
    if connection.vendor != "sqlite":
        return f"e.rank IN ({', '.join(map(str, ranks))})"
    if len(ranks) == 1:
        return f"rowid BETWEEN {ranks[0] << RANK_AT} AND {((ranks[0] + 1) << RANK_AT) - 1}"
    return f"rowid >> {RANK_AT} IN ({', '.join(map(str, ranks))})"


def _matches() -> str:
    """The condition that an entry has an expression, which is a parameter.

    PostgreSQL must not guess how much an expression finds: where it expects much, it reads the whole table and unpacks
    the tokens of each row, which takes ten times as long as its index.
    """
    return f"{INDEX} MATCH %s" if connection.vendor == "sqlite" else "e.document @@ (SELECT %s::tsquery)"


def _written(expression: str) -> str:
    return for_sqlite(expression) if connection.vendor == "sqlite" else expression


def forget_deleted() -> None:
    """Take the words of entries that are gone out of the index itself: FTS5 marks them, and forgets them some day."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")  # noqa: S608
