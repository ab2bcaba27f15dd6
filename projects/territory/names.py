"""The names of places, for who reads in a document which priorities name one."""

from axes import readings
from projects.choices import TerritoryKind
from projects.territory.models import Territory


def names() -> list[str]:
    """Those of the communes and of the quarters, those of other days among them."""
    places = Territory.objects.exclude(kind=TerritoryKind.AGGLOMERATION)
    return list(places.order_by().values_list("name", flat=True).distinct())


def connect() -> None:
    readings.place_sources.append(names)
