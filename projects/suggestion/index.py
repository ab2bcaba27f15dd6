"""A framework filed by what its orientations are about: their own words, those above them, and what leads there.

A *subject* is a word of the framework, two of its words that follow one another, or a head of the thesaurus that it
says. An orientation has a subject by its own wording, or more weakly by that of what it stands under: « maillage
territorial de cette fonction » says nothing without its objective.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import log

from axes import document
from axes.choices import Level
from axes.models import Framework
from axes.search.query import ACRONYMS
from cohesion.lib import french
from cohesion.lib.kept import Kept
from projects.suggestion.spelling import Spelling
from projects.suggestion.thesaurus import Sequence, Thesaurus, same, thesaurus
from projects.suggestion.words import Word, significant

# The levels that an action is linked to: an axis or a challenge says too little.
LINKABLE = (Level.STRATEGIC, Level.OPERATIONAL, Level.PRIORITY)

DIRECT, BY_THESAURUS, MISTYPED, GENERIC = 1.0, 0.8, 0.7, 0.12
INHERITED = 0.6  # of the weight one step up
AXIS_NAME = 0.5  # at least, of the name of the axis, however far above
ACRONYM_MEANING = 0.5
LENGTH = 0.35  # how much a long wording weakens each of its words
HEAD_OF_SEVERAL = 1.25  # several words said together say more than one

Way = tuple[str, float]  # to a subject, and how surely


class Subjects:
    """What one orientation is about, by its own wording and with what is above it."""

    def __init__(self, own: dict[str, float], whole: dict[str, float]) -> None:
        self.own, self.whole = own, whole


class Index:
    """The orientations that an action may be linked to, by subject. Nothing changes once it is made."""

    def __init__(self, framework: Framework, words: Thesaurus | None = None) -> None:
        self._thesaurus = words or thesaurus()
        every = document.kept(framework)
        self._names: dict[str, str] = {}  # key of a word of the framework → the word, by the first of its keys
        said = {node.orientation.pk: self._said(node) for node in every}
        self._length = max(1.0, sum(map(len, said.values())) / max(1, len(said)))
        self._said_by = {pk: self._weighed(sequence) for pk, sequence in said.items()}
        self.nodes = [node for node in every if node.orientation.level in LINKABLE]
        self.places = {node.orientation.pk: place for place, node in enumerate(self.nodes)}
        subjects = [self._subjects(node) for node in self.nodes]
        self._heads = self._file_heads(subjects)
        self.own: list[dict[str, float]] = [one.own for one in subjects]
        self.having: dict[str, list[tuple[int, float]]] = {}
        for place, one in enumerate(subjects):
            for subject, weight in one.whole.items():
                self.having.setdefault(subject, []).append((place, weight))
        self.rarity = {
            subject: log(1 + len(self.nodes) / sum(weight for _, weight in found))
            for subject, found in self.having.items()
        }
        self._spelling = Spelling({french.folded(name) for name in self._spelled} | self._thesaurus.words)

    # --- what the framework says ------------------------------------------------------------------------------

    @property
    def _spelled(self) -> Iterable[str]:
        return self._names.keys()

    def _said(self, node: document.Node) -> list[tuple[str, float]]:
        """The words of a wording in order, by their names, with what its acronyms mean."""
        title = node.orientation.display_title
        found = [(self._name(word.keys), 1.0) for word in significant(title)]
        for token in french.tokens(title):
            if meaning := ACRONYMS.get(token.folded):
                found += [(self._name(word.keys), ACRONYM_MEANING) for word in significant(meaning)]
        return found

    def _name(self, keys: frozenset[str]) -> str:
        """One name for all inflections of a word."""
        name = next((self._names[key] for key in sorted(keys) if key in self._names), min(keys))
        for key in keys:
            self._names.setdefault(key, name)
        return name

    def _weighed(self, said: list[tuple[str, float]]) -> dict[str, float]:
        """The words of a wording and its pairs, weaker in a long one."""
        norm = 1 - LENGTH + LENGTH * len(said) / self._length
        found: dict[str, float] = {}
        for name, weight in said:
            found[name] = max(found.get(name, 0), weight / norm)
        for (one, _), (other, weight) in pairwise(said):
            if weight == 1.0:
                found[_pair(one, other)] = 1 / norm
        return found

    def _subjects(self, node: document.Node) -> Subjects:
        own = self._said_by[node.orientation.pk]
        whole = dict(own)
        for above, share in _above(node):
            for subject, weight in self._said_by[above.orientation.pk].items():
                whole[subject] = max(whole.get(subject, 0), weight * share)
        return Subjects(own, whole)

    def _file_heads(self, subjects: list[Subjects]) -> dict[str, list[tuple[Sequence, str]]]:
        """The terms that lead to a head that some orientation says, by the keys of their first word."""
        filed: dict[str, list[tuple[Sequence, str]]] = {}
        for head, terms in self._thesaurus.heads:
            names = [name for keys in head if (name := self._known(keys))]
            if len(names) < len(head):
                continue
            subject = names[0] if len(names) == 1 else "+".join(names)
            if len(names) > 1:
                for one in subjects:
                    for kind in (one.own, one.whole):
                        if all(name in kind for name in names):
                            kind[subject] = HEAD_OF_SEVERAL * sum(kind[name] for name in names) / len(names)
            if not any(subject in one.whole for one in subjects):
                continue
            for term in [*terms, head] if len(head) > 1 else terms:
                for key in term[0]:
                    filed.setdefault(key, []).append((term, subject))
        return filed

    def _known(self, keys: frozenset[str]) -> str | None:
        return next((self._names[key] for key in sorted(keys) if key in self._names), None)

    # --- what was typed ---------------------------------------------------------------------------------------

    def ways(self, words: tuple[Word, ...], place: int) -> Iterator[tuple[Way, int]]:
        """The subjects that the words at ``place`` lead to, each with how many words it takes."""
        word = words[place]
        keys = word.keys
        name = self._known(keys)
        sure = 1.0
        if name is None and not any(key in self._heads for key in keys):
            if (meant := self._spelling.nearest(word.folded)) is None:
                return
            keys, sure = french.keys(meant), MISTYPED
            name = self._known(keys)
        if name is not None:
            weight = GENERIC if not self._thesaurus.generic.isdisjoint(keys) else DIRECT
            yield (name, weight * sure), 1
            following = self._known(words[place + 1].keys) if place + 1 < len(words) else None
            if following and (pair := _pair(name, following)) in self.having:
                yield (pair, weight), 2
        for key in sorted(keys):
            for term, subject in self._heads.get(key, ()):
                if len(term) == 1 or _follows(words, place, term):
                    yield (subject, BY_THESAURUS * sure), len(term)


def _pair(one: str, other: str) -> str:
    return f"{one} {other}"


def _follows(words: tuple[Word, ...], place: int, term: Sequence) -> bool:
    """Whether the words from the second of ``term`` on stand after ``place``."""
    following = words[place + 1 : place + len(term)]
    return len(following) == len(term) - 1 and all(
        same(word.keys, keys) for word, keys in zip(following, term[1:], strict=True)
    )


def _above(node: document.Node) -> Iterator[tuple[document.Node, float]]:
    """What stands above an orientation, merged cells included, and how much of it the orientation takes."""
    share: Counter[document.Node] = Counter()
    for one in [node, *node.applies_to]:
        line = [*reversed(one.path)] if one is node else [one, *reversed(one.path)]
        for step, above in enumerate(line, start=1):
            weight = INHERITED**step
            share[above] = max(share[above], weight if above.parent else max(weight, AXIS_NAME))  # type: ignore[assignment]
    yield from share.items()


_kept: Kept[Index] = Kept(4)


def index_of(framework: Framework) -> Index:
    """The framework's index, made again whenever the framework changed."""
    return _kept.get(framework.state, lambda: Index(framework))
