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
from projects.search.results import (
    ANYWHERE,
    BY_CODE,
    HERE,
    IN_TITLE,
    MIXED,
    OTHERWISE,
    PARTLY,
    PARTLY_OTHERWISE,
    TITLED,
)
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


def numbers(expressions: Sequence[str], readers: str, *, is_alone: bool = False) -> tuple[list[int], int]:
    """How many entries each expression finds, counted up to ``COUNTED``, and from which number on a word is common.
    One query. ``is_alone``: no other word is weighed against these, and whether there is any is enough."""
    parts, values = [], []
    most = 1 if is_alone else COUNTED
    of_public = _of_public(readers)
    for place, expression in enumerate(expressions):
        inner = f"SELECT 1 FROM {_source()} WHERE {_matches()}{of_public} LIMIT {most}"  # noqa: S608
        parts.append(f"SELECT {place} AS place, COUNT(*) AS number FROM ({inner}) AS counted")  # noqa: S608
        values.append(_written(every([expression, "" if of_public else readers])))
    if connection.alias not in _large and not is_alone:
        # In the order of an index: neither database reads the rows.
        every_entry = f"SELECT kind, key FROM {TABLE} ORDER BY kind, key LIMIT {COUNTED * COMMON_SHARE}"  # noqa: S608
        parts.append(f"SELECT {len(expressions)}, COUNT(*) FROM ({every_entry}) AS counted")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        counted = dict(cursor.fetchall())
    whole = counted.get(len(expressions), COUNTED * COMMON_SHARE)
    if whole == COUNTED * COMMON_SHARE and not is_alone:
        _large.add(connection.alias)
    return [counted[place] for place in range(len(expressions))], max(2, whole // COMMON_SHARE)


Counts = Counter[tuple[int, str]]
Part = tuple[str, list[str | int]]  # a statement and its values
# The tiers that are asked for together, the next ones only where those before do not fill the page.
ROUNDS = (
    (BY_CODE, IN_TITLE, TITLED, HERE),
    (ANYWHERE, MIXED, OTHERWISE),
    (PARTLY, PARTLY_OTHERWISE),
)


def find(
    tiers: Sequence[str], whole: str, readers: str, kinds: Collection[str], most: int
) -> tuple[Counts, list[EntryRow]]:
    """The first entries of ``kinds`` (none: of any), best first, and how many there are of each kind.

    ``tiers``: the expression of each tier, from the first on; what an earlier one finds is not of the later ones. They
    are counted in two lots, under the last tier of each: what has all words (``whole``), and the rest.
    """
    parts = _counting(whole, either(tiers[OTHERWISE:]), readers)
    counts: Counts = Counter()
    earliest: dict[int, EntryRow] = {}
    for tried in ROUNDS:
        known = sum(n for (tier, kind), n in counts.items() if tier <= tried[-1] and (not kinds or kind in kinds))
        if parts or len(earliest) < min(most, known):
            rows, numbers_by_lot = _answers([*parts, *_pages(tiers, tried, readers, kinds, most)])
            counts += numbers_by_lot
            earliest = {row.place: row for row in reversed([*earliest.values(), *rows])}
        parts = []
    return counts, sorted(earliest.values())[:most]


def first(tiers: Sequence[str], readers: str, most: int) -> list[EntryRow]:
    """The first entries, best first, and nothing counted."""
    earliest: dict[int, EntryRow] = {}
    for tried in ROUNDS:
        if len(earliest) < most:
            rows, _ = _answers([*_pages(tiers, tried, readers, (), most)])
            earliest = {row.place: row for row in reversed([*earliest.values(), *rows])}
    return sorted(earliest.values())[:most]


def _answers(parts: Sequence[Part]) -> tuple[list[EntryRow], Counts]:
    """The entries of several pages, and the numbers of several lots: (tier, kind). One query."""
    if not parts:
        return [], Counter()
    counts: Counts = Counter()
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(part for part, _ in parts), [value for _, own in parts for value in own])
        for tier, place, number in cursor.fetchall():
            if number < 0:
                rows.append(EntryRow(tier, place))
            elif number:
                counts[tier, KINDS[place].value] = number
    return sorted(rows), counts


