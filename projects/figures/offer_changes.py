"""The offers of a year beside those of the year before: how many, their places and hours, the communes served."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from projects.figures.offers import Given, Held, OffersQuery, mesh
from projects.figures.periods import Period
from projects.territory.models import Territory


@dataclass(frozen=True)
class OfferCount:
    """What there is of a kind of offer in a year, the list that it opens, and in how many communes."""

    offers: int = 0
    places: int = 0
    hours: Decimal = Decimal(0)
    communes: int = 0
    address: str = ""

    @classmethod
    def of(cls, held: Held) -> "OfferCount":
        counted = held.cell.sum
        return cls(counted.offers, counted.places, counted.hours, held.communes, held.cell.address)


@dataclass(frozen=True)
class OfferChange:
    """A kind of offer, or all together, in two years."""

    label: str
    before: OfferCount
    after: OfferCount

    @property
    def offers(self) -> int:
        """The difference, as the others below."""
        return self.after.offers - self.before.offers

    @property
    def places(self) -> int:
        return self.after.places - self.before.places

    @property
    def hours(self) -> Decimal:
        return self.after.hours - self.before.hours

    @property
    def communes(self) -> int:
        return self.after.communes - self.before.communes


@dataclass(frozen=True)
class OfferChanges:
    """Each kind that there is in either year, in the order of the kinds, all together last."""

    year: int
    since: int
    rows: list[OfferChange]


def changes(offers: Iterable[Given], query: OffersQuery, communes: list[Territory]) -> OfferChanges | None:
    """Of the year that is asked since the one before; nothing where none is asked. No query.

    ``offers``: all of them, whatever the year; each counts in the years of its own dates.
    """
    if query.year is None or query.is_undated:
        return None
    known = list(offers)
    earlier = replace(query, period=Period(query.year - 1, query.period.today))
    before, after = _counts(known, earlier, communes), _counts(known, query, communes)
    nothing = OfferCount()
    # All together stand last in each: kinds that one of the years alone has go before them.
    labels = list(dict.fromkeys([*list(after)[:-1], *list(before)[:-1], list(after)[-1]]))
    rows = [OfferChange(label, before.get(label, nothing), after.get(label, nothing)) for label in labels]
    return OfferChanges(query.year, query.year - 1, rows)


def _counts(offers: list[Given], query: OffersQuery, communes: list[Territory]) -> dict[str, OfferCount]:
    held = mesh(query.of_the_year(offers), query, communes).held
    return {kind.label: OfferCount.of(kind) for kind in held}
