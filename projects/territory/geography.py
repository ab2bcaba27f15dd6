"""The communes side by side: their outlines and their neighbours, kept as long as nothing was written."""

from dataclasses import dataclass
from typing import Any

from axes.models import Framework
from cohesion.lib import map_svg
from cohesion.lib.geojson import neighbours
from cohesion.lib.kept import Kept
from projects.territory.models import Territory


@dataclass(frozen=True)
class Geography:
    """Every commune and quarter that has an outline, drawn; which communes touch which, by key.

    ``perimeter`` draws the communes of the perimeter alone, with their quarters.
    """

    neighbours: dict[int, set[int]]
    drawing: map_svg.Drawing
    perimeter: map_svg.Drawing
    quarters: dict[int, int | None]  # those that have an outline: quarter → its commune


@dataclass(frozen=True)
class Locator:
    """Where a territory lies: the same communes for everybody, with the class that each is drawn in."""

    width: float
    height: float
    shapes: list[tuple[str, str]]  # (class, path), what stands out last
    is_perimeter: bool  # whether it shows the communes of the perimeter, and no other


_kept: Kept[Geography] = Kept(2)


def geography(framework: Framework | None) -> Geography:
    """The communes as they are. Whatever is written about territories raises the revision of what is in force:
    while it stays the same, they are not read again. Without a framework in force nothing says so: they are."""
    return _read_outlines() if framework is None else _kept.get(framework.state, _read_outlines)


def _read_outlines() -> Geography:
    """All outlines, in one query."""
    outlines: dict[int, dict[str, Any]] = {}
    quarters: dict[int, int | None] = {}
    inside: set[int] = set()
    drawn = (Territory.objects.communes() | Territory.objects.quarters()).filter(outline__isnull=False)
    rows = drawn.values_list("pk", "kind", "parent_id", "is_in_perimeter", "outline")
    for pk, kind, parent, is_in_perimeter, outline in rows:
        if not outline:
            continue
        outlines[pk] = outline
        if kind != "commune":
            quarters[pk] = parent
        elif is_in_perimeter:
            inside.add(pk)
    communes = {pk: outline for pk, outline in outlines.items() if pk not in quarters}
    perimeter = {pk: outline for pk, outline in outlines.items() if quarters.get(pk, pk) in inside}
    return Geography(neighbours(communes), _drawn(outlines), _drawn(perimeter), quarters)


def _drawn(outlines: dict[int, dict[str, Any]]) -> map_svg.Drawing:
    """The outlines alone, without names or numbers."""
    names = dict.fromkeys(outlines, "")
    return map_svg.draw(outlines, names, {}, names, names)


def locate(geography: Geography, territory: Territory, commune: int | None) -> Locator | None:
    """A territory among the communes: those of the perimeter if it is one of them; nothing without outline.

    ``commune``: itself, or the one it is a quarter of.
    """
    is_perimeter = any(area.key == commune for area in geography.perimeter.areas)
    drawing = geography.perimeter if is_perimeter else geography.drawing
    paths = {area.key: area.path for area in drawing.areas}
    if commune not in paths:
        return None
    near = geography.neighbours[commune]
    layers: dict[str, list[str]] = {"": [], "near": [], "here": [], "quarter": []}
    for key, path in paths.items():
        if key == commune:
            layers["here"].append(path)
        elif key in near:
            layers["near"].append(path)
        elif key not in geography.quarters:
            layers[""].append(path)
        elif key == territory.pk or (commune == territory.pk == geography.quarters[key]):
            layers["quarter"].append(path)
    return Locator(
        drawing.width,
        drawing.height,
        [(style, path) for style, drawn in layers.items() for path in drawn],
        is_perimeter,
    )
