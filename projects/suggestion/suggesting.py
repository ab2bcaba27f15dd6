"""The orientations that a text resembles, best first, with the words that say so."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from axes import document
from axes.models import Framework, Orientation
from axes.search.query import Term
from axes.search.results import Segment
from axes.search.results import marked as marked_terms
from cohesion.lib import french
from cohesion.lib.text import squeeze
from projects.suggestion.examples import Examples, PastAction, PastLikeness, examples_of
from projects.suggestion.index import GENERIC, SuggestionIndex, index_of, is_priority
from projects.suggestion.meaning import meanings, nearness, standing
from projects.suggestion.words import Passage, passages

# Under this, what is typed and the framework share nothing worth proposing.
FLOOR = 2.1
# Where nothing is said plainly, the least that the best proposal brings with this much of its nearness by meaning; or
# by words alone, where meanings are off.
SPEAKING, BY_NEARNESS, SPEAKING_BY_WORDS = 5.6, 3.0, 4.2
# A proposal that comes so far behind the first one is none.
BEHIND = 0.35
# What brings less than this part of what the best reason brings is not shown as one.
REASON = 0.15
BY_MEANING = 0.1  # of the best score, for each standard deviation by which the meaning of an orientation is nearer
BY_EXAMPLE = 0.4  # of what the past actions that resemble the text are worth
SATURATION = 5.0  # the second word on a subject says less than the first
# What remains of a score when nothing typed speaks of what is above, and how much support is half enough.
ALONE, ENOUGH = 0.75, 0.5
# How much speaks for an orientation at least, and how much of a word does that evokes a subject without naming it.
LEAST_EVIDENCE, HINT = 1.6, 0.6
# What remains when nobody for whom an orientation is was evoked.
FOR_OTHERS = 0.9
TOO_HIGH_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An orientation, and the words as typed that led to it, in the order in which they stand."""

    node: document.Node
    score: float
    matched: tuple[str, ...]
    example: PastAction | None = None  # the past action that it resembles most

    @property
    def orientation(self) -> Orientation:
        return self.node.orientation


class _Typed(NamedTuple):
    """Words as typed, and how many of those that mean something."""

    text: str
    size: int


@dataclass(slots=True)
class _Heard:
    """What was typed about one subject: how strongly each word leads there, and the words themselves."""

    words: dict[str, float] = field(default_factory=dict)
    typed: dict[int, _Typed] = field(default_factory=dict)  # by their rank in all that was typed
    # The words that led there, each once, those of terms included, and how much each is evidence of it.
    covered: dict[str, float] = field(default_factory=dict)
    is_solid: bool = False  # not only by words that anybody writes
    is_acronym: bool = False

    @property
    def strength(self) -> float:
        total = sum(self.words.values())
        return total * (SATURATION + 1) / (total + SATURATION)


def suggest(
    framework: Framework, texts: Mapping[str, str], limit: int = 5, among: Collection[int] | None = None
) -> list[Suggestion]:
    """The orientations of ``framework`` that ``texts`` resemble, best first; none when nothing does.

    ``texts`` are the fields of a declaration by their names: ``title``, ``summary``, ``need``, ``description``;
    ``among``: only these orientations, by their keys.
    """
    return propose(index_of(framework), examples_of(framework), texts, limit, among)


def propose(
    index: SuggestionIndex,
    examples: Examples,
    texts: Mapping[str, str],
    limit: int = 5,
    among: Collection[int] | None = None,
    aside: str = "",
) -> list[Suggestion]:
    """The same, by these words of a framework and these examples, but the past actions titled ``aside``."""
    typed = list(passages(texts, index.acronyms))
    heard = _hear(index, typed)
    scores, is_plain = _scores(index, heard, _title_words(index, typed))
    likenesses = {
        index.places[pk]: likeness for pk, likeness in examples.like(texts, aside).items() if pk in index.places
    }
    for place, likeness in likenesses.items():
        brought = likeness.score * BY_EXAMPLE
        if place in scores or brought >= FLOOR:
            scores[place] = scores.get(place, 0) + brought
    scores = _put_in_order(index, typed, scores, is_plain=is_plain)
    if among is not None:
        scores = {place: score for place, score in scores.items() if index.nodes[place].pk in among}
    least = max(scores.values(), default=0) * BEHIND
    ranked = [place for place in _best(scores) if scores[place] >= least]
    return [_suggestion(index, heard, place, scores[place], likenesses.get(place)) for place in ranked[:limit]]


