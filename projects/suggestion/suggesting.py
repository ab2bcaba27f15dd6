"""The orientations that a text resembles, best first, with the words that say so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from axes import document
from axes.models import Framework, Orientation
from axes.search.query import Term
from axes.search.results import Segment
from axes.search.results import marked as marked_terms
from cohesion.lib import french
from projects.suggestion import ranking
from projects.suggestion.clues import FLOOR, MEANT_ALIKE, Clues, Heard, TypedExpression, clues_of, hear
from projects.suggestion.examples import Examples, PastAction, examples_of
from projects.suggestion.index import SuggestionIndex, index_of
from projects.suggestion.words import passages

# What brings less than this part of what the best reason brings is not shown as one.
REASON = 0.15
BY_EXAMPLE = 0.4  # of what the past actions that resemble the text are worth, beside its words
TOO_HIGH_LIMIT = 3
MOST_REASONS = 8  # words shown of one orientation


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


def suggest(
    framework: Framework,
    texts: Mapping[str, str],
    limit: int = 5,
    among: Collection[int] | None = None,
    *,
    by_sentence: bool = True,
) -> list[Suggestion]:
    """The orientations of ``framework`` that ``texts`` resemble, best first; none when nothing does.

    ``texts`` are the fields of a declaration by their names: ``title``, ``summary``, ``need``, ``description``;
    ``among``: only these orientations, by their keys; ``by_sentence``: by whole sentences too, where the site does.
    """
    return propose(index_of(framework), examples_of(framework), texts, limit, among, by_sentence=by_sentence)


def propose(
    index: SuggestionIndex,
    examples: Examples,
    texts: Mapping[str, str],
    limit: int = 5,
    among: Collection[int] | None = None,
    aside: str = "",
    *,
    by_sentence: bool = True,
) -> list[Suggestion]:
    """The same, by these words of a framework and these examples, but the past actions titled ``aside``."""
    clues = clues_of(index, examples, texts, aside, by_sentence=by_sentence)
    weights = ranking.weights_of(by_sentence=clues.is_by_sentence)
    if not ranking.speaks(clues.speaking, weights):
        return []
    signs = clues.signs
    if among is not None:
        signs = {place: shown for place, shown in signs.items() if index.nodes[place].pk in among}
    scores = ranking.ranked(signs, weights)
    return [_suggestion(index, clues, place, scores[place]) for place in _best(scores)[:limit]]


def likeliest(index: SuggestionIndex, examples: Examples, texts: Mapping[str, str], limit: int) -> dict[int, float]:
    """How much ``texts`` resemble the orientations that they resemble most, by their keys: by words and examples alone,
    without reasons or queries, for who compares many texts."""
    clues = clues_of(index, examples, texts, by_sentence=False)
    if not ranking.speaks(clues.speaking, ranking.BY_WORDS):
        return {}
    scores = dict(clues.words)
    for place, likeness in clues.likenesses.items():
        brought = BY_EXAMPLE * likeness.score
        if place in scores or brought >= FLOOR:
            scores[place] = scores.get(place, 0) + brought
    return {index.nodes[place].pk: scores[place] for place in _best(scores)[:limit]}


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
        for subject, mention in hear(index, list(passages(texts, index.acronyms))).items()
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
    return [
        Suggestion(index.nodes[place], scores[place], tuple(_reasons(index, heard, place))[:MOST_REASONS])
        for place in _best(scores)[:TOO_HIGH_LIMIT]
    ]


def _best(scores: dict[int, float]) -> list[int]:
    """Places, the best first; in the order of the document where they are as good."""
    return sorted(scores, key=lambda place: (-float(f"{scores[place]:.6g}"), place))


def _under(index: SuggestionIndex, node: document.Node) -> list[int]:
    below = dict.fromkeys(below_node.orientation.pk for below_node in [*node.descendants, *node.merged])
    for below_node in node.descendants:
        below |= dict.fromkeys(merged.orientation.pk for merged in below_node.merged)
    return [index.places[pk] for pk in below if pk in index.places and pk != node.orientation.pk]


def _suggestion(index: SuggestionIndex, clues: Clues, place: int, score: float) -> Suggestion:
    matched = tuple(_reasons(index, clues.heard, place))
    likeness, meant_alike = clues.likenesses.get(place), clues.meant_alike.get(place)
    past = None
    if meant_alike and meant_alike.score >= MEANT_ALIKE:
        past = meant_alike.past
    elif likeness and likeness.score * BY_EXAMPLE >= clues.words.get(place, 0) * REASON:
        past = likeness.past
    words = matched or (likeness.words if likeness else ())
    return Suggestion(index.nodes[place], score, words[:MOST_REASONS], past)


def _reasons(index: SuggestionIndex, heard: dict[str, Heard], place: int) -> list[str]:
    """The words typed that counted for an orientation, each once, the longest where several begin together."""
    brought = {
        subject: mention.strength * index.rarity[subject] * index.weights[place][subject]
        for subject, mention in heard.items()
        if mention.is_solid and subject in index.weights[place]
    }
    least = max(brought.values(), default=0) * REASON
    typed_at: dict[int, TypedExpression] = {}
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
