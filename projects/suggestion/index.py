"""A framework filed by what its orientations are about: their own words, those above them, and what leads there.

A *subject* is a word of the framework, two of its words that follow one another, or a head of the thesaurus that it
says. An orientation has a subject by its own wording, or more weakly by that of what it stands under: « maillage
territorial de cette fonction » says nothing without its objective.
"""

from collections.abc import Iterator
from itertools import pairwise
from math import log, sqrt
from typing import NamedTuple

from axes import document
from axes.choices import PriorityType
from axes.levels import ANNOUNCED_LEVELS, CLOSED_LEVELS, LINKABLE_LEVELS
from axes.models import Framework, Orientation
from axes.search.query import ACRONYMS
from cohesion.lib import french
from cohesion.lib.kept import Kept
from projects.suggestion import sentences
from projects.suggestion.meaning import Direction, meanings, together
from projects.suggestion.spelling import Spelling
from projects.suggestion.thesaurus import Sequence, Thesaurus, same, thesaurus, with_lines
from projects.suggestion.words import Word, significant
from projects.suggestion.words import keys as words_keys
from projects.vocabulary.reading import council_lines

# The levels that an action is linked to: an axis or a challenge says too little.

# How surely a typed word leads to a subject: as the framework says it, by the thesaurus, corrected, or a word that
# anybody writes. These weights, and those below, were chosen on the tuning cases (``tests/suggestions``).
DIRECT, BY_THESAURUS, MISTYPED, GENERIC = 1.0, 0.85, 0.7, 0.3
BY_TERM = 1.4  # a term of several words is seldom there by chance
EVOKED = 0.7  # of these two, what evokes a subject without naming it
INHERITED = 0.3  # of the weight one step up
AXIS_NAME = 0.7  # at least, of the name of the axis, however far above
MOST_INHERITED = 1.0
ACRONYM_MEANING = 0.5  # of the words that an acronym of the wording stands for
LENGTH = 0.15  # how much a long wording weakens each of its words
SHARED = 0.7  # how much a word that leads to several subjects says less of each
WIDE = 0.75  # what an objective above the operational level keeps: a link there says little
TERRITORIAL = 0.8  # and a priority that only says where
REFERENCE = 0.75  # and a reference to another document, where the objective says as much
HEAD_OF_SEVERAL = 1.2  # several words said together say more than one


class Holding(NamedTuple):
    """An orientation has a subject: how strongly by its own wording, and by what is above it."""

    place: int
    own: float
    inherited: float

    @property
    def weight(self) -> float:
        return self.own + self.inherited


class Way(NamedTuple):
    """Some words as typed, from ``place`` on, lead to a subject."""

    subject: str
    sure: float
    place: int
    size: int
    is_generic: bool = False
    is_evoked: bool = False  # by a word that does not name the subject


class Lead(NamedTuple):
    """A term leads to a subject: how surely."""

    term: Sequence
    subject: str
    sure: float


class Subjects(NamedTuple):
    """What one orientation is about, by its own wording and by what is above it."""

    own: dict[str, float]
    inherited: dict[str, float]

    def says(self, name: str) -> float:
        return self.own.get(name, 0) + self.inherited.get(name, 0)

    @property
    def all(self) -> set[str]:
        return self.own.keys() | self.inherited.keys()


