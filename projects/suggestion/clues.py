"""What a text says: of which subjects, and which orientations its words, what resembles it and its meaning lead to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from cohesion.lib.text import squeeze
from projects.suggestion import sentences
from projects.suggestion.examples import Examples, PastLikeness
from projects.suggestion.index import GENERIC, SuggestionIndex, is_priority
from projects.suggestion.meaning import meanings, nearness, standing
from projects.suggestion.ranking import MOST_LIKE, MOST_WORDS, PART, WORDS_OF, Signs, SpeakingSigns
from projects.suggestion.words import Passage, passages

# Under this, what is typed and the framework share nothing worth proposing.
FLOOR = 2.1
SATURATION = 5.0  # the second word on a subject says less than the first
# What remains of a score when nothing typed speaks of what is above, and how much support is half enough.
ALONE, ENOUGH = 0.75, 0.5
# How much speaks for an orientation at least, and how much of a word does that evokes a subject without naming it.
LEAST_EVIDENCE, HINT = 1.6, 0.6
# What remains when nobody for whom an orientation is was evoked.
FOR_OTHERS = 0.9
LEAST_SAID = 5.0  # where nothing is said much, its parts are small
# By whole sentences: from where on what was retained is alike, what is usual, and what makes the signs of one size.
MEANT_ALIKE = 1.5
NEAR_WORDING, NEAR_PAST, SPREAD = 0.83, 0.87, 40.0


class TypedExpression(NamedTuple):
    """Words as typed, and how many of those that mean something."""

    text: str
    size: int


@dataclass(slots=True)
class Heard:
    """What was typed about one subject: how strongly each word leads there, and the words themselves."""

    words: dict[str, float] = field(default_factory=dict)
    typed: dict[int, TypedExpression] = field(default_factory=dict)  # by their rank in all that was typed
    # The words that led there, each once, those of terms included, and how much each is evidence of it.
    covered: dict[str, float] = field(default_factory=dict)
    is_solid: bool = False  # not only by words that anybody writes
    is_acronym: bool = False

    @property
    def strength(self) -> float:
        total = sum(self.words.values())
        return total * (SATURATION + 1) / (total + SATURATION)


@dataclass(frozen=True, slots=True)
class Clues:
    """What a text says: by subject (``heard``), of what may be proposed, by place (``signs``), and in all."""

    heard: dict[str, Heard]
    words: dict[int, float]
    likenesses: dict[int, PastLikeness]
    meant_alike: dict[int, PastLikeness]
    signs: dict[int, Signs]
    speaking: SpeakingSigns
    is_by_sentence: bool


def clues_of(
    index: SuggestionIndex, examples: Examples, texts: Mapping[str, str], aside: str = "", *, by_sentence: bool = True
) -> Clues:
    """What ``texts`` say of each orientation that may be proposed: by words, by examples but those titled ``aside``,
    by meaning."""
    typed = list(passages(texts, index.acronyms))
    heard = hear(index, typed)
    words, is_plain = _scores(index, heard, _title_words(index, typed))
    likenesses = _by_place(index, examples.like(texts, aside))
    near = _nearness(index, typed)
    sentence = sentences.typed(texts) if by_sentence else None
    wordings = index.near_wordings(sentence) if sentence is not None else {}  # none until all of them are read
    meant_alike = _by_place(index, examples.meant_like(sentence, texts, aside)) if wordings else {}
    own, above = _mentions(index, heard)
    most_own, most_above = (max([LEAST_SAID, *brought]) for brought in (own, above))
    by_meaning, by_wording = standing(near), standing(wordings)
    signs = {
        place: Signs(
            words=words.get(place, 0.0) / WORDS_OF,
            example=_score(likenesses, place) / WORDS_OF,
            own=PART * own[place] / most_own,
            above=PART * above[place] / most_above,
            meaning=by_meaning[place],
            for_others=float(bool(index.publics[place]) and index.publics[place].isdisjoint(heard)),
            priority=float(is_priority(node)),
            sentence=by_wording.get(place, 0.0),
            past_sentence=_score(meant_alike, place),
        )
        for place, node in enumerate(index.nodes)
        if place in words or place in likenesses or _score(meant_alike, place) >= MEANT_ALIKE
    }
    speaking = SpeakingSigns(
        words=min(MOST_WORDS, max(words.values(), default=0.0) / WORDS_OF),
        example=min(MOST_LIKE, max((alike.score for alike in likenesses.values()), default=0.0) / WORDS_OF),
        meaning=max(near.values(), default=0.0),
        plain=float(is_plain),
        subjects=min(MOST_WORDS, max(map(sum, zip(own, above, strict=True)), default=0.0) / WORDS_OF),
        has_examples=float(bool(examples.every)),
        sentence=_beyond(wordings.values(), NEAR_WORDING),
        past_sentence=_beyond((alike.nearness for alike in meant_alike.values()), NEAR_PAST),
    )
    return Clues(heard, words, likenesses, meant_alike, signs, speaking, bool(wordings))


def _by_place(index: SuggestionIndex, likenesses: Mapping[int, PastLikeness]) -> dict[int, PastLikeness]:
    return {index.places[pk]: likeness for pk, likeness in likenesses.items() if pk in index.places}


def _score(likenesses: Mapping[int, PastLikeness], place: int) -> float:
    return likenesses[place].score if place in likenesses else 0.0


def _beyond(nearnesses: Iterable[float], usual: float) -> float:
    """By how much the nearest is nearer than what is usual; nothing is known of none."""
    return SPREAD * (max(nearnesses, default=usual) - usual)


def _mentions(index: SuggestionIndex, heard: Mapping[str, Heard]) -> tuple[list[float], list[float]]:
    """By place, what is said of its own wording, and of what is above it."""
    own, above = [0.0] * len(index.nodes), [0.0] * len(index.nodes)
    for subject, mention in heard.items():
        worth = mention.strength * index.rarity[subject]
        for held in index.having[subject]:
            own[held.place] += worth * held.own
            above[held.place] += worth * held.inherited
    return own, above


def _nearness(index: SuggestionIndex, typed: list[Passage]) -> dict[int, float]:
    """By place, how near each orientation is by the meaning of the words."""
    french_meanings = meanings()
    meant = french_meanings.of(_weighed(index, typed)) if french_meanings else None
    return {place: nearness(meant, direction) for place, direction in enumerate(index.directions)}


def _scores(index: SuggestionIndex, heard: dict[str, Heard], title: set[str]) -> tuple[dict[int, float], bool]:
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


def _weighed(index: SuggestionIndex, typed: list[Passage]) -> list[tuple[frozenset[str], float]]:
    """The words of a text, each once, with how much each weighs in what it means."""
    weights: dict[frozenset[str], float] = {}
    for passage in typed:
        for word in passage.words:
            weight = passage.weight * (GENERIC if index.is_generic(word) else 1)
            weights[word.keys] = max(weights.get(word.keys, 0), weight)
    return list(weights.items())


@dataclass(slots=True)
class Evidence:
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


def _evidence(index: SuggestionIndex, heard: dict[str, Heard]) -> dict[int, Evidence]:
    evidence: dict[int, Evidence] = defaultdict(Evidence)
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


def _is_at_home(index: SuggestionIndex, place: int, evidence: Evidence) -> bool:
    """Whether a priority is spoken of, and not only words that it shares with others: « qualification des acteurs »
    says nothing without the subject of what it stands under."""
    if evidence.is_supported or evidence.is_named or not is_priority(index.nodes[place]):
        return True
    return not evidence.subjects <= index.elsewhere[place]


def _title_words(index: SuggestionIndex, typed: list[Passage]) -> set[str]:
    """The words of the title, or of the first field that has some, but those that anybody writes."""
    first = next(iter(typed), None)
    return {min(word.keys) for word in first.words if not index.is_generic(word)} if first else set()


def hear(index: SuggestionIndex, typed: list[Passage]) -> dict[str, Heard]:
    """What is typed, by subject."""
    heard: dict[str, Heard] = {}
    before = 0
    for passage in typed:
        for way in index.ways(passage.words):
            if way.subject not in index.having:
                continue
            word, last = passage.words[way.place], passage.words[way.place + way.size - 1]
            mention = heard.setdefault(way.subject, Heard())
            name = min(word.keys)
            mention.words[name] = max(mention.words.get(name, 0), way.sure * passage.weight)
            mention.is_solid |= not way.is_generic
            mention.is_acronym |= word.is_acronym
            for covering in passage.words[way.place : way.place + way.size]:
                covered = min(covering.keys)
                mention.covered[covered] = max(mention.covered.get(covered, 0), HINT if way.is_evoked else 1)
            mention.typed.setdefault(
                before + way.place, TypedExpression(squeeze(passage.text[word.start : last.end]), way.size)
            )
        before += len(passage.words)
    return heard