def _pages(
    tiers: Sequence[str], tried: Sequence[int], readers: str, kinds: Collection[str], most: int
) -> Iterator[Part]:
    """The first entries of each of some tiers, those of earlier ones too: together they have as many others."""
    of_public = _of_public(readers)
    ranks = sorted(RANKS[SearchKind(kind)] for kind in kinds)
    of_kinds = f" AND {_ranks(ranks)}" if ranks else ""
    for tier in tried:
        if expression := tiers[tier - 1] if tier <= len(tiers) else "":
            columns = f"{tier} AS tier, {_place()} AS place, -1 AS number"
            inner = f"SELECT {columns} FROM {_source()} WHERE {_matches()}{of_public}{of_kinds} ORDER BY 2 LIMIT %s"  # noqa: S608
            values: list[str | int] = [_written(every([expression, "" if of_public else readers])), most]
            yield f"SELECT * FROM ({inner}) AS page{tier}", values  # noqa: S608


def _counting(whole: str, rest: str, readers: str) -> list[Part]:
    """How many of each kind have all words, and how many more are found."""
    parts: list[Part] = []
    of_public = _of_public(readers)
    for lot, expression in ((OTHERWISE, whole), (PARTLY_OTHERWISE, without(rest, whole) if rest else "")):
        for kind, stretch, readable in _stretches("" if of_public else readers) if expression else ():
            columns = f"{lot} AS tier, {kind} AS place, COUNT(*) AS number"
            statement = f"SELECT {columns} FROM {_source()} WHERE {_matches()}{of_public}{stretch}"  # noqa: S608
            parts.append((statement, [_written(every([f"({expression})", readable]))]))
    return parts


def _stretches(readers: str) -> list[tuple[str, str, str]]:
    """What is counted apart: its kind, where it stands, and who may read it. Of projects, which are most of all and are
    public, SQLite then counts a stretch of its index: it neither looks at each nor sorts them."""
    if connection.vendor != "sqlite":
        return [("e.rank::bigint", " GROUP BY 2", readers)]
    first, last = (RANKS[SearchKind.PROJECT] + more << RANK_AT for more in (0, 1))
    kind = f"rowid >> {RANK_AT}"
    return [
        (kind, f" AND rowid < {first} GROUP BY 2", readers),
        (str(RANKS[SearchKind.PROJECT]), f" AND {_ranks([RANKS[SearchKind.PROJECT]])}", ""),
        (kind, f" AND rowid >= {last} GROUP BY 2", readers),
    ]


class EntryLine(NamedTuple):
    """What a page says of an entry; the tokens and the words of one that is found by other words than those typed."""

    kind: str
    key: int
    code: str
    title: str
    address: str
    context: str
    tokens: str = ""
    words: str = ""


def lines_of(rows: Collection[EntryRow], *, has_tokens: bool) -> dict[tuple[str, int], EntryLine]:
    """What is written of some entries, by kind and key; one query, as plain rows."""
    kinds, keys = sorted({row.kind for row in rows}), sorted({row.key for row in rows})
    if not rows:
        return {}
    columns = ", ".join(EntryLine._fields if has_tokens else EntryLine._fields[:-2])
    of_kinds, of_keys = (", ".join(["%s"] * len(values)) for values in (kinds, keys))
    with connection.cursor() as cursor:
        statement = f"SELECT {columns} FROM {TABLE} WHERE kind IN ({of_kinds}) AND key IN ({of_keys})"  # noqa: S608
        cursor.execute(statement, [*kinds, *keys])
        lines = [EntryLine(*row) for row in cursor.fetchall()]
    return {(line.kind, line.key): line for line in lines}


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