class SuggestionIndex:
    """The orientations that an action may be linked to, by subject. Nothing changes once it is made."""

    def __init__(self, framework: Framework, words: Thesaurus | None = None) -> None:
        self._thesaurus = words or thesaurus()
        self.acronyms = self._thesaurus.acronyms
        every = document.kept(framework)
        self._names: dict[str, str] = {}  # key of a word of the framework → the word, by the first of its keys
        wordings = {node.orientation.pk: self._wording(node) for node in every}
        self._length = max(1.0, sum(map(len, wordings.values())) / max(1, len(wordings)))
        self._weights_by_node = {pk: self._weighed(sequence) for pk, sequence in wordings.items()}
        self.nodes = [node for node in every if node.orientation.level in LINKABLE_LEVELS]
        self.places = {node.orientation.pk: place for place, node in enumerate(self.nodes)}
        subjects = [self._subjects(node) for node in self.nodes]
        self._heads = self._file_heads(subjects)
        self.own: list[dict[str, float]] = [node_subjects.own for node_subjects in subjects]
        self.leaning = [_leaning(node.orientation) for node in self.nodes]
        self._sentences = [sentence_of_node(node) for node in self.nodes]
        self.having: dict[str, list[Holding]] = {}
        for place, node_subjects in enumerate(subjects):
            for subject in sorted(node_subjects.all):
                held = Holding(place, node_subjects.own.get(subject, 0), node_subjects.inherited.get(subject, 0))
                self.having.setdefault(subject, []).append(held)
        self.weights: list[dict[str, float]] = [{} for _ in self.nodes]
        for subject, holdings in self.having.items():
            for held in holdings:
                self.weights[held.place][subject] = held.weight
        self.publics = [self._publics(node_subjects) for node_subjects in subjects]
        self.elsewhere = {
            place: self._said_elsewhere(node) for place, node in enumerate(self.nodes) if is_priority(node)
        }
        self.rarity: dict[str, float] = {}
        for subject, holdings in self.having.items():
            weight = sum(held.weight for held in holdings)
            self.rarity[subject] = log(1 + len(self.nodes) / weight)
        self.directions = self._directions(every)
        framework_words = {word.folded for node in every for word in significant(node.orientation.display_title)}
        self._spelling = Spelling(framework_words | self._thesaurus.words)

    def _publics(self, subjects: Subjects) -> set[str]:
        """The subjects that say for whom an orientation is."""
        for_whom = {name for key, name in self._names.items() if key in self._thesaurus.publics}
        return {subject for subject in subjects.all if not for_whom.isdisjoint(subject.split("+"))}

    def _said_elsewhere(self, node: document.Node) -> set[str]:
        """What is said by others than an orientation, those above it and those under it: its axis and another one may
        speak of the same thing."""
        around = {node.pk, *(above.pk for above, _ in _above(node)), *(below.pk for below in node.descendants)}
        subjects = {subject for pk, weights in self._weights_by_node.items() if pk not in around for subject in weights}
        others = (own for other, own in zip(self.nodes, self.own, strict=True) if other.pk not in around)
        return subjects.union(*others)

    # --- what the framework says ------------------------------------------------------------------------------

    def _wording(self, node: document.Node) -> list[tuple[str, float]]:
        """The words of a wording in order, by their names, with what its acronyms mean."""
        title = node.orientation.display_title
        weighted = [(self._name(word.keys), 1.0) for word in significant(title, self.acronyms)]
        for token in french.tokens(title):
            if meaning := ACRONYMS.get(token.folded):
                weighted += [(self._name(word.keys), ACRONYM_MEANING) for word in significant(meaning, self.acronyms)]
        return weighted

    def _name(self, keys: frozenset[str]) -> str:
        """One name for all inflections of a word."""
        name = next((self._names[key] for key in sorted(keys) if key in self._names), min(keys))
        for key in sorted(keys):
            self._names.setdefault(key, name)
        return name

    def _weighed(self, wording: list[tuple[str, float]]) -> dict[str, float]:
        """The words of a wording and its pairs, weaker in a long one."""
        norm = 1 - LENGTH + LENGTH * len(wording) / self._length
        weights: dict[str, float] = {}
        for name, weight in wording:
            weights[name] = max(weights.get(name, 0), weight / norm)
        for (first, _), (other, weight) in pairwise(wording):
            if weight == 1.0:
                weights[_pair(first, other)] = 1 / norm
        return weights

    def _subjects(self, node: document.Node) -> Subjects:
        """What is said above is the surer for being said several times, as in an axis and in its objective."""
        inherited: dict[str, float] = {}
        for above, share in _above(node):
            for subject, weight in self._weights_by_node[above.orientation.pk].items():
                inherited[subject] = min(MOST_INHERITED, inherited.get(subject, 0) + weight * share)
        return Subjects(dict(self._weights_by_node[node.orientation.pk]), inherited)

    def _file_heads(self, subjects: list[Subjects]) -> dict[str, list[Lead]]:
        """The terms that lead to a head that some orientation says, by the keys of their first word."""
        filed: dict[str, list[Lead]] = {}
        for head, terms, is_evoking in self._thesaurus.heads:
            names = [name for keys in head if (name := self._known(keys))]
            if len(names) < len(head):
                continue
            subject = names[0] if len(names) == 1 else "+".join(names)
            for node_subjects in subjects if len(names) > 1 else ():
                if all(node_subjects.says(name) for name in names):
                    is_own = all(name in node_subjects.own for name in names)
                    kind = node_subjects.own if is_own else node_subjects.inherited
                    kind[subject] = HEAD_OF_SEVERAL * sum(map(node_subjects.says, names)) / len(names)
            if not any(node_subjects.says(subject) for node_subjects in subjects):
                continue
            for term in [*terms, head] if len(head) > 1 else terms:
                for key in term[0]:
                    filed.setdefault(key, []).append(Lead(term, subject, EVOKED if is_evoking else 1.0))
        return filed

    def _directions(self, every: list[document.Node]) -> list[Direction | None]:
        """Where each orientation points to, by the meaning of its subjects: their words, and those that lead there."""
        if (french_meanings := meanings()) is None:
            return [None] * len(self.nodes)
        words = self._words_of_subjects(every)
        leading: dict[str, list[frozenset[str]]] = {}
        for subject, term in {(lead.subject, lead.term) for leads in self._heads.values() for lead in leads}:
            leading.setdefault(subject, []).extend(term)
        pointing: dict[str, tuple[Direction, float]] = {}
        for subject in self.having:
            terms = leading.get(subject, [])
            weighted = [*words.get(subject, ()), *((keys, 1 / sqrt(len(terms))) for keys in terms)]
            if direction := french_meanings.of(weighted):
                pointing[subject] = direction, self.rarity[subject] * min(1.0, max(weight for _, weight in weighted))
        directions = []
        for weights in self.weights:
            held = [(*pointing[subject], weight) for subject, weight in weights.items() if subject in pointing]
            directions.append(together((direction, share * weight) for direction, share, weight in held))
        return directions

    def _words_of_subjects(self, every: list[document.Node]) -> dict[str, list[tuple[frozenset[str], float]]]:
        """The words of the framework that each subject is made of, by their keys, with how much each means."""
        by_name: dict[str, list[tuple[frozenset[str], float]]] = {}
        titles = [node.orientation.display_title for node in every]
        for keys in {word.keys for title in titles for word in significant(title, self.acronyms)}:
            weight = GENERIC if not self._thesaurus.generic.isdisjoint(keys) else 1.0
            by_name.setdefault(self._name(keys), []).append((keys, weight))
        words: dict[str, list[tuple[frozenset[str], float]]] = {}
        for subject in self.having:
            words[subject] = [way for name in subject.split("+") for way in by_name.get(name, ())]
        return words

    def near_wordings(self, sentence: sentences.Vector) -> dict[int, float]:
        """By place, how near each orientation is by whole sentences; none before all of them are read."""
        near = sentences.nearness(sentence, sentences.vectors(self._sentences))
        known = {place: nearness for place, nearness in enumerate(near) if nearness is not None}
        return known if len(known) == len(near) else {}

    def name_of(self, keys: frozenset[str]) -> str | None:
        """The name of the subject that a word of the framework is."""
        return self._known(keys)

    def _known(self, keys: frozenset[str]) -> str | None:
        return next((self._names[key] for key in sorted(keys) if key in self._names), None)

    # --- what was typed ---------------------------------------------------------------------------------------

    def ways(self, words: tuple[Word, ...]) -> Iterator[Way]:
        """The subjects that words in a row lead to. A term of several words takes them: « auto-école » is no school."""
        taken: set[int] = set()
        phrases = [way for place in range(len(words)) for way in self._phrases(words, place)]
        for way in phrases:
            taken |= {*range(way.place, way.place + way.size)}
        yield from phrases
        for place, word in enumerate(words):
            keys, sure = word.keys, 1.0
            if not self._is_known(keys):
                if (meant := self._spelling.nearest(word.folded)) is None:
                    continue
                keys, sure = words_keys(meant), MISTYPED
            if name := self._known(keys):
                is_generic = not self._thesaurus.generic.isdisjoint(keys)
                weight = sure * (GENERIC if is_generic else DIRECT)
                yield Way(name, weight, place, 1, is_generic)
                following = self._known(words[place + 1].keys) if place + 1 < len(words) else None
                if following and (pair := _pair(name, following)) in self.having:
                    yield Way(pair, weight, place, 2, is_generic)
            if place not in taken:
                is_ordinary = not self._thesaurus.generic.isdisjoint(keys)  # it names a subject, and evokes none
                leads = {subject: lead for subject, lead in self._by_word(keys).items() if lead == 1 or not is_ordinary}
                shared = sum(leads.values()) ** SHARED
                for subject, lead in leads.items():
                    weight = BY_THESAURUS * sure * lead / max(1.0, shared)
                    yield Way(subject, weight, place, 1, is_evoked=lead < 1)

    def is_generic(self, word: Word) -> bool:
        """Whether anybody writes it, whatever the action."""
        return not self._thesaurus.generic.isdisjoint(word.keys)

    def _is_known(self, keys: frozenset[str]) -> bool:
        return any(key in self._names or key in self._heads for key in keys)

    def _phrases(self, words: tuple[Word, ...], place: int) -> Iterator[Way]:
        best: dict[str, Lead] = {}
        for lead in [lead for key in sorted(words[place].keys) for lead in self._heads.get(key, ())]:
            if len(lead.term) > 1 and _follows(words, place, lead.term):
                best[lead.subject] = max(best.get(lead.subject, lead), lead, key=lambda lead: lead.sure)
        for subject, lead in best.items():
            yield Way(subject, BY_TERM * lead.sure, place, len(lead.term))

    def _by_word(self, keys: frozenset[str]) -> dict[str, float]:
        """The subjects that a word leads to, and how surely it does at most."""
        leads = {(lead.subject, lead.sure) for key in keys for lead in self._heads.get(key, ()) if len(lead.term) == 1}
        return dict(sorted(leads))


