"""What an action says of itself: its words, its subjects, for whom, where, when."""

import datetime
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from django.db.models import F, Prefetch, QuerySet

from axes.models import Framework
from cohesion.lib.french import uncapped
from cohesion.lib.text import fold
from projects.catalogue.models import Place, Project
from projects.catalogue.models.project import ProjectQuerySet
from projects.choices import TerritoryKind
from projects.suggestion.examples import Examples, examples_of
from projects.suggestion.index import SuggestionIndex, index_of
from projects.suggestion.meaning import Direction, meanings
from projects.suggestion.suggesting import likeliest
from projects.suggestion.thesaurus import Sequence, same, thesaurus
from projects.suggestion.words import Word, passages, significant
from projects.territory.models import Territory

KEPT_READINGS = 20_000
EQUIVALENTS = Path(__file__).with_name("equivalents.txt")
FIELD = "§"  # before the name of a subject of the field, which no framework needs to say
OF_THE_FIELD = 5.5  # how rare it is: as a word that few write
LONGEST_LABEL = 60
AIMS = 8  # orientations that a text may be about


@dataclass(frozen=True, slots=True, eq=False)
class ActionReading:
    """The words and the subjects of some texts, by their names, with how strongly each is said.

    ``shown`` is each word as it was written; a word that anybody writes says little (:attr:`generic`).
    ``aims`` are the orientations that the texts resemble, by key, as a direction of length 1; ``meaning`` is where
    their words point to together.
    """

    words: Mapping[str, float]
    subjects: Mapping[str, float]
    shown: Mapping[str, str]
    generic: frozenset[str]
    aims: Mapping[int, float]
    meaning: Direction | None = None


@dataclass(frozen=True, slots=True)
class Traits:
    """An action, as it is compared: ``places`` and ``communes`` by key, ``years`` the first and the last.

    ``lead`` is the organisation, where one compares for those who follow several of them."""

    reading: ActionReading
    groups: Mapping[str, str]
    quarters: Mapping[int, str]
    communes: Mapping[int, str]
    years: tuple[int, int] | None
    campaign: int | None = None
    lead: int | None = None

    @property
    def where_and_when(self) -> tuple[Hashable, ...]:
        """All but the texts, as a part of a key."""
        places = (frozenset(self.quarters), frozenset(self.communes))
        return (frozenset(self.groups), *places, self.years, self.campaign, self.lead)


class ActionReader:
    """Reads texts with the subjects of a framework; without one, with words only."""

    def __init__(self, framework: Framework | None) -> None:
        self.index = index_of(framework) if framework else None
        self.examples = examples_of(framework) if framework else Examples([])

    def reading_of(self, texts: Mapping[str, str]) -> ActionReading:
        return _reading_of(self, tuple((field, text or "") for field, text in texts.items()))

    def aims(self, texts: Mapping[str, str]) -> dict[int, float]:
        """The orientations that texts resemble, with the share of each."""
        scores = likeliest(self.index, self.examples, texts, AIMS) if self.index else {}
        length = sqrt(sum(score**2 for score in scores.values()))
        return {pk: score / length for pk, score in scores.items()}

    def __eq__(self, other: object) -> bool:
        """Two readers that read alike: what one has read is kept for the other."""
        return isinstance(other, ActionReader) and self.index is other.index

    def __hash__(self) -> int:
        return hash(id(self.index))

    def rarity(self, subject: str) -> float:
        if subject.startswith(FIELD):
            return OF_THE_FIELD
        return self.index.rarity.get(subject, 0) if self.index else 0

    def label(self, subject: str) -> str:
        """A subject in words: those of the framework that it is named after."""
        if subject.startswith(FIELD):
            return subject.removeprefix(FIELD)
        names = subject.replace("+", " ").split(" ")
        return _label(self.index, tuple(names)) if self.index else subject


class _Said(NamedTuple):
    """A word of a title: the name of its subject, and where it stands."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=4)
def _titles(index: SuggestionIndex) -> list[tuple[str, list[_Said]]]:
    """The wordings of a framework, each with its words."""
    titles = dict.fromkeys(above.orientation.display_title for node in index.nodes for above in (*node.path, node))
    return [(title, _words_said(index, title)) for title in titles]


def _words_said(index: SuggestionIndex, title: str) -> list[_Said]:
    return [_Said(index.name_of(word.keys) or "", word.start, word.end) for word in significant(title)]


@lru_cache(maxsize=1_000)
def _label(index: SuggestionIndex, names: tuple[str, ...]) -> str:
    """The fewest words in a row of a framework's own wording that say a subject: « pratique culturelle, sportive »."""
    spans = [span for title, words in _titles(index) if (span := _span(title, words, names))]
    if spans and (shortest := min(spans, key=len)) and len(shortest) <= LONGEST_LABEL:
        return uncapped(shortest)
    apart = [_label(index, (name,)) for name in names] if len(names) > 1 else []
    return ", ".join(apart) or names[0].lstrip("=")


