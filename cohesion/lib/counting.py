"""Counting together with every process of the site: one statement in the cache's table, or the cache's own count."""

import datetime
import math
import secrets
import time
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection
from django.utils import timezone

from cohesion.lib.patience import impatient

PATIENCE = 250  # milliseconds: SQLite has one writer at a time, and no page waits for an import to be counted
PURGE_ONE_IN = 50  # beginners take away the counts that are over
COUNT = """
INSERT INTO {table} (cache_key, value, expires) VALUES (%s, '1', %s)
ON CONFLICT (cache_key) DO UPDATE SET
    value = CASE WHEN {table}.expires <= %s THEN '1' ELSE CAST(CAST({table}.value AS integer) + 1 AS text) END,
    expires = CASE WHEN {table}.expires <= %s THEN excluded.expires ELSE {table}.expires END
WHERE {table}.expires <= %s OR CAST({table}.value AS integer) < %s
RETURNING value
"""
GIVE_BACK = """
UPDATE {table} SET value = CAST(CAST(value AS integer) - 1 AS text)
WHERE cache_key = %s AND expires > %s AND CAST(value AS integer) > 0
"""
END = "SELECT expires FROM {table} WHERE cache_key = %s"
PURGE = "DELETE FROM {table} WHERE expires <= %s"


def wait_for(key: str, *, most: int, seconds: int, is_patient: bool = False) -> int:
    """Count one more under this key; 0 while there are at most ``most``, otherwise the seconds until it is over.

    The time begins with the first one counted. Whoever comes too often is not counted further: it ends when it ends.
    ``is_patient`` waits for a busy database as any write does: what guards a door is counted, whatever it takes.
    """
    cache = caches["default"]
    if not isinstance(cache, DatabaseCache):
        return _in_cache(cache, key, most, seconds)
    with connection.cursor() as cursor, nullcontext() if is_patient else impatient(PATIENCE):
        return _in_table(cursor, cache.make_key(key), most, seconds)


def give_back(key: str) -> None:
    """Take away one that was counted and should not have been; the time stays as it is."""
    cache: Any = caches["default"]
    if not isinstance(cache, DatabaseCache):
        _take_one(cache, key)
        return
    with connection.cursor() as cursor:
        cursor.execute(GIVE_BACK.format(table=_table()), [cache.make_key(key), _adapted(_now())])


def forget(key: str) -> None:
    """Take away all that was counted under this key."""
    caches["default"].delete(key)


def _in_table(cursor: Any, key: str, most: int, seconds: int) -> int:
    """The database adds, so that two at once are two; it answers nothing where it did not add."""
    table, now = _table(), _now()
    moment, end = (_adapted(at) for at in (now, now + datetime.timedelta(seconds=seconds)))
    cursor.execute(COUNT.format(table=table), [key, end, moment, moment, moment, most])
    if added := cursor.fetchone():
        if added[0] == "1" and secrets.randbelow(PURGE_ONE_IN) == 0:
            cursor.execute(PURGE.format(table=table), [moment])
        return 0
    cursor.execute(END.format(table=table), [key])
    kept = cursor.fetchone()
    return _left(_aware(kept[0]).timestamp()) if kept else 0  # taken away between the two: it is over


def _in_cache(cache: BaseCache, key: str, most: int, seconds: int) -> int:
    """Redis and its like add by themselves, and keep the end that was given first."""
    end = time.time() + seconds
    if cache.add(key, 1, seconds):
        cache.set(f"{key}:end", end, seconds)
        return 0
    try:
        number = cache.incr(key)
    except ValueError:  # it was over between the two
        return 0
    if number <= most:
        return 0
    _take_one(cache, key)
    return _left(cache.get(f"{key}:end", end))


def _take_one(cache: Any, key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:  # it is over
        return


def _table() -> str:
    return connection.ops.quote_name(settings.CACHES["default"]["LOCATION"])


def _now() -> datetime.datetime:
    return timezone.now().replace(microsecond=0)


def _left(end: float) -> int:
    return max(1, math.ceil(end - time.time()))


def _adapted(at: datetime.datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)


def _aware(at: datetime.datetime) -> datetime.datetime:
    return at if at.tzinfo else at.replace(tzinfo=datetime.UTC)
