"""Counting together: nothing lost between threads, nothing beyond the limit, and an end that does not move."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection

from cohesion.lib import counting
from cohesion.lib.counting import forget, give_back, wait_for
from tests.at_once import each_at_once
from tests.costs import CaptureQueriesContext

LOCAL = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "counting"}}


@pytest.fixture(params=["table", "cache"])
def _counter(request, settings, db):
    """The table of the database, and a cache that adds by itself, as Redis does."""
    if request.param == "cache":
        settings.CACHES = LOCAL
    cache.clear()


@pytest.mark.usefixtures("_counter")
def test_so_many_are_let_in_and_then_nobody_until_the_time_that_began_with_the_first_is_over():
    with time_machine.travel("2026-11-25T10:00:00+00:00", tick=False) as clock:
        assert [wait_for("a", most=3, seconds=60) for _ in range(3)] == [0, 0, 0]
        assert wait_for("a", most=3, seconds=60) == 60
        assert wait_for("b", most=3, seconds=60) == 0  # somebody else
        clock.shift(45)
        assert wait_for("a", most=3, seconds=60) == 15  # who insists does not wait longer
        clock.shift(15)
        assert [wait_for("a", most=3, seconds=60) for _ in range(4)] == [0, 0, 0, 60]


@pytest.mark.usefixtures("_counter")
def test_what_is_given_back_makes_room_for_one_and_the_time_stays():
    with time_machine.travel("2026-11-25T10:00:00+00:00", tick=False) as clock:
        assert [wait_for("a", most=2, seconds=60) for _ in range(6)] == [0, 0, 60, 60, 60, 60]
        give_back("a")
        clock.shift(20)
        assert [wait_for("a", most=2, seconds=60) for _ in range(2)] == [0, 40]
        clock.shift(40)
        give_back("a")  # it is over: there is nothing to give back
        give_back("unknown")
        assert [wait_for("a", most=2, seconds=60) for _ in range(3)] == [0, 0, 60]


@pytest.mark.usefixtures("_counter")
def test_what_is_forgotten_begins_afresh_and_the_others_do_not():
    assert [wait_for(key, most=1, seconds=60) for key in ("a", "b")] == [0, 0]
    forget("a")
    assert [wait_for(key, most=1, seconds=60) for key in ("a", "b")] == [0, 60]


@pytest.mark.django_db
def test_counting_is_one_statement():
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        wait_for("a", most=3, seconds=60)
    own = [query["sql"] for query in captured if "PRAGMA" not in query["sql"] and "DELETE" not in query["sql"]]
    assert len(own) == 1


@pytest.mark.django_db
def test_counts_that_are_over_are_taken_away_and_nothing_else(monkeypatch):
    monkeypatch.setattr(counting.secrets, "randbelow", lambda most: 0)
    cache.clear()
    with time_machine.travel("2026-11-25T10:00:00+00:00", tick=False) as clock:
        for name in ("a", "b"):
            wait_for(name, most=3, seconds=60)
        cache.set("session", "gardée", 3600)
        clock.shift(61)
        wait_for("c", most=3, seconds=60)
        assert cache.get("session") == "gardée"
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cohesion_cache ORDER BY cache_key")
        assert [key for (key,) in cursor.fetchall()] == [":1:c", ":1:session"]


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_lose_no_count_and_let_in_no_more_than_the_limit():
    cache.clear()

    def ask(number):
        return wait_for("foule", most=50, seconds=3600) == 0

    assert each_at_once(ask, range(80)).count(True) == 50