def _span(title: str, words: list[_Said], names: tuple[str, ...]) -> str | None:
    """The shortest part of a title that says all the names."""
    spans = []
    for first, word in enumerate(words):
        missing = set(names)
        for last in words[first:] if word.name in missing else ():
            missing.discard(last.name)
            if not missing:
                spans.append(title[word.start : last.end])
                break
    return min(spans, key=len, default=None)


@cache
def _equivalents() -> dict[str, list[tuple[Sequence, str]]]:
    """The subjects that the words of the field say, whatever the framework, by the keys of their first word."""
    filed: dict[str, list[tuple[Sequence, str]]] = {}
    for line in EQUIVALENTS.read_text(encoding="utf-8").splitlines():
        subject, equals, terms = line.partition("#")[0].partition("=")
        for term in terms.split(",") if equals else ():
            sequence = tuple(word.keys for word in significant(term))
            for key in sequence[0]:
                filed.setdefault(key, []).append((sequence, FIELD + subject.strip()))
    return filed


def _of_the_field(words: tuple[Word, ...]) -> Iterator[str]:
    """The subjects that words in a row say."""
    for place, word in enumerate(words):
        for key in word.keys:
            for sequence, subject in _equivalents().get(key, ()):
                following = words[place : place + len(sequence)]
                if len(following) == len(sequence) and all(map(_is_same, following, sequence)):
                    yield subject


def subjects_of_the_field(reading: ActionReading) -> set[str]:
    """What a text is about in the words of the field, whatever the framework."""
    return {subject for subject in reading.subjects if subject.startswith(FIELD)}


def _is_same(word: Word, keys: frozenset[str]) -> bool:
    return same(word.keys, keys)


@lru_cache(maxsize=KEPT_READINGS)
def _reading_of(reader: ActionReader, texts: tuple[tuple[str, str], ...]) -> ActionReading:
    """Kept by the texts themselves and by the index, which is another one once the framework changed."""
    index = reader.index
    words: dict[str, float] = {}
    shown: dict[str, str] = {}
    subjects: dict[str, float] = {}
    generic: set[str] = set()
    keys: dict[str, frozenset[str]] = {}
    for passage in passages(dict(texts)):
        for word in passage.words:
            name = min(word.keys)
            keys.setdefault(name, word.keys)
            words[name] = max(words.get(name, 0), passage.weight)
            shown.setdefault(name, uncapped(word.typed))
            if not thesaurus().generic.isdisjoint(word.keys):
                generic.add(name)
        for subject in _of_the_field(passage.words):
            subjects[subject] = max(subjects.get(subject, 0), passage.weight)
        for way in index.ways(passage.words) if index else ():
            if index and not way.is_generic and way.subject in index.having:
                subjects[way.subject] = max(subjects.get(way.subject, 0), way.sure * passage.weight)
    french = meanings()
    meaning = (
        french.of((keys[name], weight) for name, weight in words.items() if name not in generic) if french else None
    )
    return ActionReading(words, subjects, shown, frozenset(generic), reader.aims(dict(texts)), meaning)


def public_texts(project: Project) -> dict[str, str]:
    """What the sheet of a project says of it to anybody."""
    return {"title": project.title, "summary": project.summary, "description": project.description}


def with_traits(projects: ProjectQuerySet) -> "QuerySet[Any]":
    """With all that a comparison reads (``call``, ``before``: the action that it renews), in as many queries always."""
    declared = projects.annotate(call=F("declaration__campaign"), before=F("declaration__previous"))
    places = Place.objects.select_related("territory__parent").defer("territory__outline", "territory__parent__outline")
    return declared.select_related("organization").prefetch_related(Prefetch("places", places))


def traits_of(reader: ActionReader, row: Any) -> Traits:
    """A project, read by :func:`with_traits`, as its rows say it."""
    territories = [place.territory for place in row.places.all()]
    return Traits(
        reading=reader.reading_of(public_texts(row)),
        groups=groups_of(row.audience.split(",")),
        **places_of(territories),
        years=years_of(row.starts_on, row.ends_on),
        campaign=row.call,
        lead=row.organization_id,
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