def is_priority(node: document.Node) -> bool:
    """Whether an orientation only says something of the one above it: nothing can stand under it."""
    return node.orientation.level in CLOSED_LEVELS


def sentence_of_node(node: document.Node) -> str:
    """What an orientation says, after what it stands under."""
    return " > ".join(above.orientation.display_title for above in (*node.path, node))


def _leaning(orientation: Orientation) -> float:
    """How much an orientation is preferred to what resembles the text as much."""
    if orientation.priority_type == PriorityType.REFERENCE:
        return REFERENCE
    if orientation.priority_type == PriorityType.TERRITORIAL:
        return TERRITORIAL
    narrow = ANNOUNCED_LEVELS | CLOSED_LEVELS
    return 1.0 if narrow & set(orientation.span) else WIDE


def _pair(first: str, second: str) -> str:
    return f"{first} {second}"


def _follows(words: tuple[Word, ...], place: int, term: Sequence) -> bool:
    """Whether the words from the second of ``term`` on stand after ``place``."""
    following = words[place + 1 : place + len(term)]
    return len(following) == len(term) - 1 and all(
        same(word.keys, keys) for word, keys in zip(following, term[1:], strict=True)
    )


def _above(node: document.Node) -> Iterator[tuple[document.Node, float]]:
    """What stands above an orientation, merged cells included, and how much of it the orientation takes."""
    shares: dict[document.Node, float] = {}
    for line in [node.path, *([*target.path, target] for target in node.applies_to)]:
        for step, above in enumerate(reversed(line), start=1):
            share = INHERITED**step if above.parent else max(INHERITED**step, AXIS_NAME)
            shares[above] = max(shares.get(above, 0), share)
    yield from shares.items()


_kept: Kept[SuggestionIndex] = Kept(4)


def index_of(framework: Framework) -> SuggestionIndex:
    """The framework's index, made again whenever the framework or the council's own words changed."""
    lines = council_lines()
    return _kept.get((framework.state, lines), lambda: SuggestionIndex(framework, with_lines(lines)))
