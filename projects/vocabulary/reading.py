"""The lines of the vocabulary as they are read: for the search, and for whatever else asks what words mean here."""

from collections.abc import Iterable
from functools import lru_cache

from django.apps import apps

from axes.models import Framework
from cohesion.lib import french
from cohesion.lib.kept import Kept
from cohesion.lib.text import squeeze

TERMS = 30
MOST_LINES = 2_000

Lines = tuple[tuple[str, str], ...]
_lines: Kept[Lines] = Kept(2)


def kept_lines(framework: Framework) -> Lines:
    """The same lines, read again once the state of the framework is another: a line that is written changes it."""
    return _lines.get(framework.state, council_lines)


def council_lines() -> Lines:
    """What leads where: (what the site says, what people write), one pair a term; one query.

    What is made of them may be kept under the answer itself: it is another one as soon as a line is.
    """
    rows = apps.get_model("projects.VocabularyLine").objects.order_by("pk").values_list("meaning", "typed")
    return tuple((meaning, term) for meaning, typed in rows[:MOST_LINES] for term in terms_of(typed))


def terms_of(typed: str) -> list[str]:
    """The terms of a line, each once."""
    terms = (squeeze(term) for term in (typed or "").split(","))
    return list(dict.fromkeys(term for term in terms if term))


@lru_cache(maxsize=10_000)  # each term of a new line is compared with those of all the others
def sequence(text: str) -> tuple[frozenset[str], ...]:
    """The words that count, in any inflection."""
    return tuple(french.keys(word.word) for word in french.tokens(text) if not word.is_stop)


def says_the_same(text: str, other: str) -> bool:
    left, right = sequence(text), sequence(other)
    return len(left) == len(right) and all(word & word_beside for word, word_beside in zip(left, right, strict=True))


def leads_back(meaning: str, term: str, lines: Iterable[tuple[str, str]]) -> str:
    """The way from a meaning to a term, in words (« a mène à b »); nothing when there is none."""
    steps = [(own, head) for head, typed in lines for own in terms_of(typed)]
    ways = [(meaning, "")]
    seen = [meaning]
    while ways:
        place, way = ways.pop()
        for own, head in steps:
            if not says_the_same(own, place):
                continue
            begins = f"{way}, qui" if way else f"« {place} »"
            longer = f"{begins} mène déjà à « {head} »"
            if says_the_same(head, term):
                return longer
            if not any(says_the_same(head, other) for other in seen):
                seen.append(head)
                ways.append((head, longer))
    return ""
