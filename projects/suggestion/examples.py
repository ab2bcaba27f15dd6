"""What was retained, as examples: an action told in the words of a past one answers to what that one answered to.

Past actions are filed by their words and found by BM25, on the spot. Only published ones are read, so that each may
be named; nothing is read of what a lead types elsewhere, nor of anybody.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from itertools import islice
from math import log
from typing import NamedTuple

from django.db.models import Max

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.text import NBSP, fold
from projects.catalogue.models import Contribution, Project
from projects.choices import PUBLIC_STATUSES, ProjectKind
from projects.suggestion import sentences
from projects.suggestion.thesaurus import thesaurus
from projects.suggestion.words import FIELD_WEIGHTS, Word, passages

# The latest actions, and the words of each that are filed: enough to learn from, and bounded for a century of them.
MOST, MOST_WORDS = 2_000, 80
REPEATED, LENGTH = 1.2, 0.5  # of BM25: how soon a word said again adds nothing, how much a long text weakens its words
LOOKED_AT = 300  # of the past actions, those that share the most
FEW = 50  # a word is rare or not among so many actions more: it is too soon to say after the first ones
# An example shares at least so many words that not everybody writes.
SHARED_WORDS = 2
# The best example of an orientation says the most; so many others add this part of theirs.
NEXT, NEXT_COUNT = 1 / 6, 3
# By whole sentences: how near two actions are that have nothing in common, and by how much others differ from it.
USUAL, SPREAD = 0.834, 0.022


class PastAction(NamedTuple):
    """An action that was retained. ``year``: of the decision, or else of its beginning (``is_decided`` false)."""

    project: int
    title: str
    orientation: int
    texts: Mapping[str, str]
    year: int | None = None
    is_decided: bool = False
    code: str = ""  # of the project

    @property
    def since(self) -> str:
        """« , retenue en 2025 », or only the year in which what was brought here already retained began."""
        if self.year is None:
            return ""
        return f", retenue en {self.year}" if self.is_decided else f"{NBSP}({self.year})"


class PastLikeness(NamedTuple):
    """How much an orientation's past actions resemble a text, and the one that does most, by which words typed."""

    score: float
    past: PastAction
    words: tuple[str, ...]
    nearness: float = 0.0  # of the one that does most, by whole sentences


