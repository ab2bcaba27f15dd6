"""Two states of the framework compared, as a paper for the council: a tagged PDF (PDF/UA-1), A4 upright.

In black and white: what was removed is struck through, what was added underlined.
"""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

from django.utils import timezone

from axes.pdf import unbreakable
from cohesion.lib.typesetting import typeset
from cohesion.lib.word_diff import word_diff

TEMPLATE = Path(__file__).with_name("comparison.typ")


class PaperLine(Protocol):
    """An orientation in one of the two states."""

    @property
    def code(self) -> str: ...
    @property
    def level(self) -> str: ...
    @property
    def path(self) -> str: ...
    @property
    def wording(self) -> str: ...


class PaperText(Protocol):
    """Two wordings of a text."""

    @property
    def name(self) -> str: ...
    @property
    def before(self) -> str: ...
    @property
    def after(self) -> str: ...


class PaperRow(Protocol):
    """What became of an orientation, in words."""

    @property
    def kind_words(self) -> str: ...
    @property
    def before(self) -> Sequence[PaperLine]: ...
    @property
    def after(self) -> Sequence[PaperLine]: ...
    @property
    def texts(self) -> Sequence[PaperText]: ...
    @property
    def facts(self) -> Sequence[str]: ...
    @property
    def move(self) -> str: ...
    @property
    def served(self) -> int | None: ...


def comparison_pdf(
    former: tuple[str, str],
    latter: tuple[str, str],
    counts: Iterable[tuple[str, int]],
    rows: Iterable[PaperRow],
    *,
    is_comparable: bool,
    moment: datetime.datetime,
) -> bytes:
    """The paper: both states (name, what it says of its adoption), how many of each kind, a row each. The same bytes
    for the same moment and the same rows."""
    written = timezone.localtime(moment)
    data = {
        "former": former,
        "latter": latter,
        "counts": [f"{label} : {number}" for label, number in counts],
        "rows": [_row(row) for row in rows],
        "is_comparable": is_comparable,
        "date": [written.year, written.month, written.day],
    }
    return typeset(TEMPLATE, data, moment)


def _row(row: PaperRow) -> dict[str, Any]:
    line = (*row.after, *row.before)[0]
    is_alone = max(len(row.before), len(row.after)) == 1  # what goes on, what is new, what is dropped
    return {
        "kind": row.kind_words,
        "heading": _heading(line) if is_alone else "",
        "before": [] if is_alone else [_line(line) for line in row.before],
        "after": [] if is_alone else [_line(line) for line in row.after],
        "wording": unbreakable(line.wording) if is_alone and not row.texts else "",
        "texts": [_text(text) for text in row.texts],
        "facts": [row.move, *row.facts] if row.move else list(row.facts),
        "served": row.served or 0,
    }


def _heading(line: PaperLine) -> str:
    return f"{line.path} › {line.code}, {line.level.lower()}" if line.path else f"{line.code}, {line.level.lower()}"


def _line(line: PaperLine) -> dict[str, str]:
    return {"heading": _heading(line), "text": unbreakable(line.wording)}


def _text(text: PaperText) -> dict[str, Any]:
    pieces = [{"change": piece.change.value, "text": piece.text} for piece in word_diff(text.before, text.after)]
    return {"name": text.name, "pieces": pieces}
