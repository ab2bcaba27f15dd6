"""What an orientation that nobody decided of may have become: the nearest wordings, and what stands where it stood."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import log, sqrt

from axes.adoption.succession import Succession
from axes.models import Orientation
from cohesion.lib import french

MOST = 3
LEAST = 0.25  # of likeness: under it, two wordings share only words that many have


@dataclass(frozen=True)
class SuccessorProposal:
    """A new orientation, and why it is proposed, in French."""

    node: Orientation
    reason: str
    likeness: float


class Wordings:
    """The orientations of a framework by the words of their wordings, rare words counting more."""

    def __init__(self, nodes: Iterable[Orientation]) -> None:
        self._stems = {node.pk: _stems(node) for node in nodes}
        self._bearing: dict[str, set[int]] = defaultdict(set)
        for pk, stems in self._stems.items():
            for stem in stems:
                self._bearing[stem].add(pk)

    def near(self, node: Orientation) -> list[tuple[int, float, list[str]]]:
        """The keys of those whose wording is like that of ``node``, best first: how like (0 to 1), by which words."""
        own = _stems(node)
        shared: dict[int, list[str]] = defaultdict(list)
        for stem in own:
            for pk in self._bearing.get(stem, ()):
                shared[pk].append(stem)
        near = []
        for pk, stems in shared.items():
            likeness = self._weight(stems) / sqrt(self._weight(own) * self._weight(self._stems[pk]))
            if likeness >= LEAST:
                near.append((pk, likeness, [own[stem] for stem in stems]))
        return sorted(near, key=lambda row: (-round(row[1], 6), row[0]))

    def _weight(self, stems: Iterable[str]) -> float:
        return sum(log(1 + len(self._stems) / (1 + len(self._bearing.get(stem, ())))) for stem in stems)


def _stems(node: Orientation) -> dict[str, str]:
    """The words of a wording by their stems, as they are written."""
    return {min(french.keys(token.word)): token.word for token in french.significant(node.display_title)}


def proposals(succession: Succession, nodes: Iterable[Orientation]) -> dict[int, list[SuccessorProposal]]:
    """What each of these orientations of the former framework may have become, best first; by its key."""
    wordings = Wordings(succession.after)
    places = _Places(succession)
    proposed = {}
    for node in nodes:
        near = [
            SuccessorProposal(succession.here[pk], f"mêmes mots : {', '.join(words)}", likeness)
            for pk, likeness, words in wordings.near(node)[:MOST]
        ]
        there = places.of(node)
        if there is not None:
            near = _with_place(near, *there)
        proposed[node.pk] = near
    return proposed


def _with_place(near: list[SuccessorProposal], node: Orientation, reason: str) -> list[SuccessorProposal]:
    """The proposals with the one that stands where the former stood: last, unless its words speak for it too."""
    for rank, proposal in enumerate(near):
        if proposal.node.pk == node.pk:
            near[rank] = SuccessorProposal(node, f"{proposal.reason} ; {reason}", proposal.likeness)
            return near
    return [*near, SuccessorProposal(node, reason, 0)]


class _Places:
    """Which new orientation stands where a former one stood: under what its parent became, or with its code."""

    def __init__(self, succession: Succession) -> None:
        self._lineage = succession.lineage
        self._ranks = _ranks(succession.before)
        new = {node.pk for node in succession.new}
        self._at = {}
        for pk, place in _ranks(succession.after).items():
            if pk in new:
                self._at[place] = succession.here[pk]
        self._by_code = {node.code: node for node in succession.new}

    def of(self, node: Orientation) -> tuple[Orientation, str] | None:
        parent, rank = self._ranks[node.pk]
        for above in self._lineage.get(parent, ()) if parent else (None,):
            there = self._at.get((above, rank))
            if there is not None and there.level == node.level:
                return there, "nouvelle, à la place qu’elle avait"
        same = self._by_code.get(node.code)
        return (same, "nouvelle, avec le code qu’elle avait") if same is not None else None


def _ranks(nodes: Iterable[Orientation]) -> dict[int, tuple[int | None, int]]:
    """Under what each stands, by keys, and which of its siblings it is."""
    number: Counter[int | None] = Counter()
    ranks = {}
    for node in nodes:
        number[node.parent_id] += 1
        ranks[node.pk] = (node.parent_id, number[node.parent_id])
    return ranks
