"""What is made once and given again while its key holds: values, and whole pages ready to be sent.

Each process keeps its own, in bounded memory. Nothing here is told when something changes: the key (of a value)
or the stamp (of a page) is asked of the database by the caller, each time, so that no process serves what another
has changed.
"""

import gzip
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Generic, TypeVar

import brotli

Value = TypeVar("Value")

# Quick enough to be done while somebody waits. More effort gains a few hundredths, but a quarter on a long page, which
# says the same things far apart.
BROTLI_QUALITY, BROTLI_QUALITY_OF_LONG, LONG, GZIP_LEVEL = 5, 10, 150_000, 6
COMPRESSIBLE = (
    *("text/", "application/json", "application/xml", "application/manifest+json", "image/svg+xml"),
    *("application/atom+xml", "application/geo+json", "application/ld+json"),
)


_NOT_MADE: Any = object()


@dataclass
class WaitingQueue:
    """The queue of those who want the same thing."""

    lock: Lock = field(default_factory=Lock)
    waiting: int = 0


class Turns:
    """One at a time for the same key: one makes it while the others wait for it; other keys are not held up."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._turns: dict[Hashable, WaitingQueue] = {}

    @contextmanager
    def of(self, key: Hashable) -> Iterator[None]:
        with self._lock:
            turn = self._turns.setdefault(key, WaitingQueue())
            turn.waiting += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.waiting -= 1
                if not turn.waiting:
                    del self._turns[key]

    def is_taken(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._turns


class Kept(Generic[Value]):
    """The last values made, by key. Who asks for one that is being made waits for it, instead of making another."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = Lock()
        self._turns = Turns()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        with self._lock:
            # Taken out and put back at the end: long keys are compared once.
            value = self._values.pop(key, _NOT_MADE)
            if value is not _NOT_MADE:
                self._values[key] = value
                return value
        with self._turns.of(key):
            with self._lock:
                if key in self._values:  # made by another, while this one was waiting
                    return self._values[key]
            value = make()
            with self._lock:
                self._values[key] = value
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
            return value


@dataclass(frozen=True, slots=True)
class KeptPage:
    """An answer as it was sent: its headers and its body, already compressed, and the stamp that it was made under."""

    stamp: Hashable
    headers: dict[str, str]
    body: bytes


class Pages:
    """Pages by address, the least asked for going first when there are too many or they weigh too much."""

    def __init__(self, most_bytes: int, most_pages: int = 5_000) -> None:
        self.most_bytes, self.most_pages = most_bytes, most_pages
        self.weight = 0
        self._pages: OrderedDict[Hashable, KeptPage] = OrderedDict()
        self._turns = Turns()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._pages)

    def find(self, key: Hashable) -> KeptPage | None:
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Hashable, page: KeptPage) -> None:
        """Keep a page, unless it alone would fill a good part of the place."""
        if len(page.body) > self.most_bytes // 8:
            return
        with self._lock:
            if (former := self._pages.pop(key, None)) is not None:
                self.weight -= _weight(key, former)
            self._pages[key] = page
            self.weight += _weight(key, page)
            while self.weight > self.most_bytes or len(self._pages) > self.most_pages:
                self.weight -= _weight(*self._pages.popitem(last=False))

    def turn(self, key: Hashable) -> AbstractContextManager[None]:
        """One at a time for the same page: when it changes, one makes it while the others wait for it."""
        return self._turns.of(key)

    def is_being_made(self, key: Hashable) -> bool:
        return self._turns.is_taken(key)


def _weight(key: Hashable, page: KeptPage) -> int:
    """What a page takes in memory, more or less: its body, its headers, its address."""
    return len(page.body) + sum(len(name) + len(value) for name, value in page.headers.items()) + len(repr(key)) + 1_000


def coding(accepted: str) -> str:
    """The coding to answer with: the best that ``Accept-Encoding`` names and does not refuse, or none."""
    named = {}
    for part in accepted.lower().split(","):
        name, _, parameters = part.partition(";")
        named[name.strip()] = parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return next((name for name in ("br", "gzip") if named.get(name)), "")


def is_compressible(content_type: str) -> bool:
    return content_type.startswith(COMPRESSIBLE)


def compressed(body: bytes, coding: str) -> bytes:
    if coding == "br":
        return brotli.compress(body, quality=BROTLI_QUALITY_OF_LONG if len(body) >= LONG else BROTLI_QUALITY)
    return gzip.compress(body, GZIP_LEVEL, mtime=0) if coding == "gzip" else body
