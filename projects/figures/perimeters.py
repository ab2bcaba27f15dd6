"""What some territories make together: communes, inhabitants, nobody counted twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from cohesion.lib.text import number_fr
from projects.choices import TerritoryKind
from projects.territory.models import Territory


@dataclass(frozen=True)
class Extent:
    """Some territories together; each knows what it stands in (``parent``).

    Inhabitants are added over territories of which none stands in another, and none can overlap another: a sensitive
    zone of a commune is left out where a priority quarter of that commune is there, for they may share streets.
    """

    territories: tuple[Territory, ...]

    @classmethod
    def of(cls, territories: Iterable[Territory]) -> "Extent":
        by_key = {territory.pk: territory for territory in territories}
        return cls(tuple(sorted(by_key.values(), key=lambda territory: (territory.kind, territory.name))))

    @cached_property
    def keys(self) -> set[int]:
        return {territory.pk for territory in self.territories}

    @cached_property
    def communes(self) -> list[str]:
        """The names of the communes that are in it, whole or in part."""
        names = {commune.name for territory in self.territories if (commune := _commune(territory))}
        return sorted(names)

    @cached_property
    def added(self) -> list[Territory]:
        """Those whose inhabitants are added."""
        return [territory for territory in self.territories if territory not in self.left]

    @cached_property
    def left(self) -> list[Territory]:
        """Those that add nobody: they stand in another, or may overlap one."""
        quarters = {
            territory.parent_id for territory in self.territories if territory.kind == TerritoryKind.PRIORITY_QUARTER
        }
        return [
            territory
            for territory in self.territories
            if self._stands_in_another(territory)
            or (territory.kind == TerritoryKind.SENSITIVE_ZONE and territory.parent_id in quarters)
        ]

    def _stands_in_another(self, territory: Territory) -> bool:
        above = territory.parent
        while above is not None:
            if above.pk in self.keys:
                return True
            above = above.parent
        return False

    @property
    def inhabitants(self) -> int:
        return sum(territory.population or 0 for territory in self.added)

    @cached_property
    def unknown(self) -> list[Territory]:
        """Those that are added, and of whose inhabitants nobody knows the number."""
        return [territory for territory in self.added if territory.population is None]

    @property
    def in_words(self) -> str:
        """« 1 404 », « au moins 1 404 » where some are not known, « non connus » where none is."""
        if self.added and len(self.unknown) == len(self.added):
            return "non connus"
        return f"{'au moins ' if self.unknown else ''}{number_fr(self.inhabitants)}"

    def more_than(self, other: "Extent") -> int | None:
        """How many inhabitants it has more; None where that is not known, for what is unknown is not the same."""
        is_known = {place.pk for place in self.unknown} == {place.pk for place in other.unknown}
        return self.inhabitants - other.inhabitants if is_known else None

    @cached_property
    def sources(self) -> list[str]:
        """What the numbers of inhabitants come from."""
        return sorted({territory.source for territory in self.added if territory.population and territory.source})


def _commune(territory: Territory) -> Territory | None:
    if territory.is_commune:
        return territory
    return territory.parent if territory.parent is not None and territory.parent.is_commune else None
