"""Going through the queue: from a file to the one that comes after it among those that the address asks for."""

from dataclasses import dataclass
from typing import Any

from cohesion.lib.text import whole_number
from projects.catalogue.workflow import OFFICERS_TURN
from projects.instructing.queue import Queue

NEXT = "suite"  # in the address: the file that came next before this one left the list


@dataclass(frozen=True)
class Walk:
    """Where a file stands among those that wait: its rank from 1 (None: it is not one of them), how many there are,
    and the one that comes next."""

    queue: Queue
    rank: int | None
    number: int
    next_key: int | None
    next_title: str

    @property
    def address(self) -> str:
        """What the form of a file brings along: the filters, and what comes next when this one is done."""
        return self.queue.address(**{NEXT: str(self.next_key) if self.next_key else None})

    @property
    def next_address(self) -> str:
        """The filters, for the next file."""
        return self.queue.address()


def walk(queue: Queue, key: int | None = None, after: str = "") -> Walk:
    """From the file of this key (none: from before the first); one query.

    A list that asks for no state is that of what waits for the officers. ``after`` is the key of the file that came
    next before a step was taken: it still does, wherever the step has put this one; the last gives way to the first.
    """
    listed: Any = queue.projects if queue.asks_state else queue.projects.filter(status__in=OFFICERS_TURN)
    waiting = list(listed.values_list("pk", "title"))
    keys = [pk for pk, _ in waiting]
    rank = keys.index(key) if key in keys else None
    following = whole_number(after)
    has_followed = following in keys and following != key
    start = keys.index(following) if has_followed else rank or 0
    others = [line for line in (*waiting[start:], *waiting[:start]) if line[0] != key]
    next_key, next_title = others[0] if others else (None, "")
    return Walk(queue, None if rank is None else rank + 1, len(waiting), next_key, next_title)
