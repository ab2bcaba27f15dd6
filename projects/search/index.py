"""The index of entries, asked in the language of each database: PostgreSQL's own full text, FTS5 on SQLite."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL

from cohesion.lib.people import Visitor
from projects.choices import SearchKind
from projects.members import rules
from projects.search.models import SearchEntry
from projects.search.results import PARTLY
from projects.search.words import ELECTED, MEMBER, PUBLIC, either, every, for_sqlite, without

TABLE, INDEX = SearchEntry._meta.db_table, "projects_searchindex"  # see projects/migrations/_search.py
# Above so many entries, a word is common whatever their number: it is counted no further.
COUNTED = 2_000
COMMON_SHARE = 4  # a word is common, too, that one entry in four has


class EntryRow(NamedTuple):
    """An entry that was found, and where it stands."""

    tier: int
    rank: int
    length: int
    key: int
    pk: int


def readers_of(viewer: Visitor) -> str:
    """The expression of what somebody may read; nothing for officers, who read all."""
    if rules.is_officer(viewer):
        return ""
    own = [f"{MEMBER}{key}" for key in rules.memberships(viewer)]
    return either([PUBLIC, *own, ELECTED if rules.is_elected(viewer) else ""])


def numbers(expressions: Sequence[str], readers: str) -> tuple[list[int], int]:
    """How many entries each expression finds, counted up to ``COUNTED``, and from which number on a word is common.
    One query."""
    is_sqlite = connection.vendor == "sqlite"
    parts, values = [], []
    for place, expression in enumerate(expressions):
        if is_sqlite:
            inner = f"SELECT 1 FROM {INDEX} WHERE {INDEX} MATCH %s LIMIT {COUNTED}"  # noqa: S608
        else:
            inner = f"SELECT 1 FROM {TABLE} WHERE document @@ %s::tsquery LIMIT {COUNTED}"  # noqa: S608
        parts.append(f"SELECT {place} AS place, COUNT(*) AS number FROM ({inner}) AS counted")  # noqa: S608
        values.append(_written(every([expression, readers])))
    every_entry = f"SELECT 1 FROM {TABLE} LIMIT {COUNTED * COMMON_SHARE}"  # noqa: S608
    parts.append(f"SELECT {len(expressions)}, COUNT(*) FROM ({every_entry}) AS counted")  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        counted = dict(cursor.fetchall())
    return [counted[place] for place in range(len(expressions))], max(2, counted[len(expressions)] // COMMON_SHARE)


def find(
    tiers: Sequence[str], whole: str, readers: str, kinds: Collection[str], offset: int, limit: int
) -> tuple[Counter[tuple[int, str]], list[EntryRow]]:
    """How many entries ``whole`` finds by tier and kind, and some of those of ``kinds`` in their order. One query.

    ``tiers``: the expression of each tier from the first on; what none of them finds has some words only.
    """
    placed, values = _placed(tiers, whole, readers)
    chosen = list(kinds) or list(SearchKind.values)
    where = ", ".join(["%s"] * len(chosen))
    # The kinds come from a closed list, all else is a parameter.
    sql = f"""
        WITH found AS MATERIALIZED (
            {placed}
        ), page AS (
            SELECT * FROM found WHERE kind IN ({where}) ORDER BY tier, rank, length, key LIMIT %s OFFSET %s
        )
        SELECT 1 AS is_page, tier, rank, length, key, id, '' AS kind FROM page
        UNION ALL SELECT 0, tier, COUNT(*), 0, 0, 0, kind FROM found GROUP BY tier, kind"""  # noqa: S608
    parameters: list[str | int] = [*values, *chosen, limit, offset]
    counts: Counter[tuple[int, str]] = Counter()
    rows = []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        for is_page, *numbers_of_row, kind in cursor.fetchall():
            if is_page:
                rows.append(EntryRow(*numbers_of_row))
            else:
                counts[numbers_of_row[0], kind] = numbers_of_row[1]
    return counts, sorted(rows)


def _placed(tiers: Sequence[str], whole: str, readers: str) -> tuple[str, list[str]]:
    """The query of the entries found, each with its tier, and its parameters.

    PostgreSQL asks its index for each tier without those before: to try a tier on a row, it would have to unpack all
    the tokens of that row. SQLite asks once and keeps the tiers at hand: it would read who may read what for each.
    """
    columns = "e.id, e.kind, e.rank, e.length, e.key"
    wanted = [(tier, expression) for tier, expression in enumerate(tiers, start=1) if expression]
    every_one = every([whole, readers])
    if connection.vendor == "sqlite":
        cases = " ".join(f"WHEN {_has()} THEN {tier}" for tier, _ in wanted)
        place = f"CASE {cases} ELSE {PARTLY} END" if cases else str(PARTLY)
        values = [*(expression for _, expression in wanted), every_one]
        return f"SELECT {columns}, {place} AS tier FROM {TABLE} e WHERE {_has()}", list(map(_written, values))  # noqa: S608
    parts, values = [], []
    before: list[str] = []
    for tier, expression in [*wanted, (PARTLY, whole)]:
        parts.append(f"SELECT {columns}, {tier} AS tier FROM {TABLE} e WHERE {_has()}")  # noqa: S608
        values.append(without(every([expression, every_one]), either(before)))
        before.append(expression)
    return " UNION ALL ".join(parts), values


def keys_of(kinds: Collection[str], expression: str) -> RawSQL:
    """The keys of the objects of these kinds that an expression finds, as a subquery."""
    where = ", ".join(["%s"] * len(kinds))
    sql = f"SELECT e.key FROM {TABLE} e WHERE e.kind IN ({where}) AND {_has()}"  # noqa: S608
    values: tuple[Any, ...] = (*kinds, _written(expression))
    return RawSQL(sql, values)  # noqa: S611


def _has() -> str:
    """The condition that an entry has an expression, which is a parameter."""
    if connection.vendor == "sqlite":
        return f"e.id IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s)"  # noqa: S608
    return "e.document @@ %s::tsquery"


def _written(expression: str) -> str:
    return for_sqlite(expression) if connection.vendor == "sqlite" else expression


def forget_deleted() -> None:
    """Take the words of entries that are gone out of the index itself: FTS5 marks them, and forgets them some day."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')")  # noqa: S608
