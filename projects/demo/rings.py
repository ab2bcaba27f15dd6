"""Where the quarters of the demonstration lie on its map: a ring each, which says that it is no true outline."""

import math

from projects.demo.invented import QUARTERS
from projects.territory.models import Territory

SIDES, RADIUS = 16, 0.0045  # degrees of latitude: about 500 m
SOURCE = "Les ronds des quartiers sont dessinés pour la démonstration : ce ne sont pas leurs contours officiels"


def draw_quarters() -> None:
    """Give each quarter that has no outline a ring about where it lies."""
    for code, (longitude, latitude) in QUARTERS.items():
        quarter = Territory.objects.get(code=code)
        if quarter.outline is None:
            quarter.outline = {"type": "Polygon", "coordinates": [_ring(longitude, latitude)]}
            quarter.source = SOURCE
            quarter.full_clean()
            quarter.save()


def _ring(longitude: float, latitude: float) -> list[list[float]]:
    """A circle as it looks on the ground, closed; in degrees."""
    squeeze = math.cos(math.radians(latitude))
    corners = []
    for side in range(SIDES):
        turn = 2 * math.pi * side / SIDES
        east, north = RADIUS * math.cos(turn) / squeeze, RADIUS * math.sin(turn)
        corners.append([round(longitude + east, 5), round(latitude + north, 5)])
    return [*corners, corners[0]]
