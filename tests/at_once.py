"""Several people who act at the same moment, each in a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.core.exceptions import ValidationError
from django.db import connection, connections


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """What each of them was answered: nothing where it was done."""
    start = Barrier(len(deeds), timeout=30)

    def answer(deed: Callable[[], object]) -> str:
        start.wait()
        try:
            deed()
        except ValidationError as error:
            return str(error.messages[0])
        finally:
            if connection.vendor == "postgresql":
                connections.close_all()
        return ""

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(answer, deeds))