def _scores(index: SuggestionIndex, heard: dict[str, _Heard], title: set[str]) -> tuple[dict[int, float], bool]:
    """By place, where what is typed is about something at all, and whether an acronym or the whole title says it
    plainly; ``title``: the words of the title.

    What an orientation says counts less when nothing else typed resembles what it stands under.
    """
    scores: dict[int, float] = {}
    support: dict[int, float] = {}
    solid: dict[int, float] = {}  # without the words that anybody writes
    for subject, mention in heard.items():
        worth = mention.strength * index.rarity[subject]
        for place, own, inherited in index.having[subject]:
            brought = worth * (own + inherited)
            scores[place] = scores.get(place, 0) + brought
            if not own:
                support[place] = support.get(place, 0) + worth * inherited
            if mention.is_solid:
                solid[place] = solid.get(place, 0) + brought
    reasons = _evidence(index, heard)
    kept: dict[int, float] = {}
    for place, brought in solid.items():
        if not reasons[place].is_enough(title):
            continue
        helped = support.get(place, 0)
        weight = index.leaning[place] * (ALONE + (1 - ALONE) * helped / (helped + ENOUGH))
        if not _is_at_home(index, place, reasons[place]):
            continue
        if index.publics[place] and index.publics[place].isdisjoint(heard):
            weight *= FOR_OTHERS
        if brought * weight >= FLOOR:
            kept[place] = scores[place] * weight
    return kept, any(reasons[place].is_named or reasons[place].is_said_by(title) for place in kept)


def _put_in_order(
    index: SuggestionIndex, typed: list[Passage], scores: dict[int, float], *, is_plain: bool
) -> dict[int, float]:
    """The same, those first that are nearer to the text by its meaning; none where even the best says too little."""
    french_meanings = meanings()
    meant = french_meanings.of(_weighed(index, typed)) if french_meanings and scores else None
    best = max(scores.values(), default=0)
    if meant is None:
        return scores if is_plain or best >= SPEAKING_BY_WORDS else {}
    near = {place: nearness(meant, direction) for place, direction in enumerate(index.directions)}
    above = standing(near)
    ordered = {place: score + above[place] * BY_MEANING * best for place, score in scores.items()}
    first = max(ordered, key=lambda place: ordered[place])
    return ordered if is_plain or ordered[first] + BY_NEARNESS * near[first] >= SPEAKING else {}


def _weighed(index: SuggestionIndex, typed: list[Passage]) -> list[tuple[frozenset[str], float]]:
    """The words of a text, each once, with how much each weighs in what it means."""
    weights: dict[frozenset[str], float] = {}
    for passage in typed:
        for word in passage.words:
            weight = passage.weight * (GENERIC if index.is_generic(word) else 1)
            weights[word.keys] = max(weights.get(word.keys, 0), weight)
    return list(weights.items())


@dataclass(slots=True)
class _Evidence:
    """What speaks for an orientation: words that anybody writes are no evidence, an acronym is by itself."""

    words: dict[str, float] = field(default_factory=dict)
    is_named: bool = False
    subjects: set[str] = field(default_factory=set)
    is_supported: bool = False  # by what the orientation stands under

    def is_enough(self, title: set[str]) -> bool:
        """One ordinary word is never enough, unless the title says nothing else."""
        return self.is_named or self.is_said_by(title) or sum(self.words.values()) >= LEAST_EVIDENCE

    def is_said_by(self, title: set[str]) -> bool:
        """Whether all words of the title say it, and do not only make one think of it."""
        return bool(title) and title <= {word for word, share in self.words.items() if share == 1}


def _evidence(index: SuggestionIndex, heard: dict[str, _Heard]) -> dict[int, _Evidence]:
    evidence: dict[int, _Evidence] = defaultdict(_Evidence)
    for subject, mention in heard.items():
        for held in index.having[subject] if mention.is_solid else ():
            words = evidence[held.place].words
            for word, share in mention.covered.items():
                words[word] = max(words.get(word, 0), share)
            evidence[held.place].is_named |= mention.is_acronym
            if held.own:
                evidence[held.place].subjects.add(subject)
            else:
                evidence[held.place].is_supported = True
    return evidence


