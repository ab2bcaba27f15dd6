"""A mistyped word and the known one that it was meant to be: one letter too many, too few, changed or exchanged."""

from collections.abc import Iterable, Iterator

# Shorter words are too near to one another.
SHORTEST_KNOWN, SHORTEST_TYPED = 7, 6


class Spelling:
    """Known words, filed by what is left of them without one of their letters."""

    def __init__(self, words: Iterable[str]) -> None:
        self._known: dict[str, str] = {}
        for word in sorted(words):
            if len(word) >= SHORTEST_KNOWN:
                for left in _without_one(word):
                    self._known.setdefault(left, word)

    def nearest(self, word: str) -> str | None:
        """The known word at one letter from ``word``, or None."""
        if len(word) < SHORTEST_TYPED:
            return None
        return next((self._known[left] for left in _without_one(word) if left in self._known), None)


def _without_one(word: str) -> Iterator[str]:
    """The word, then what is left of it without each of its letters but the first, which is seldom mistaken."""
    yield word
    for place in range(1, len(word)):
        yield word[:place] + word[place + 1 :]
