"""A map of areas as SVG: outlines projected once, numbers written at a point inside, every area a link.

The picture never stands alone: the same numbers are a table under it.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Any

from cohesion.lib.geojson import rings
from cohesion.lib.heat import step

WIDTH = 720  # units of the drawing; the page scales it
MARGIN = 4
Number = float | Decimal
CANDIDATES = 15  # how many heights are tried for a point inside an area
# Names under the numbers, in units: where the first line stands, a line's height, a letter's mean width.
NAME_LINES, NAME_TOP, NAME_HEIGHT, NAME_LETTER = 3, 14, 9, 4.9


@dataclass(frozen=True)
class Area:
    """One area of the map: its outline as an SVG path, where its number stands, what it says and leads to.

    ``lines`` is its name where there is room for it under the number.
    """

    key: int
    name: str
    lines: tuple[str, ...]
    path: str
    x: float
    y: float
    number: Number
    step: int
    words: str
    address: str

    @property
    def named(self) -> list[tuple[float, str]]:
        """The lines of its name, each with the height at which it stands."""
        return [(round(self.y + NAME_TOP + NAME_HEIGHT * rank, 1), line) for rank, line in enumerate(self.lines)]

    @property
    def style(self) -> str:
        return f"h{self.step}"


@dataclass(frozen=True)
class Drawing:
    """``inner``: areas that lie inside others and are drawn over them."""

    width: float
    height: float
    areas: list[Area]
    inner: tuple[Area, ...] = ()


Point = tuple[float, float]
Edge = tuple[Point, Point]
Ring = tuple[Point, ...]
Shape = tuple[str, float, float, tuple[str, ...]]  # the path, where the number stands, the lines of the name


def level(number: Number) -> int:
    """The step of a number of things, or of a rate of them."""
    return step(math.ceil(number))


def draw(
    outlines: Mapping[int, Any],
    names: Mapping[int, str],
    numbers: Mapping[int, Number],
    words: Mapping[int, str],
    addresses: Mapping[int, str],
    step_of: Callable[[Number], int] = level,
) -> Drawing:
    """Draw areas by key. ``words`` say each number in full; ``addresses`` are what they lead to; ``step_of`` says on
    which of the six steps a number stands.

    Areas without a number are drawn first, so that the border of those that have one is on top.
    """
    frozen = tuple((key, names[key], _frozen(outline)) for key, outline in sorted(outlines.items()) if outline)
    width, height, shapes = _projected(frozen)
    areas = [
        Area(key, names[key], lines, path, x, y, number, step_of(number), words[key], addresses[key])
        for key, (path, x, y, lines) in shapes.items()
        for number in (numbers.get(key, 0),)
    ]
    return Drawing(width, height, sorted(areas, key=lambda area: (area.number > 0, area.name)))


def _frozen(outline: Any) -> tuple[Ring, ...]:
    frozen: list[Ring] = []
    for ring in rings(outline):
        frozen.append(tuple((point[0], point[1]) for point in ring))
    return tuple(frozen)


@lru_cache(maxsize=8)
def _projected(
    outlines: tuple[tuple[int, str, tuple[Ring, ...]], ...],
) -> tuple[float, float, dict[int, Shape]]:
    """Degrees to units of the drawing; a degree of longitude is shortened by the cosine of the latitude."""
    points = [point for _, _, area in outlines for ring in area for point in ring]
    if not points:
        return WIDTH, 0, {}
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-9)

    def place(point: Point) -> Point:
        return MARGIN + (point[0] - west) * squeeze * scale, MARGIN + (north - point[1]) * scale

    shapes: dict[int, Shape] = {}
    for key, name, area in outlines:
        placed = [list(map(place, ring)) for ring in area]
        path = "".join(map(_path, placed))
        x, y = interior_point(placed)
        shapes[key] = (path, x, y, name_lines(name, x, y, _edges(placed)))
    return WIDTH, round(2 * MARGIN + (north - south) * scale, 1), shapes


def _path(ring: list[Point]) -> str:
    """A closed line in the words of SVG."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z"


def interior_point(area: Iterable[Iterable[Point]]) -> Point:
    """A point well inside an area: of the middles of some horizontal cuts, the one farthest from any border.

    A town hall, or the middle of the corners, may lie outside a crooked commune.
    """
    edges = _edges(area)
    low, high = min(a[1] for a, _ in edges), max(a[1] for a, _ in edges)
    heights = [low + (high - low) * rank / (CANDIDATES + 1) for rank in range(1, CANDIDATES + 1)]
    middles = [((left + right) / 2, y) for y in heights for left, right in _stretches(edges, y)]
    x, y = max(middles or [edges[0][0]], key=lambda point: _room(point, edges))
    return round(x, 1), round(y, 1)


def _edges(area: Iterable[Iterable[Point]]) -> list[Edge]:
    edges: list[Edge] = []
    for ring in area:
        corners = list(ring)
        edges += zip(corners, [*corners[1:], corners[0]], strict=True)
    return edges


def _stretches(edges: list[Edge], y: float) -> list[tuple[float, float]]:
    """The parts of a horizontal line that lie inside an area."""
    crossings = sorted(a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges if (a[1] > y) != (b[1] > y))
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _room(point: Point, edges: list[Edge]) -> float:
    """How far a point is from the nearest border."""
    return min(_distance(point, start, end) for start, end in edges)


def _distance(point: Point, start: Point, end: Point) -> float:
    along = (end[0] - start[0], end[1] - start[1])
    length = along[0] ** 2 + along[1] ** 2
    if not length:
        return math.dist(point, start)
    share = ((point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]) / length
    share = min(1.0, max(0.0, share))
    return math.dist(point, (start[0] + share * along[0], start[1] + share * along[1]))


def name_lines(name: str, x: float, y: float, edges: list[Edge]) -> tuple[str, ...]:
    """A name on as few lines as fit inside the area, under the number that stands at a point; nothing if none do."""
    for count in range(1, NAME_LINES + 1):
        lines = _cut(name, count)
        if lines and all(_fits(line, rank, x, y, edges) for rank, line in enumerate(lines, start=1)):
            return lines
    return ()


def _cut(name: str, count: int) -> tuple[str, ...]:
    """A name cut at its spaces and hyphens into lines of nearly the same length; nothing where it has too few parts."""
    parts = re.findall(r"[^ -]+-?", name)
    if len(parts) < count:
        return ()
    cuts: list[tuple[str, ...]] = []
    for places in combinations(range(1, len(parts)), count - 1):
        bounds = pairwise((0, *places, len(parts)))
        cuts.append(tuple(_joined(parts[start:end]) for start, end in bounds))
    return min(cuts, key=lambda lines: max(map(len, lines)))


def _joined(parts: list[str]) -> str:
    return " ".join(parts).replace("- ", "-")


def _fits(line: str, rank: int, x: float, y: float, edges: list[Edge]) -> bool:
    baseline = y + NAME_TOP + NAME_HEIGHT * (rank - 1)
    half = len(line) * NAME_LETTER / 2

    def fits_at(height: float) -> bool:
        return any(left <= x - half and x + half <= right for left, right in _stretches(edges, height))

    return fits_at(baseline - NAME_HEIGHT) and fits_at(baseline)
