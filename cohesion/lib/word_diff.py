"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\s+|\w+(?:['’](?=\w))?|[^\w\s]")  # an elision stays whole: « l’ », « d’ »


class WordChange(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class WordPiece:
    """A stretch of text that stands in both wordings, in the former alone, or in the new one alone."""

    change: WordChange
    text: str


def word_diff(before: str, after: str) -> list[WordPiece]:
    """The pieces of two wordings, in order: without the added ones they are ``before``, without the removed ones
    ``after``, to the letter.
    """
    return list(_joined(_pieces(WORD.findall(before), WORD.findall(after))))


def _pieces(before: list[str], after: list[str]) -> Iterator[WordPiece]:
    for operation, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            yield WordPiece(WordChange.SAME, "".join(before[first:last]))
            continue
        yield WordPiece(WordChange.REMOVED, "".join(before[first:last]))
        yield WordPiece(WordChange.ADDED, "".join(after[start:end]))


def _joined(pieces: Iterator[WordPiece]) -> Iterator[WordPiece]:
    """Where only a space stands between two changes, they are read as one."""
    removed = added = ""
    for piece in pieces:
        if piece.change == WordChange.REMOVED:
            removed += piece.text
        elif piece.change == WordChange.ADDED:
            added += piece.text
        elif piece.text.isspace() and (removed or added):
            removed, added = removed + piece.text, added + piece.text
        else:
            yield from _changed(removed, added)
            removed = added = ""
            yield piece
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[WordPiece]:
    if removed:
        yield WordPiece(WordChange.REMOVED, removed)
    if added:
        yield WordPiece(WordChange.ADDED, added)
