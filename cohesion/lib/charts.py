"""Pictures of numbers, as shapes that a template draws in SVG: each stands beside its numbers, in a table.

A picture is ``WIDTH`` units wide, and the page scales it.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 1_000
# A line by year: its height, and the room above its highest point and under its lowest for the numbers.
LINE_HEIGHT, LINE_MARGIN = 160, 34


@dataclass(frozen=True)
class BarPart:
    """A part of a bar; ``rank`` tells which of its colours it bears, from 1."""

    rank: int
    x: float
    width: float


def stacked(parts: Iterable[int], largest: int) -> list[BarPart]:
    """A bar of parts in a row; the bar of ``largest`` in all fills the picture. A part that is nothing is not drawn."""
    segments, x = [], 0.0
    for rank, part in enumerate(parts, start=1):
        width = part * WIDTH / largest if largest else 0.0
        if part > 0:
            segments.append(BarPart(rank, round(x, 1), round(width, 1)))
        x += width
    return segments


@dataclass(frozen=True)
class Point:
    """A point of a line, with what it says."""

    x: float
    y: float
    label: str
    number: int


@dataclass(frozen=True)
class YearLine:
    """``path``: the points as SVG writes them; ``baseline``: where nothing would stand."""

    points: list[Point]
    width: int = WIDTH
    height: int = LINE_HEIGHT

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:g},{point.y:g}" for point in self.points)

    @property
    def baseline(self) -> int:
        return self.height - LINE_MARGIN


def line(numbers: Sequence[tuple[str, int]]) -> YearLine:
    """A line from left to right, told from nothing: a point twice as high is twice as much."""
    largest = max([number for _, number in numbers], default=0) or 1
    step = WIDTH / max(len(numbers), 1)
    room = LINE_HEIGHT - 2 * LINE_MARGIN
    points = []
    for rank, (label, number) in enumerate(numbers):
        x = round(step * (rank + 0.5), 1)
        y = round(LINE_HEIGHT - LINE_MARGIN - number * room / largest, 1)
        points.append(Point(x, y, label, number))
    return YearLine(points)


def span_of_year(year: int, start: datetime.date, end: datetime.date | None) -> BarPart:
    """What a time takes of a calendar year, both days included; without an end it goes on. It runs in that year."""
    first, following = datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)
    days = (following - first).days
    begins = max((start - first).days, 0)
    ends = days if end is None else min((end - first).days + 1, days)
    return BarPart(1, round(begins * WIDTH / days, 1), round((ends - begins) * WIDTH / days, 1))
