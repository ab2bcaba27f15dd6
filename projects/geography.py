"""The communes side by side: their outlines and their neighbours, kept as long as nothing was written."""

from dataclasses import dataclass
from typing import Any

from axes.models import Framework
from cohesion.lib import map_svg
from cohesion.lib.geojson import neighbours
from cohesion.lib.kept import Kept
from projects.models import Territory


@dataclass(frozen=True)
class Geography:
    """Every commune and quarter that has an outline, drawn; which communes touch which, by key."""

    neighbours: dict[int, set[int]]
    drawing: map_svg.Drawing
    quarters: dict[int, int | None]  # those that have an outline: quarter → its commune


@dataclass(frozen=True)
class Locator:
    """Where a territory lies: the same communes for everybody, with the class that each is drawn in."""

    width: float
    height: float
    shapes: list[tuple[str, str]]  # (class, path), what stands out last


_kept: Kept[Geography] = Kept(2)


def geography(framework: Framework | None) -> Geography:
    """The communes as they are. Whatever is written about territories raises the revision of what is in force:
    while it stays the same, they are not read again. Without a framework in force nothing says so: they are."""
    return _read() if framework is None else _kept.get(framework.state, _read)


def _read() -> Geography:
    """All outlines, in one query."""
    outlines: dict[int, dict[str, Any]] = {}
    quarters: dict[int, int | None] = {}
    found = (Territory.objects.communes() | Territory.objects.quarters()).filter(outline__isnull=False)
    for pk, kind, parent, outline in found.values_list("pk", "kind", "parent_id", "outline"):
        if not outline:
            continue
        outlines[pk] = outline
        if kind != "commune":
            quarters[pk] = parent
    names = dict.fromkeys(outlines, "")
    drawing = map_svg.draw(outlines, names, {}, names, names)
    communes = {pk: outline for pk, outline in outlines.items() if pk not in quarters}
    return Geography(neighbours(communes), drawing, quarters)


def locate(geography: Geography, territory: Territory, commune: int | None) -> Locator | None:
    """A territory among the communes; nothing without outline. ``commune``: itself, or the one it is a quarter of."""
    paths = {area.key: area.path for area in geography.drawing.areas}
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
        geography.drawing.width,
        geography.drawing.height,
        [(style, path) for style, found in layers.items() for path in found],
    )