def too_high(framework: Framework, node: document.Node | Orientation, texts: Mapping[str, str]) -> list[Suggestion]:
    """The orientations under the chosen one whose own wording ``texts`` resemble: a link there would say more.

    Merged cells that concern the chosen one count as under it. None: the choice is narrow enough, or nothing says
    better.
    """
    index = index_of(framework)
    chosen = node.pk if isinstance(node, Orientation) else node.orientation.pk
    if chosen not in index.places:
        return []
    heard = {
        subject: mention
        for subject, mention in _hear(index, list(passages(texts, index.acronyms))).items()
        if mention.is_solid
    }
    scores: dict[int, float] = {}
    for place in _under(index, index.nodes[index.places[chosen]]):
        own = index.own[place]
        score = sum(
            mention.strength * index.rarity[subject] * own.get(subject, 0) for subject, mention in heard.items()
        )
        if score >= FLOOR:
            scores[place] = score
    return [_suggestion(index, heard, place, scores[place]) for place in _best(scores)[:TOO_HIGH_LIMIT]]


def _best(scores: dict[int, float]) -> list[int]:
    """Places, the best first; in the order of the document where they are as good."""
    return sorted(scores, key=lambda place: (-round(scores[place], 6), place))


def _under(index: SuggestionIndex, node: document.Node) -> list[int]:
    below = dict.fromkeys(below_node.orientation.pk for below_node in [*node.descendants, *node.merged])
    for below_node in node.descendants:
        below |= dict.fromkeys(merged.orientation.pk for merged in below_node.merged)
    return [index.places[pk] for pk in below if pk in index.places and pk != node.orientation.pk]


def _is_at_home(index: SuggestionIndex, place: int, evidence: _Evidence) -> bool:
    """Whether a priority is spoken of, and not only words that it shares with others: « qualification des acteurs »
    says nothing without the subject of what it stands under."""
    if evidence.is_supported or evidence.is_named or not is_priority(index.nodes[place]):
        return True
    return not evidence.subjects <= index.elsewhere[place]


def _title_words(index: SuggestionIndex, typed: list[Passage]) -> set[str]:
    """The words of the title, or of the first field that has some, but those that anybody writes."""
    first = next(iter(typed), None)
    return {min(word.keys) for word in first.words if not index.is_generic(word)} if first else set()


def _hear(index: SuggestionIndex, typed: list[Passage]) -> dict[str, _Heard]:
    """What is typed, by subject."""
    heard: dict[str, _Heard] = {}
    before = 0
    for passage in typed:
        for way in index.ways(passage.words):
            if way.subject not in index.having:
                continue
            word, last = passage.words[way.place], passage.words[way.place + way.size - 1]
            mention = heard.setdefault(way.subject, _Heard())
            name = min(word.keys)
            mention.words[name] = max(mention.words.get(name, 0), way.sure * passage.weight)
            mention.is_solid |= not way.is_generic
            mention.is_acronym |= word.is_acronym
            for covering in passage.words[way.place : way.place + way.size]:
                covered = min(covering.keys)
                mention.covered[covered] = max(mention.covered.get(covered, 0), HINT if way.is_evoked else 1)
            mention.typed.setdefault(before + way.place, _Typed(squeeze(passage.text[word.start : last.end]), way.size))
        before += len(passage.words)
    return heard


def _suggestion(
    index: SuggestionIndex, heard: dict[str, _Heard], place: int, score: float, likeness: PastLikeness | None = None
) -> Suggestion:
    is_like = likeness is not None and likeness.score * BY_EXAMPLE >= score * REASON
    matched = tuple(_reasons(index, heard, place)) or (likeness.words if likeness else ())
    return Suggestion(index.nodes[place], score, matched, likeness.past if likeness and is_like else None)


def _reasons(index: SuggestionIndex, heard: dict[str, _Heard], place: int) -> list[str]:
    """The words typed that counted for an orientation, each once, the longest where several begin together."""
    brought = {
        subject: mention.strength * index.rarity[subject] * index.weights[place][subject]
        for subject, mention in heard.items()
        if mention.is_solid and subject in index.weights[place]
    }
    least = max(brought.values(), default=0) * REASON
    typed_at: dict[int, _Typed] = {}
    for subject, worth in brought.items():
        for rank, typed in heard[subject].typed.items() if worth >= least else ():
            typed_at[rank] = max(typed_at.get(rank, typed), typed, key=lambda expression: expression.size)
    words: dict[str, str] = {}
    end = 0
    for rank, typed in sorted(typed_at.items()):
        if rank + typed.size > end:  # not within the words before
            words.setdefault(french.folded(typed.text), typed.text)
            end = rank + typed.size
    return list(words.values())


def marked(text: str, suggestion: Suggestion) -> list[Segment]:
    """A text of the declaration in pieces, the words that led to ``suggestion`` apart: for ``<mark>``."""
    terms = []
    for typed in suggestion.matched:
        words = [token.folded for token in french.tokens(typed)]
        terms.append(Term(typed, phrase=tuple(words)))
    return marked_terms(text, terms)
