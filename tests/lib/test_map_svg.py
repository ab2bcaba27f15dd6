"""Maps: true proportions, numbers inside their areas, neighbours that touch."""

import json
import math
import re
from pathlib import Path

import pytest
from django.conf import settings

from cohesion.lib import map_svg
from cohesion.lib.geojson import rings

CRESCENT = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 8], [8, 8], [8, 2], [0, 2], [0, 0]]


@pytest.fixture(scope="module")
def communes():
    """The outlines that the programme comes with, by INSEE code."""
    rows = json.loads((Path(settings.BASE_DIR) / "fixtures" / "territories.json").read_text(encoding="utf-8"))
    return {int(row["code"]): row["outline"] for row in rows["territories"] if row["kind"] == "commune"}


def drawn(outlines, numbers=None):
    names = {key: f"Commune {key}" for key in outlines}
    return map_svg.draw(outlines, names, numbers or {}, names, names)


def polygon(*corners):
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


def is_inside(x, y, corners):
    """Whether a horizontal ray from the point crosses the ring an odd number of times."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


def corners_of(path):
    """The rings of a path, as a browser reads them."""
    rings = [part for part in path.split("M") if part]
    return [[tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", ring)] for ring in rings]


def test_every_commune_bears_its_number_inside_its_own_outline(communes):
    areas = drawn(communes).areas
    assert len(areas) == 74
    outside = [
        area.key for area in areas if sum(is_inside(area.x, area.y, ring) for ring in corners_of(area.path)) % 2 == 0
    ]
    assert outside == []


def test_the_number_of_a_crescent_stands_in_its_matter_and_not_in_its_hollow():
    x, y = map_svg.interior_point([CRESCENT])
    assert is_inside(x, y, CRESCENT[:-1])


def test_the_drawing_holds_in_its_frame(communes):
    drawing = drawn(communes)
    points = [point for area in drawing.areas for ring in corners_of(area.path) for point in ring]
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in points)


def test_a_degree_of_longitude_is_shortened_by_the_cosine_of_the_latitude():
    drawing = drawn({1: polygon([1, 48.5], [2, 48.5], [2, 49.5], [1, 49.5])})
    inner = (drawing.width - 2 * map_svg.MARGIN) / (drawing.height - 2 * map_svg.MARGIN)
    assert inner == pytest.approx(math.cos(math.radians(49)), abs=0.01)


def test_north_is_up():
    areas = {
        area.key: area
        for area in drawn(
            {1: polygon([1, 48], [2, 48], [2, 49], [1, 49]), 2: polygon([1, 49], [2, 49], [2, 50], [1, 50])}
        ).areas
    }
    assert areas[2].y < areas[1].y


def test_every_ring_of_an_outline_is_drawn():
    square, other = [[1, 1], [2, 1], [2, 2], [1, 1]], [[3, 3], [4, 3], [4, 4], [3, 3]]
    outline = {"type": "MultiPolygon", "coordinates": [[square], [other]]}
    (area,) = drawn({1: outline}).areas
    assert len(corners_of(area.path)) == len(list(rings(outline))) == 2


@pytest.mark.parametrize(("number", "style"), [(0, "h0"), (0.2, "h1"), (1, "h1"), (1.2, "h2"), (3, "h2"), (11, "h5")])
def test_an_area_takes_the_step_of_its_number_and_what_is_not_nothing_never_looks_like_nothing(number, style):
    (area,) = drawn({1: polygon([1, 1], [2, 1], [2, 2])}, {1: number}).areas
    assert area.style == style


def test_without_any_outline_there_is_nothing_to_draw():
    assert drawn({}).areas == []
    assert drawn({1: None}).areas == []


def test_a_name_stands_inside_its_area_on_as_few_lines_as_it_needs_or_not_at_all(communes):
    names = dict.fromkeys(communes, "Saint-Martin-la-Campagne")
    areas = map_svg.draw(communes, names, {}, names, names).areas
    assert {len(area.lines) for area in areas} >= {0, 1, 2}
    for area in areas:
        assert "".join(area.lines) in ("", "Saint-Martin-la-Campagne")
        for height, line in area.named:
            half = len(line) * map_svg.NAME_LETTER / 2
            ends = [(area.x - half, height), (area.x + half, height)]
            inside = [sum(is_inside(*end, ring) for ring in corners_of(area.path)) % 2 for end in ends]
            assert inside == [1, 1], area.key
