"""What changed between two wordings, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

WORD = re.compile(r"\s+|\w+|[^\w\s]")


class Change(StrEnum):
    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stands in both wordings, in the former alone, or in the new one alone."""

    change: Change
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """The pieces of two wordings, in order: without the added ones they are ``before``, without the removed ones
    ``after``, to the letter.
    """
    return list(_joined(_pieces(WORD.findall(before), WORD.findall(after))))


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for operation, first, last, start, end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if operation == "equal":
            yield Piece(Change.SAME, "".join(before[first:last]))
            continue
        yield Piece(Change.REMOVED, "".join(before[first:last]))
        yield Piece(Change.ADDED, "".join(after[start:end]))


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Where only a space stands between two changes, they are read as one."""
    removed = added = ""
    for piece in pieces:
        if piece.change == Change.REMOVED:
            removed += piece.text
        elif piece.change == Change.ADDED:
            added += piece.text
        elif piece.text.isspace() and (removed or added):
            removed, added = removed + piece.text, added + piece.text
        else:
            yield from _changed(removed, added)
            removed = added = ""
            yield piece
    yield from _changed(removed, added)


def _changed(removed: str, added: str) -> Iterator[Piece]:
    if removed:
        yield Piece(Change.REMOVED, removed)
    if added:
        yield Piece(Change.ADDED, added)
