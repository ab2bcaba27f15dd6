"""The words of a framework, filed once while its wordings are the same."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from axes import document
from axes.models import Framework
from cohesion.lib import french
from cohesion.lib.kept import Kept
from cohesion.lib.text import fold


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An orientation, its axis by its code, and its folded words: those displayed, then those adopted; ``spelled``:
    both as they are written."""

    position: int
    node: document.Node
    axis: str
    level: str
    shown: tuple[str, ...]
    adopted: tuple[str, ...]
    spelled: tuple[str, ...]

    def says(self, sequence: tuple[str, ...]) -> bool:
        """Whether these folded words follow one another in one of its wordings."""
        return any(_follows(words, sequence) for words in (self.shown, self.adopted))

    def means(self, sequence: tuple[frozenset[str], ...]) -> bool:
        """Whether these words, in any inflection, follow one another, stop words aside."""
        return any(_meets(words, sequence) for words in (self.shown, self.adopted))


class SearchIndex:
    """All orientations of a framework by the words that they contain. Positions are those of the document."""

    def __init__(self, nodes: list[document.Node]) -> None:
        self.entries: list[IndexEntry] = []
        self.postings: dict[str, set[int]] = {}  # key of a word → orientations whose wording has it
        self.by_word: dict[str, set[int]] = {}  # folded word → the same
        self.shown: dict[str, set[int]] = {}  # key of a word → orientations whose *displayed* wording has it
        self.by_code: dict[str, int] = {}
        self._spellings: list[str] = []
        for position, node in enumerate(nodes):
            self._file(position, node)
        self.words = sorted(self.by_word)

    def _file(self, position: int, node: document.Node) -> None:
        orientation = node.orientation
        shown = [token.word for token in french.tokens(orientation.display_title)]
        adopted = [token.word for token in french.tokens(orientation.title)] if orientation.corrected_title else []
        for word in {*shown, *adopted}:
            self.by_word.setdefault(french.folded(word), set()).add(position)
            for key in french.keys(word):
                self.postings.setdefault(key, set()).add(position)
        for word in set(shown):
            for key in french.keys(word):
                self.shown.setdefault(key, set()).add(position)
        self._spellings += shown
        self.by_code.setdefault(fold(orientation.code), position)
        words = tuple(map(french.folded, shown)), tuple(map(french.folded, adopted)), (*shown, *adopted)
        self.entries.append(IndexEntry(position, node, node.axis.orientation.code, orientation.level, *words))

    @cached_property
    def speller(self) -> french.Speller:
        """Knows the words of the displayed wordings; made at the first word that nobody finds."""
        return french.Speller(self._spellings)

    @property
    def roots(self) -> list[document.Node]:
        """The axes, in order."""
        return [entry.node for entry in self.entries if entry.node.parent is None]

    def having(self, keys: frozenset[str]) -> set[int]:
        """Where a word stands, in any inflection."""
        return _union(self.postings, keys)

    def showing(self, keys: frozenset[str]) -> set[int]:
        """Where a word stands in the displayed wording."""
        return _union(self.shown, keys)

    def beginning(self, prefix: str) -> Iterator[str]:
        """The folded words that begin so."""
        for word in self.words[bisect_left(self.words, prefix) :]:
            if not word.startswith(prefix):
                return
            yield word

    def branch(self, position: int) -> set[int]:
        """An orientation and all under it: they follow it in the document."""
        return {position, *range(position + 1, position + 1 + sum(1 for _ in self.entries[position].node.descendants))}


def _union(filed: dict[str, set[int]], keys: frozenset[str]) -> set[int]:
    positions = [filed[key] for key in keys if key in filed]
    return positions[0] if len(positions) == 1 else set().union(*positions)


def _follows(words: tuple[str, ...], sequence: tuple[str, ...]) -> bool:
    size = len(sequence)
    return any(words[start : start + size] == sequence for start in range(len(words) - size + 1))


def _meets(words: tuple[str, ...], sequence: tuple[frozenset[str], ...]) -> bool:
    filed = [french.keys(word) for word in words if word not in french.STOP_WORDS]
    size = len(sequence)
    for start in range(len(filed) - size + 1):
        if all(filed[start + place] & wanted for place, wanted in enumerate(sequence)):
            return True
    return False


_indexes: Kept[SearchIndex] = Kept(4)


def index_of(framework: Framework) -> SearchIndex:
    """The framework's index, made again when a wording changed: its axes then have other nodes."""
    nodes = document.kept(framework)
    return _indexes.get(tuple(node for node in nodes if node.parent is None), lambda: SearchIndex(nodes))