class Examples:
    """Past actions by the words that they are told in. Nothing changes once it is made."""

    def __init__(self, every: Iterable[PastAction]) -> None:
        self.every = list(every)
        counts = [_counted(past) for past in self.every]
        lengths = [sum(count.values()) for count in counts]
        usual = max(1.0, sum(lengths) / max(1, len(lengths)))
        self._sentences = [sentences.sentence_of(past.texts) for past in self.every]
        self._names = [frozenset(count) for count in counts]
        # Of each word, which actions say it, and how much it weighs there.
        self._mentions: dict[str, list[tuple[int, float]]] = {}
        for place, count in enumerate(counts):
            norm = REPEATED * (1 - LENGTH + LENGTH * lengths[place] / usual)
            for name, times in count.items():
                weight = times * (REPEATED + 1) / (times + norm)
                self._mentions.setdefault(name, []).append((place, weight))

    def like(self, texts: Mapping[str, str], aside: str = "") -> dict[int, PastLikeness]:
        """The orientations of past actions that ``texts`` resemble, by their keys; ``aside``: but those so titled."""
        scores, typed = self._shared(texts)
        likenesses: dict[int, PastLikeness] = {}
        behind: dict[int, int] = defaultdict(int)
        for place in nsmallest(LOOKED_AT, scores, key=lambda place: (-scores[place], place)):
            past = self.every[place]
            shared = tuple(word for name, word in typed.items() if name in self._names[place])
            if len(shared) < SHARED_WORDS or (aside and fold(past.title) == fold(aside)):
                continue
            best = likenesses.get(past.orientation)
            if best is None:
                likenesses[past.orientation] = PastLikeness(scores[place], past, shared)
            elif behind[past.orientation] < NEXT_COUNT:
                behind[past.orientation] += 1
                likenesses[past.orientation] = best._replace(score=best.score + NEXT * scores[place])
        return likenesses

    def meant_like(
        self, sentence: sentences.Vector, texts: Mapping[str, str], aside: str = ""
    ) -> dict[int, PastLikeness]:
        """The same by whole sentences, however they are worded; those that share the most words are read first."""
        scores, _ = self._shared(texts)
        places = sorted(range(len(self.every)), key=lambda place: (-scores.get(place, 0), place))
        vectors = sentences.vectors([self._sentences[place] for place in places], of_actions=True)
        near = dict(zip(places, sentences.nearness(sentence, vectors), strict=True))
        alike: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for place, nearness in near.items():
            past = self.every[place]
            if nearness is not None and nearness > USUAL and not (aside and fold(past.title) == fold(aside)):
                alike[past.orientation].append((nearness, place))
        likenesses = {}
        for orientation, neighbours in alike.items():
            nearest, *others = sorted(neighbours, reverse=True)[: 1 + NEXT_COUNT]
            score = (nearest[0] - USUAL + NEXT * sum(nearness - USUAL for nearness, _ in others)) / SPREAD
            likenesses[orientation] = PastLikeness(score, self.every[nearest[1]], (), nearest[0])
        return likenesses

    def _shared(self, texts: Mapping[str, str]) -> tuple[dict[int, float], dict[str, str]]:
        """By place, what the words that an action shares with a text are worth; the words typed, by their names."""
        weights: dict[str, float] = {}
        typed: dict[str, str] = {}
        for name, weight, word in _words(texts):
            weights[name] = max(weights.get(name, 0), weight)
            typed.setdefault(name, word.typed)
        scores: dict[int, float] = defaultdict(float)
        for name, weight in weights.items():
            mentions = self._mentions.get(name, ())
            rarity = log(1 + (len(self.every) + FEW - len(mentions) + 0.5) / (len(mentions) + 0.5))
            worth = rarity * weight
            for place, there in mentions:
                scores[place] += worth * there
        return scores, typed


def _counted(past: PastAction) -> dict[str, float]:
    """How often each of its words is said; a word of the title counts for more than one."""
    count: dict[str, float] = defaultdict(float)
    for name, weight, _ in islice(_words(past.texts), MOST_WORDS):
        count[name] += weight
    return count


def _words(texts: Mapping[str, str]) -> Iterator[tuple[str, float, Word]]:
    """The words of a text that not everybody writes, by their names."""
    words = thesaurus()
    for field, text in texts.items():
        for passage in passages({field: text}, words.acronyms):
            for word in passage.words:
                if words.generic.isdisjoint(word.keys):
                    yield max(word.keys), FIELD_WEIGHTS.get(field, 1.0), word


# --- what was retained ----------------------------------------------------------------------------------------


def retained(framework: Framework) -> list[PastAction]:
    """The latest published actions, each with its main orientation in ``framework``."""
    links = (
        Contribution.objects.filter(
            framework=framework, is_main=True, project__kind=ProjectKind.ACTION, project__status__in=PUBLIC_STATUSES
        )
        .order_by("-project_id")
        .values_list(
            "project_id",
            "orientation_id",
            "project__title",
            "project__summary",
            "project__description",
            "project__starts_on",
            "project__code",
        )[:MOST]
    )
    rows = list(links)
    if not rows:
        return []
    decided = dict(
        Project.objects.filter(pk__in=[row[0] for row in rows])
        .order_by()
        .values_list("pk")
        .annotate(last=Max("decisions__decided_on"))
    )
    every: dict[tuple[str, int], PastAction] = {}
    for project, orientation, title, summary, description, starts_on, code in rows:
        decided_on = decided.get(project)
        day = decided_on or starts_on
        texts = {"title": title, "summary": summary, "description": description}
        past = PastAction(project, title, orientation, texts, day.year if day else None, decided_on is not None, code)
        every.setdefault((title, orientation), past)  # what comes back every year is one example, the latest
    return list(every.values())


_kept: Kept[Examples] = Kept(4)


def examples_of(framework: Framework) -> Examples:
    """What was retained for a framework, read again whenever it or what is published changed."""
    return _kept.get(framework.state, lambda: Examples(retained(framework)))
