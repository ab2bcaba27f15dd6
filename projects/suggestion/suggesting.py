"""The orientations that a text resembles, best first, with the words that say so."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from axes import document
from axes.models import Framework, Orientation
from axes.search.query import Term
from axes.search.results import Segment
from axes.search.results import marked as marked_terms
from cohesion.lib import french
from cohesion.lib.text import squeeze
from projects.suggestion.index import Index, index_of
from projects.suggestion.words import passages

# Under this, what is typed and the framework share nothing worth proposing.
FLOOR = 2.1
# A proposal that comes so far behind the first one is none.
BEHIND = 0.35
# What brings less than this part of a score is not shown as a reason.
REASON = 0.08
SATURATION = 3.0  # the second word on a subject says less than the first
# What remains of a score when nothing typed speaks of what is above, and how much support is half enough.
ALONE, ENOUGH = 0.65, 0.5
TOO_HIGH_LIMIT = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An orientation, and the words as typed that led to it, in the order in which they stand."""

    node: document.Node
    score: float
    matched: tuple[str, ...]

    @property
    def orientation(self) -> Orientation:
        return self.node.orientation


@dataclass(slots=True)
class _Heard:
    """What was typed about one subject: how strongly each word leads there, and the words themselves."""

    words: dict[str, float] = field(default_factory=dict)
    typed: dict[int, str] = field(default_factory=dict)  # order → as typed
    is_solid: bool = False  # not only by words that anybody writes

    @property
    def strength(self) -> float:
        total = sum(self.words.values())
        return total * (SATURATION + 1) / (total + SATURATION)


def suggest(framework: Framework, texts: Mapping[str, str], limit: int = 5) -> list[Suggestion]:
    """The orientations of ``framework`` that ``texts`` resemble, best first; none when nothing does.

    ``texts`` are the fields of a declaration by their names: ``title``, ``summary``, ``need``, ``description``.
    """
    index = index_of(framework)
    heard = _hear(index, texts)
    scores = _scores(index, heard)
    least = max(scores.values(), default=0) * BEHIND
    ranked = sorted((place for place in scores if scores[place] >= least), key=lambda p: (-round(scores[p], 6), p))
    return [_suggestion(index, heard, place, scores[place]) for place in ranked[:limit]]


def _scores(index: Index, heard: dict[str, _Heard]) -> dict[int, float]:
    """By place, where what is typed is about something at all.

    What an orientation says counts less when nothing else typed resembles what it stands under.
    """
    scores: dict[int, float] = {}
    support: dict[int, float] = {}
    solid: dict[int, float] = {}  # without the words that anybody writes
    for subject, one in heard.items():
        worth = one.strength * index.rarity[subject]
        for place, own, inherited in index.having[subject]:
            brought = worth * (own + inherited)
            scores[place] = scores.get(place, 0) + brought
            if not own:
                support[place] = support.get(place, 0) + worth * inherited
            if one.is_solid:
                solid[place] = solid.get(place, 0) + brought
    found: dict[int, float] = {}
    for place, brought in solid.items():
        helped = support.get(place, 0)
        weight = index.leaning[place] * (ALONE + (1 - ALONE) * helped / (helped + ENOUGH))
        if brought * weight >= FLOOR:
            found[place] = scores[place] * weight
    return found


def too_high(framework: Framework, node: document.Node | Orientation, texts: Mapping[str, str]) -> list[Suggestion]:
    """The orientations under the chosen one whose own wording ``texts`` resemble: a link there would say more.

    Merged cells that concern the chosen one count as under it. None: the choice is narrow enough, or nothing says
    better.
    """
    index = index_of(framework)
    chosen = node.pk if isinstance(node, Orientation) else node.orientation.pk
    if chosen not in index.places:
        return []
    heard = _hear(index, texts)
    found: list[tuple[float, int]] = []
    for place in _under(index, index.nodes[index.places[chosen]]):
        own = index.own[place]
        score = sum(one.strength * index.rarity[subject] * own.get(subject, 0) for subject, one in heard.items())
        if score >= FLOOR:
            found.append((-round(score, 6), place))
    return [_suggestion(index, heard, place, -score) for score, place in sorted(found)[:TOO_HIGH_LIMIT]]


def _under(index: Index, node: document.Node) -> list[int]:
    below = dict.fromkeys(one.orientation.pk for one in [*node.descendants, *node.merged])
    for one in node.descendants:
        below |= dict.fromkeys(merged.orientation.pk for merged in one.merged)
    return [index.places[pk] for pk in below if pk in index.places and pk != node.orientation.pk]


def _hear(index: Index, texts: Mapping[str, str]) -> dict[str, _Heard]:
    """What is typed, by subject."""
    heard: dict[str, _Heard] = {}
    order = 0
    for passage in passages(texts):
        for way in index.ways(passage.words):
            if way.subject not in index.having:
                continue
            word, last = passage.words[way.place], passage.words[way.place + way.size - 1]
            one = heard.setdefault(way.subject, _Heard())
            name = min(word.keys)
            one.words[name] = max(one.words.get(name, 0), way.sure * passage.weight)
            one.is_solid |= not way.is_generic
            one.typed.setdefault(order + way.place, squeeze(passage.text[word.start : last.end]))
        order += len(passage.words)
    return heard


def _suggestion(index: Index, heard: dict[str, _Heard], place: int, score: float) -> Suggestion:
    """With its reasons: the words of each subject that counted."""
    reasons: dict[int, str] = {}
    for subject, one in heard.items():
        weight = next((held.weight for held in index.having[subject] if held.place == place), 0)
        if one.strength * index.rarity[subject] * weight >= score * REASON:
            for order, typed in one.typed.items():
                reasons[order] = max(reasons.get(order, ""), typed, key=len)
    words = {french.folded(typed): typed for _, typed in sorted(reasons.items(), reverse=True)}
    return Suggestion(index.nodes[place], score, tuple(reversed(words.values())))


def marked(text: str, suggestion: Suggestion) -> list[Segment]:
    """A text of the declaration in pieces, the words that led to ``suggestion`` apart: for ``<mark>``."""
    terms = [Term(typed, phrase=tuple(token.folded for token in french.tokens(typed))) for typed in suggestion.matched]
    return marked_terms(text, terms)
