"""A figure and its floor: taken in turn, so that whatever slows the machine slows both."""

import gc
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median
from time import perf_counter
from typing import Any

BUDGET = 1.5  # seconds that one comparison may take, more or less
FEWEST, MOST = 5, 300


@dataclass(frozen=True)
class Size:
    """How large the invented programme is."""

    nodes: int
    links: int
    projects: int


@dataclass(frozen=True)
class Figure:
    """One line of the report: what the site takes, what the floor takes, in milliseconds."""

    case: str
    took: float
    floor: float
    floor_name: str
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        return self.took / self.floor if self.floor else float("inf")


def compare(
    case: str,
    way: Callable[[], object],
    floor: Callable[[], object],
    floor_name: str,
    *,
    before: Callable[[], object] = lambda: None,
    more: dict[str, Any] | None = None,
) -> Figure:
    """Time both in turn, the medians of as many repeats as the budget allows; ``before`` is not counted."""
    before()
    first = seconds(way) + seconds(floor)
    repeats = min(MOST, max(FEWEST, int(BUDGET / max(first, 1e-6))))
    taken: list[float] = []
    floors: list[float] = []
    gc.collect()
    for _ in range(repeats):
        before()
        taken.append(seconds(way))
        floors.append(seconds(floor))
    return Figure(case, median(taken) * 1000, median(floors) * 1000, floor_name, more or {})


def quickest(ways: dict[str, Callable[[], Any]]) -> tuple[str, Callable[[], Any]]:
    """The quickest of several ways that all give the same answer.

    Raises:
        AssertionError: two of them disagree.
    """
    answers = {name: way() for name, way in ways.items()}
    first = next(iter(answers.values()))
    for name, answer in answers.items():
        same(name, answer, first)
    times = {name: median(seconds(way) for _ in range(FEWEST)) for name, way in ways.items()}
    name = min(times, key=times.__getitem__)
    return name, ways[name]


def same(name: str, answer: object, expected: object) -> None:
    """Refuse to time a way that gives another answer."""
    if answer != expected:
        raise AssertionError(f"« {name} » ne donne pas le même résultat : aucune durée n’est affichée.")


def seconds(way: Callable[[], object]) -> float:
    start = perf_counter()
    way()
    return perf_counter() - start


def peak(way: Callable[[], object]) -> float:
    """The most memory that a way takes beyond what was taken before it, in millions of bytes, as Python counts it."""
    gc.collect()
    tracemalloc.start()
    try:
        way()
        return round(tracemalloc.get_traced_memory()[1] / 1_000_000, 1)
    finally:
        tracemalloc.stop()
