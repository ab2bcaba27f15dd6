"""Which words of a text became which others."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

CLOSE = 0.5  # texts that share less are two texts, better read one after the other
SHORTEST, LONGEST = 5, 2_000  # words: of fewer one sees the change at once, of more it takes too long


@dataclass(frozen=True)
class TextRun:
    """Words that follow one another: only in the former text, only in the new one, or kept."""

    words: str
    is_gone: bool = False
    is_new: bool = False


def changed_words(old: str, new: str) -> list[TextRun]:
    """The pieces of two texts that share most of their words; none of two others."""
    before, after = old.split(), new.split()
    if min(len(before), len(after)) < SHORTEST or max(len(before), len(after)) > LONGEST:
        return []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return list(_pieces(matcher, before, after)) if matcher.ratio() >= CLOSE else []


def _pieces(matcher: SequenceMatcher[str], before: list[str], after: list[str]) -> Iterator[TextRun]:
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            yield TextRun(" ".join(before[start:end]))
            continue
        if start < end:
            yield TextRun(" ".join(before[start:end]), is_gone=True)
        if first < last:
            yield TextRun(" ".join(after[first:last]), is_new=True)
