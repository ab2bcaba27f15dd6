"""What an action says of itself: its words, its subjects, for whom, where, when."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from axes.models import Framework
from cohesion.lib.text import fold
from projects.catalogue.models import Project
from projects.choices import TerritoryKind
from projects.suggestion.index import SuggestionIndex, index_of
from projects.suggestion.words import passages, significant
from projects.territory.models import Territory

KEPT_READINGS = 20_000


@dataclass(frozen=True, slots=True)
class Reading:
    """The words and the subjects of some texts, by their names, with how strongly each is said.

    ``shown`` is each word as it was written; a word that anybody writes says little (:attr:`generic`).
    """

    words: Mapping[str, float]
    subjects: Mapping[str, float]
    shown: Mapping[str, str]
    generic: frozenset[str]
    expressions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Traits:
    """An action, as it is compared: ``places`` and ``communes`` by key, ``years`` the first and the last."""

    reading: Reading
    groups: Mapping[str, str]
    quarters: Mapping[int, str]
    communes: Mapping[int, str]
    years: tuple[int, int] | None
    campaign: int | None = None


class Reader:
    """Reads texts with the subjects of a framework; without one, with words only."""

    def __init__(self, framework: Framework | None) -> None:
        self.index = index_of(framework) if framework else None
        self.labels = _labels(self.index) if self.index else {}

    def read(self, texts: Mapping[str, str]) -> Reading:
        return _read(self.index, tuple((field, text or "") for field, text in texts.items()))

    def rarity(self, subject: str) -> float:
        return self.index.rarity.get(subject, 0) if self.index else 0

    def label(self, subject: str) -> str:
        """A subject in words: those of the framework that it is named after."""
        parts = subject.replace("+", " ").split(" ")
        return " ".join(self.labels.get(part, part) for part in parts)


@lru_cache(maxsize=4)
def _labels(index: SuggestionIndex) -> dict[str, str]:
    """The keys of the words of a framework, and each word as it is written there first."""
    labels: dict[str, str] = {}
    for node in index.nodes:
        for above in (*node.path, node):
            for word in significant(above.orientation.display_title):
                written = word.typed if word.typed.isupper() else word.typed.lower()
                for key in word.keys:
                    labels.setdefault(key, written)
    return labels


@lru_cache(maxsize=KEPT_READINGS)
def _read(index: SuggestionIndex | None, texts: tuple[tuple[str, str], ...]) -> Reading:
    """Kept by the texts themselves and by the index, which is another one once the framework changed."""
    words: dict[str, float] = {}
    shown: dict[str, str] = {}
    subjects: dict[str, float] = {}
    expressions: dict[str, str] = {}
    generic: set[str] = set()
    for passage in passages(dict(texts)):
        for word in passage.words:
            name = min(word.keys)
            words[name] = max(words.get(name, 0), passage.weight)
            shown.setdefault(name, word.folded)
        for way in index.ways(passage.words) if index else ():
            first, last = passage.words[way.place], passage.words[way.place + way.size - 1]
            if way.is_generic:
                generic.add(min(first.keys))
            elif way.subject in index.having:  # type: ignore[union-attr]
                subjects[way.subject] = max(subjects.get(way.subject, 0), way.sure * passage.weight)
                expressions.setdefault(way.subject, passage.text[first.start : last.end])
    return Reading(words, subjects, shown, frozenset(generic), expressions)


def public_texts(project: Project) -> dict[str, str]:
    """What the sheet of a project says of it to anybody."""
    return {"title": project.title, "summary": project.summary, "description": project.description}


def traits_of(reader: Reader, project: Project, campaign: int | None = None) -> Traits:
    """A project as its rows say it; its places are read with their territories and what contains them."""
    territories = [place.territory for place in project.places.all()]
    return Traits(
        reading=reader.read(public_texts(project)),
        groups=groups_of(project.audience.split(",")),
        **places_of(territories),
        years=years_of(project.starts_on, project.ends_on),
        campaign=campaign,
    )


def groups_of(labels: Iterable[str]) -> dict[str, str]:
    """For whom: each public by its words without accents or capitals."""
    return {folded: label.strip() for label in labels if (folded := fold(label).strip())}


def places_of(territories: Iterable[Territory]) -> dict[str, dict[int, str]]:
    """The quarters, and the communes with those in which a quarter stands."""
    quarters: dict[int, str] = {}
    communes: dict[int, str] = {}
    for territory in territories:
        if territory.is_commune:
            communes[territory.pk] = territory.name
        elif territory.kind in (TerritoryKind.PRIORITY_QUARTER, TerritoryKind.SENSITIVE_ZONE):
            quarters[territory.pk] = territory.name
            if territory.parent is not None:
                communes[territory.parent.pk] = territory.parent.name
    return {"quarters": quarters, "communes": communes}


def years_of(start: datetime.date | None, end: datetime.date | None) -> tuple[int, int] | None:
    """The first and the last year in which an action runs; without an end, the first counts."""
    return (start.year, max(start.year, (end or start).year)) if start else None
