"""A mistyped word and the known one that it was meant to be; a word that French knows is not mistyped."""

import lzma
from collections.abc import Iterable
from functools import cache
from pathlib import Path

FRENCH = Path(__file__).parent / "french" / "words.txt.xz"
# Shorter words are too near to one another; only long ones bear two slips.
SHORTEST, LONG = 6, 10


class Spelling:
    """Known words, by their first letter, which is seldom mistaken, and by their length."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known: dict[tuple[str, int], list[str]] = {}
        for word in sorted(words):
            if len(word) >= SHORTEST:
                self._known.setdefault((word[0], len(word)), []).append(word)

    def nearest(self, word: str) -> str | None:
        """The known word that ``word`` was meant to be, one slip away, or two for a long word; or None."""
        if len(word) < SHORTEST:
            return None
        allowed = 2 if len(word) >= LONG else 1
        near: tuple[int, str] | None = None
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for known in self._known.get((word[0], length), ()):
                if _may_be_near(word, known, allowed) and (slips := distance(word, known)) <= allowed:
                    near = min(near or (slips, known), (slips, known))
        return near[1] if near and not is_french(word) else None


def _may_be_near(word: str, known: str, allowed: int) -> bool:
    """A slip changes two letters at most of those that a word is made of."""
    return len(set(word) ^ set(known)) <= 2 * allowed


def distance(word: str, other: str) -> int:
    """How many slips lead from one word to another: a letter too many, too few, changed, or two exchanged."""
    before: list[int] = []
    line = list(range(len(other) + 1))
    for row, letter in enumerate(word, start=1):
        following = [row]
        for column, wanted in enumerate(other, start=1):
            slips = min(line[column] + 1, following[-1] + 1, line[column - 1] + (letter != wanted))
            if row > 1 and column > 1 and letter == other[column - 2] and word[row - 2] == wanted:
                slips = min(slips, before[column - 2] + 1)
            following.append(slips)
        before, line = line, following
    return line[-1]


@cache
def _french() -> bytes:
    """One word a line: three megabytes kept as they are, where a set of them would take thirty."""
    return lzma.decompress(FRENCH.read_bytes())


def is_french(word: str) -> bool:
    """Whether French knows a word of six letters or more, written small and without accents."""
    return f"\n{word}\n".encode() in _french()
