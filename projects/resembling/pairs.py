"""The pairs of actions of one year that are near the same, and what many of them are about."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import log
from typing import Any

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.text import fold
from projects.catalogue.models.project import ProjectQuerySet
from projects.resembling.doors import FEWEST
from projects.resembling.likeness import NEAR, NEAR_TEXT, Rarity, in_words, likeness
from projects.resembling.traits import ActionReader, Traits, traits_of, with_traits

MOST = 2_000  # actions of a year that are compared with one another, the last entered
RARE = 25  # a word or a subject that more actions share brings no pair by itself
ENOUGH = 4.0  # what two actions share, weighed by its rarity, before they are compared


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two actions by key, how much they resemble, and what they share, in words."""

    first: int
    second: int
    score: float
    shared: tuple[str, ...]
    is_same_call: bool

    @property
    def in_words(self) -> str:
        return " · ".join(self.shared)


@dataclass(frozen=True, slots=True)
class YearActions:
    """The actions of a year that were handed in, with what each says; ``is_cut``: there are more than are compared."""

    reader: ActionReader
    projects: dict[int, Any]
    traits: dict[int, Traits]
    is_cut: bool

    @property
    def key(self) -> Hashable:
        """What the pairs are made of: the same texts, read once, and the same of all the rest."""
        rows = ((self.projects[pk], traits) for pk, traits in self.traits.items())
        return tuple(
            (row.pk, traits.reading, traits.where_and_when, row.before, row.starts_on, row.ends_on)
            for row, traits in rows
        )


def year_actions(projects: ProjectQuerySet, framework: Framework | None, year: int) -> YearActions:
    """Read the actions of a year among some projects, in a constant number of queries."""
    listed = with_traits(projects.in_year(year)).order_by("-pk")
    read = list(listed[: MOST + 1])
    reader = ActionReader(framework)
    kept = {project.pk: project for project in read[:MOST]}
    traits = {pk: traits_of(reader, project) for pk, project in kept.items()}
    return YearActions(reader, kept, traits, len(read) > MOST)


_kept: Kept[list[NearPair]] = Kept(8)


def near_pairs(actions: YearActions) -> list[NearPair]:
    """The pairs near the same, those of one call first, then those that resemble most. Kept while nothing changed."""
    return _kept.get((actions.reader, actions.key), lambda: _compared(actions))


def _compared(actions: YearActions) -> list[NearPair]:
    frequency: Counter[str] = Counter()
    for traits in actions.traits.values():
        frequency.update(traits.reading.words.keys())
    number = max(FEWEST, len(actions.traits))

    def rarity(name: str) -> float:
        return log(1 + number / max(1, frequency[name]))

    pairs = []
    for first, second in _worth_comparing(actions, frequency, number):
        if (pair := _pair(actions, first, second, rarity)) is not None:
            pairs.append(pair)
    return sorted(pairs, key=lambda pair: (not pair.is_same_call, -round(pair.score, 6), pair.first, pair.second))


def _worth_comparing(actions: YearActions, frequency: Counter[str], number: int) -> list[tuple[int, int]]:
    """The pairs that share enough of what few say: never all of them with all."""
    saying: dict[str, list[int]] = {}
    for pk, traits in actions.traits.items():
        for name in traits.reading.words:
            if frequency[name] <= RARE:
                saying.setdefault(name, []).append(pk)
        for subject in traits.reading.subjects:
            saying.setdefault(f"subject {subject}", []).append(pk)
    shared: dict[tuple[int, int], float] = {}
    for keys in saying.values():
        if 1 < len(keys) <= max(RARE, number // 10):
            weight = log(1 + number / len(keys))
            for both in combinations(sorted(keys), 2):
                shared[both] = shared.get(both, 0) + weight
    return [both for both, weight in shared.items() if weight >= ENOUGH]


def _pair(actions: YearActions, first: int, second: int, rarity: Rarity) -> NearPair | None:
    left, right = actions.traits[first], actions.traits[second]
    if _is_continued(actions.projects[first], actions.projects[second]):
        return None
    there, back = likeness(actions.reader, rarity, left, right), likeness(actions.reader, rarity, right, left)
    if there is None or back is None:
        return None
    score, text = (there.score + back.score) / 2, (there.text + back.text) / 2
    if score < NEAR or text < NEAR_TEXT:
        return None
    shared = tuple(in_words(actions.reader, there, left, right))
    return NearPair(first, second, score, shared, bool(left.campaign) and left.campaign == right.campaign)


def _is_continued(first: Any, second: Any) -> bool:
    """Whether one is what the other becomes another year: its renewal, or the same action that begins anew."""
    if second.pk == first.before or first.pk == second.before:
        return True
    is_same = first.organization_id == second.organization_id and fold(first.title) == fold(second.title)
    return is_same and _follow(first, second)


def _follow(first: Any, second: Any) -> bool:
    """Whether one begins when the other has ended. The same, handed in twice for the same months, is no renewal."""
    earlier, later = sorted((first, second), key=lambda row: row.starts_on or date.max)
    if earlier.starts_on is None or later.starts_on is None:
        return False
    return earlier.starts_on < later.starts_on and (earlier.ends_on is None or earlier.ends_on < later.starts_on)
