"""What French words mean, as directions: « ballon » points nearly where « joueur » does, though they share no letter.

The directions come from a table of ordinary French (``french/README.md``), made beforehand: nothing is fetched nor
learnt here. They only put in order what words have led to, and never lead anywhere by themselves: they cannot say why.
"""

import logging
import lzma
import sys
from array import array
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from math import sqrt
from operator import mul
from pathlib import Path
from struct import Struct
from struct import error as StructError

from django.conf import settings

logger = logging.getLogger(__name__)

TABLE = Path(__file__).parent / "french" / "meanings.bin.xz"
HEADER = Struct("<4I")  # words, directions, numbers in a direction, bytes of the words

# A direction of length 1.
Direction = tuple[float, ...]


class Meanings:
    """The directions of French words, by the keys of these (:func:`cohesion.lib.french.keys`)."""

    def __init__(self, table: bytes) -> None:
        count, _, self.size, length = HEADER.unpack_from(table)
        start = HEADER.size + length
        words = table[HEADER.size : start].decode().split("\n")
        places = array("H", table[start : start + 2 * count])
        if sys.byteorder == "big":  # the file is written as most machines count
            places.byteswap()
        self._places = dict(zip(words, places, strict=True))
        self._numbers = array("b", table[start + 2 * count :])

    def of(self, words: Iterable[tuple[Collection[str], float]]) -> Direction | None:
        """Where words point to together, each by its keys and its weight; None where French knows none of them."""
        total = [0.0] * self.size
        for keys, weight in words:
            if (place := self._place(keys)) is not None:
                numbers = self._numbers[place * self.size : (place + 1) * self.size]
                total = [before + weight * number for before, number in zip(total, numbers, strict=True)]
        return pointing(total)

    def _place(self, keys: Collection[str]) -> int | None:
        return next((self._places[key] for key in sorted(keys) if key in self._places), None)


def pointing(numbers: Iterable[float]) -> Direction | None:
    """The same, of length 1; None of nothing."""
    whole = tuple(numbers)
    length = sqrt(sum(map(mul, whole, whole)))
    return _times(whole, 1 / length) if length else None


def together(directions: Iterable[tuple[Direction, float]]) -> Direction | None:
    """Where several directions point to, each with its weight."""
    weighted = [_times(direction, weight) for direction, weight in directions]
    return pointing(map(sum, zip(*weighted, strict=True)))


def _times(direction: Direction, weight: float) -> Direction:
    return tuple(number * weight for number in direction)


def nearness(direction: Direction | None, other: Direction | None) -> float:
    """From 1, of what means the same, to 0, of what has nothing in common, and under."""
    return sum(map(mul, direction, other)) if direction and other else 0.0


def standing(nearness_by_place: Mapping[int, float]) -> dict[int, float]:
    """How far above or under the others each stands, in standard deviations."""
    count = max(1, len(nearness_by_place))
    middle = sum(nearness_by_place.values()) / count
    spread = sqrt(sum((near - middle) ** 2 for near in nearness_by_place.values()) / count) or 1.0
    return {place: (near - middle) / spread for place, near in nearness_by_place.items()}


@cache
def _table() -> Meanings | None:
    """None where the file is missing or damaged: orientations are proposed by words alone, and no form is refused."""
    try:
        return Meanings(lzma.decompress(TABLE.read_bytes()))
    except (OSError, EOFError, lzma.LZMAError, StructError, ValueError):
        logger.exception("La table du sens des mots ne se lit pas : les propositions se font par les mots seuls")
        return None


def meanings() -> Meanings | None:
    """Read once, when first needed; None where ``SUGGESTIONS_BY_MEANING`` is off, or it cannot be read."""
    return _table() if settings.SUGGESTIONS_BY_MEANING else None
