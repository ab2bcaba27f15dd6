"""A map of areas as SVG: outlines projected once, numbers written at a point inside, every area a link.

The picture never stands alone: the same numbers are a table under it.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cohesion.lib.geojson import rings
from cohesion.lib.heat import step

WIDTH = 720  # units of the drawing; the page scales it
MARGIN = 4
Number = float | Decimal
CANDIDATES = 9  # how many heights are tried for a point inside an area


@dataclass(frozen=True)
class Area:
    """One area of the map: its outline as an SVG path, where its number stands, what it says and leads to."""

    key: int
    name: str
    path: str
    x: float
    y: float
    number: Number
    words: str
    address: str

    @property
    def style(self) -> str:
        return f"h{step(math.ceil(self.number))}"


@dataclass(frozen=True)
class Drawing:
    width: float
    height: float
    areas: list[Area]


Ring = tuple[tuple[float, float], ...]


def draw(
    outlines: Mapping[int, Any],
    names: Mapping[int, str],
    numbers: Mapping[int, Number],
    words: Mapping[int, str],
    addresses: Mapping[int, str],
) -> Drawing:
    """Draw areas by key. ``words`` say each number in full; ``addresses`` are what they lead to.

    Areas without a number are drawn first, so that the border of those that have one is on top.
    """
    frozen = tuple((key, _frozen(outline)) for key, outline in sorted(outlines.items()) if outline)
    width, height, shapes = _projected(frozen)
    areas = [
        Area(key, names[key], path, x, y, numbers.get(key, 0), words[key], addresses[key])
        for key, (path, x, y) in shapes.items()
    ]
    return Drawing(width, height, sorted(areas, key=lambda area: (area.number > 0, area.name)))


def _frozen(outline: Any) -> tuple[Ring, ...]:
    return tuple(tuple((point[0], point[1]) for point in ring) for ring in rings(outline))


@lru_cache(maxsize=8)
def _projected(
    outlines: tuple[tuple[int, tuple[Ring, ...]], ...],
) -> tuple[float, float, dict[int, tuple[str, float, float]]]:
    """Degrees to units of the drawing; a degree of longitude is shortened by the cosine of the latitude."""
    points = [point for _, area in outlines for ring in area for point in ring]
    if not points:
        return WIDTH, 0, {}
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 1e-9)

    def place(point: tuple[float, float]) -> tuple[float, float]:
        return MARGIN + (point[0] - west) * squeeze * scale, MARGIN + (north - point[1]) * scale

    shapes = {}
    for key, area in outlines:
        placed = [[place(point) for point in ring] for ring in area]
        path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring[:-1]) + "Z" for ring in placed)
        shapes[key] = (path, *interior_point(placed))
    return WIDTH, round(2 * MARGIN + (north - south) * scale, 1), shapes


def interior_point(area: Iterable[Iterable[tuple[float, float]]]) -> tuple[float, float]:
    """A point well inside an area: the middle of the widest stretch among some horizontal cuts.

    A town hall, or the middle of the corners, may lie outside a crooked commune.
    """
    edges = []
    for ring in area:
        corners = list(ring)
        edges += list(zip(corners, [*corners[1:], corners[0]], strict=True))
    low, high = min(a[1] for a, _ in edges), max(a[1] for a, _ in edges)
    best = (-1.0, edges[0][0][0], edges[0][0][1])
    for rank in range(1, CANDIDATES + 1):
        y = low + (high - low) * rank / (CANDIDATES + 1)
        crossings = sorted(
            a[0] + (y - a[1]) * (b[0] - a[0]) / (b[1] - a[1]) for a, b in edges if (a[1] > y) != (b[1] > y)
        )
        # From the middle height outwards a stretch must be wider to be better: numbers stand near the middle.
        weight = 1 - abs(rank - (CANDIDATES + 1) / 2) / (CANDIDATES + 1)
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            best = max(best, ((right - left) * weight, (left + right) / 2, y))
    return round(best[1], 1), round(best[2], 1)
