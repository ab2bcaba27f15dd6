"""Outlines as people load them: GeoJSON geometries, checked before anything draws them."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import Any

from django.core.exceptions import ValidationError

MAX_POINTS = 20_000
MIN_RING = 4  # a closed ring: three corners and the first again


def outline_of(document: Any) -> dict[str, Any]:
    """The Polygon or MultiPolygon of a GeoJSON document: a geometry, a Feature, or a collection of one Feature.

    Raises:
        ValidationError: with the French sentence that says what is wrong.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except (ValueError, RecursionError):
            raise ValidationError("Ce contour n’est pas du GeoJSON lisible.") from None
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise ValidationError("Ce fichier doit contenir un seul contour.")
        document = features[0]
    if isinstance(document, dict) and document.get("type") == "Feature":
        document = document.get("geometry")
    validate_outline(document)
    return {"type": document["type"], "coordinates": _flat(document["coordinates"])}


def validate_outline(geometry: object) -> None:
    """Refuse what is not an area of the Earth: other geometries, open rings, coordinates out of range.

    Raises:
        ValidationError: with the French sentence that says what is wrong.
    """
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise ValidationError("Un contour est un polygone (GeoJSON « Polygon » ou « MultiPolygon »).")
    count = 0
    for ring in _checked_rings(geometry):
        count += len(ring)
        if count > MAX_POINTS:
            raise ValidationError(f"Ce contour a plus de {MAX_POINTS} points : simplifiez-le avant de le charger.")
    if not count:
        raise ValidationError("Ce contour est vide.")


def rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    """The rings of a Polygon or MultiPolygon, outer and inner, each a list of [longitude, latitude]."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for polygon in polygons:
        yield from polygon


def neighbours(outlines: Mapping[int, dict[str, Any]]) -> dict[int, set[int]]:
    """For each area, by key, those that share a stretch of border with it: two corners at least, a point is none.

    The outlines must have been simplified together, so that two sides of a border have the same corners.
    """
    holders: dict[tuple[float, float], set[int]] = {}
    for key, outline in outlines.items():
        for ring in rings(outline):
            for point in ring:
                holders.setdefault((point[0], point[1]), set()).add(key)
    shared = Counter(pair for keys in holders.values() for pair in permutations(sorted(keys), 2))
    beside: dict[int, set[int]] = {key: set() for key in outlines}
    for (key, other), corners in shared.items():
        if corners > 1:
            beside[key].add(other)
    return beside


def _checked_rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    coordinates = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    if not isinstance(polygons, list) or not all(isinstance(polygon, list) for polygon in polygons):
        raise ValidationError("Les coordonnées de ce contour ne sont pas lisibles.")
    for polygon in polygons:
        for ring in polygon:
            if not isinstance(ring, list) or len(ring) < MIN_RING or not all(_is_position(point) for point in ring):
                raise ValidationError("Un contour est fait de points [longitude, latitude] en degrés (WGS84).")
            if ring[0][:2] != ring[-1][:2]:
                raise ValidationError("Ce contour n’est pas fermé : son dernier point doit être le premier.")
            yield ring


def _is_position(point: object) -> bool:
    if not isinstance(point, list) or len(point) < 2:
        return False
    numbers = point[:2]
    if not all(isinstance(n, int | float) and not isinstance(n, bool) for n in numbers):
        return False
    return -180 <= numbers[0] <= 180 and -90 <= numbers[1] <= 90  # what is no number, or has no end, is not between


def _flat(coordinates: list[Any]) -> list[Any]:
    """Checked coordinates without what follows the longitude and the latitude: heights, and whatever stands there."""
    return coordinates[:2] if not isinstance(coordinates[0], list) else [_flat(part) for part in coordinates]
