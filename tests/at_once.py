"""Several people who act at the same moment, each in a connection of their own."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import connection, connections

Given = TypeVar("Given")
Got = TypeVar("Got")


def each_at_once(deed: Callable[[Given], Got], given: Iterable[Given], most: int = 8) -> list[Got]:
    """What each of them got, ``most`` of them at a time; what one of them raises is raised."""

    def do(own: Given) -> Got:
        try:
            return deed(own)
        finally:
            if connection.vendor == "postgresql":
                connections.close_all()

    with ThreadPoolExecutor(most) as pool:
        return list(pool.map(do, given))


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What each of them was answered: nothing where it was done. All begin when the last is there."""
    start = Barrier(len(deeds), timeout=30)

    def answer(deed: Callable[[], object]) -> str:
        start.wait()
        try:
            deed()
        except ValidationError as error:
            return str(error.messages[0])
        return ""

    return each_at_once(answer, deeds, most=len(deeds))
