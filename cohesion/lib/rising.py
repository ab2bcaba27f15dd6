"""The fewest moves that explain another order."""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Item = TypeVar("Item", bound=Hashable)


def longest_rising(items: Iterable[Item], rank: Callable[[Item], int]) -> set[Item]:
    """The longest subsequence whose ranks rise (patience sorting): what is not in it has moved, the rest stayed."""
    tops: list[int] = []
    piles: list[Item] = []
    before: dict[Item, Item | None] = {}
    for item in items:
        place = bisect_left(tops, rank(item))
        before[item] = piles[place - 1] if place else None
        tops[place : place + 1] = [rank(item)]
        piles[place : place + 1] = [item]
    kept: set[Item] = set()
    last = piles[-1] if piles else None
    while last is not None:
        kept.add(last)
        last = before[last]
    return kept
