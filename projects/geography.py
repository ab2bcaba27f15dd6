"""The communes side by side: their outlines and their neighbours, kept as long as nothing was written."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from axes.models import Framework
from cohesion.lib import map_svg
from cohesion.lib.geojson import neighbours
from projects.models import Territory

Stamp = tuple[int, int, datetime]


@dataclass(frozen=True)
class Geography:
    """Every commune that has an outline, by key."""

    names: dict[int, str]
    neighbours: dict[int, set[int]]
    drawing: map_svg.Drawing


def geography(framework: Framework | None) -> Geography:
    """The communes as they are. Whatever is written about territories raises the revision of what is in force:
    while it stays the same, they are not read again. Without a framework in force nothing says so: they are."""
    if framework is None:
        return _read()
    return _kept((framework.pk, framework.revision, framework.updated_at))


@lru_cache(maxsize=2)
def _kept(stamp: Stamp) -> Geography:
    return _read()


def _read() -> Geography:
    communes = Territory.objects.communes().exclude(outline=None).values_list("pk", "name", "outline")
    outlines: dict[int, dict[str, Any]] = {}
    names: dict[int, str] = {}
    for pk, name, outline in communes:
        outlines[pk], names[pk] = outline, name
    drawing = map_svg.draw(outlines, names, {}, names, dict.fromkeys(outlines, ""))
    return Geography(names, neighbours(outlines), drawing)
