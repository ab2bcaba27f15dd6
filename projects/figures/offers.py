"""What is open to residents, and where (the « maillage » of the offers that the framework names).

Decided once, and told on every page: only offers of published projects count; an offer counts once in each commune
where it has a site (a quarter counts in its commune), and once in « all », so that « all » is the number of distinct
offers and no sum of communes; each offer has one kind, so that kinds add up. A year holds what is given on one of its
days; an offer without dates has those of its project.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Max, Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from axes.models import Framework
from cohesion.lib.kept import Kept
from cohesion.lib.queries import InFrench
from cohesion.lib.text import fold
from projects.catalogue.models import Offer, OfferSite, Project
from projects.choices import OfferKind, TerritoryKind
from projects.figures.breakdowns import Span, holders, runs_in
from projects.figures.figures import unchanged
from projects.figures.periods import UNDATED, Period
from projects.territory.models import Territory

ALL_KINDS = "Toutes"
NO_SITE = "aucune"  # the value of ``commune`` for offers without a site


@dataclass(frozen=True)
class Given:
    """An offer, and the territories that hold it: those of its sites, and the communes of these."""

    offer: Offer
    held_by: frozenset[Any]

    @property
    def starts_on(self) -> date | None:
        return self.offer.starts_on or self.offer.project.starts_on

    @property
    def ends_on(self) -> date | None:
        return self.offer.ends_on or self.offer.project.ends_on

    @property
    def years(self) -> str:
        """« 2026 », « 2025–2027 », « depuis 2025 »; nothing without a beginning."""
        start, end = self.starts_on, self.ends_on
        if start is None:
            return "non fixée"
        if end is None:
            return f"depuis {start.year}"
        return str(start.year) if start.year == end.year else f"{start.year}–{end.year}"

    @property
    def span(self) -> Span:
        start, end = self.starts_on, self.ends_on
        return start.year if start else None, end.year if end else None


@dataclass(frozen=True)
class Sum:
    """Distinct offers, their places and weekly hours; ``untold`` of them do not say how many places."""

    offers: int
    places: int
    hours: Decimal
    untold: int


def total(offers: Iterable[Given]) -> Sum:
    summed = [given.offer for given in offers]
    return Sum(
        len(summed),
        sum(offer.places or 0 for offer in summed),
        sum((offer.weekly_hours or Decimal(0) for offer in summed), Decimal(0)),
        sum(1 for offer in summed if offer.places is None),
    )


def load_offers(territories: dict[int, Territory]) -> list[Given]:
    """Every offer of a published project, by kind and name, in two queries. ``territories``: all, by key."""
    holding = {pk: holders(territory, territories) for pk, territory in territories.items()}
    sites = OfferSite.objects.order_by(InFrench("territory__name"), "pk")
    offers = Offer.objects.filter(project__in=Project.objects.published()).select_related("project__organization")
    given = []
    for offer in offers.order_by("kind", InFrench("name"), "pk").prefetch_related(Prefetch("sites", sites)):
        for site in offer.sites.all():
            site.territory = territories[site.territory_id]
        given.append(Given(offer, frozenset().union(*(holding[site.territory_id] for site in offer.sites.all()))))
    return given


_kept: Kept[list[Given]] = Kept(2)


def published(framework: Framework | None, territories: dict[int, Territory]) -> list[Given]:
    """The same, kept as :func:`projects.figures.figures.unchanged` says."""
    return unchanged(_kept, framework, lambda: load_offers(territories))


def changes(offers: Iterable[Offer]) -> dict[int, datetime]:
    """When each offer, or one of its sites, was last changed, by its key; its project, where nothing tells."""
    known = {offer.pk: offer.project.updated_at for offer in offers}
    own = Offer.history.filter(id__in=known).values_list("id").annotate(Max("history_date"))
    sites = OfferSite.history.filter(offer__in=known).values_list("offer").annotate(Max("history_date"))
    site_changes: dict[int, datetime] = {}
    for key, at in [*own, *sites]:
        site_changes[key] = max(at, site_changes.get(key, at))
    return known | site_changes


@dataclass(frozen=True)
class OffersQuery:
    """What the address asks: a year (None: all), a kind, a territory or what has no site."""

    period: Period
    kind: str = ""
    territory: Territory | None = None
    is_siteless: bool = False
    is_undated: bool = False

    @classmethod
    def from_query(cls, query: QueryDict, territories: Iterable[Territory]) -> "OffersQuery":
        """What it says wrongly is as if it were not said."""
        kind, code = query.get("nature", ""), query.get("commune", "")
        territory = next((territory for territory in territories if territory.code == code), None)
        is_undated = query.get("annee") == UNDATED
        period = Period(None, timezone.localdate()) if is_undated else Period.from_query(query)
        return cls(period, kind if kind in OfferKind.values else "", territory, code == NO_SITE, is_undated)

    @property
    def year(self) -> int | None:
        return self.period.year

    @property
    def is_narrow(self) -> bool:
        return bool(self.kind or self.territory or self.is_siteless)

    def of_the_year(self, offers: Iterable[Given]) -> list[Given]:
        if self.is_undated:
            return [given for given in offers if given.starts_on is None]
        return [given for given in offers if self.year is None or runs_in(given.span, self.year)]

    def narrow(self, offers: Iterable[Given]) -> list[Given]:
        """Those of the kind and the territory, among those of the year."""
        narrowed = [given for given in self.of_the_year(offers) if not self.kind or given.offer.kind == self.kind]
        if self.is_siteless:
            return [given for given in narrowed if not given.held_by]
        return [given for given in narrowed if self.territory is None or self.territory.pk in given.held_by]

    def address(self, anchor: str = "offres", **parameters: str) -> str:
        """The list of the offers of the same year with these parameters, and no other."""
        filters = {"annee": UNDATED if self.is_undated else self.period.value, **parameters}
        query = urlencode({name: value for name, value in filters.items() if value})
        return f"{reverse('projects:offers')}{'?' if query else ''}{query}#{anchor}"


@dataclass(frozen=True)
class OffersCell:
    """The offers of a kind, or of all (``label``), and the list that they open."""

    label: str
    sum: Sum
    address: str


@dataclass(frozen=True)
class OffersRow:
    """A territory (None: what has no site, or all); its cells by kind, and all kinds together."""

    name: str
    territory: Territory | None
    cells: list[OffersCell]
    all: OffersCell


@dataclass(frozen=True)
class Held:
    """A kind of offer (or all): what there is of it, how many communes of the perimeter have some and how many have
    none, with the address of the list of these."""

    label: str
    cell: OffersCell
    communes: int
    without: int
    bare_address: str


@dataclass(frozen=True)
class Mesh:
    """Places by kind of offer and commune, of a year (None: all), with ``communes`` in the perimeter: ``bare`` are
    those that have no offer of the kind that is asked, or none at all."""

    year: int | None
    communes: int
    kinds: list[tuple[str, str]]
    rows: list[OffersRow]
    everywhere: OffersRow
    held: list[Held]
    bare: list[Territory]

    @property
    def served(self) -> int:
        """How many communes of the perimeter have an offer, whatever its kind."""
        return self.held[-1].communes


def named_kinds(offers: Iterable[Given]) -> list[tuple[str, str]]:
    """The kinds that the framework names, whether anybody offers them or not, and the others that somebody does."""
    present = {given.offer.kind for given in offers}
    return [(value, label) for value, label in OfferKind.choices if value != OfferKind.OTHER or value in present]


def _cell(query: OffersQuery, offers: Iterable[Given], kind: str = "", code: str = "") -> OffersCell:
    """The sum of those of a kind (none: all), and the list that it opens; without any, there is no list."""
    matching = _of_kind(kind, offers)
    label = OfferKind(kind).label if kind else ALL_KINDS
    return OffersCell(label, total(matching), query.address(nature=kind, commune=code) if matching else "")


def _of_kind(kind: str, offers: Iterable[Given]) -> list[Given]:
    return [given for given in offers if kind in ("", given.offer.kind)]


def within(
    offers: list[Given], query: OffersQuery, territory: Territory, neighbours: list[Territory]
) -> list[tuple[str, OffersCell, list[Territory]]]:
    """Each kind with what a territory has of it; where it has nothing, its neighbours that do. No query."""
    lines = []
    for kind, label in named_kinds(offers):
        of_kind = [given for given in offers if given.offer.kind == kind]
        cell = _cell(query, [given for given in of_kind if territory.pk in given.held_by], kind, territory.code)
        holders = set().union(*(given.held_by for given in of_kind))
        near = [] if cell.sum.offers else [neighbour for neighbour in neighbours if neighbour.pk in holders]
        lines.append((label, cell, near))
    return lines


def mesh(
    offers: list[Given], query: OffersQuery, communes: list[Territory], others: list[Territory] | None = None
) -> Mesh:
    """The table of these offers: no query. ``communes``: the perimeter's; ``others``: what else may hold one; without
    them, it is told by kind alone, and has no rows.

    A kind that the framework names has its column even when nobody offers it: the zero is what one must see.
    """
    kinds = named_kinds(offers)

    def row(name: str, territory: Territory | None, at_place: list[Given], code: str = "") -> OffersRow:
        return OffersRow(
            name,
            territory,
            [_cell(query, at_place, value, code) for value, _ in kinds],
            _cell(query, at_place, "", code),
        )

    places = (*communes, *(others or []))
    at = {place.pk: _held_at(place, offers) for place in places}
    rows = []
    if others is not None:
        rows = [row(place.name, place, at[place.pk], place.code) for place in places if at[place.pk]]
        if siteless := [given for given in offers if not given.held_by]:
            rows.append(row("Sans lieu déclaré", None, siteless, NO_SITE))
    everywhere = row("Toutes, chacune une fois", None, offers)

    def bare(kind: str) -> list[Territory]:
        return [commune for commune in communes if not _of_kind(kind, at[commune.pk])]

    def held(kind: str, label: str, cell: OffersCell) -> Held:
        without = len(bare(kind))
        return Held(label, cell, len(communes) - without, without, query.address("sans-offre", nature=kind))

    by_kind = [held(value, label, cell) for (value, label), cell in zip(kinds, everywhere.cells, strict=True)]
    return Mesh(
        year=query.year,
        communes=len(communes),
        kinds=kinds,
        rows=rows,
        everywhere=everywhere,
        held=[*by_kind, held("", ALL_KINDS, everywhere.all)],
        bare=bare(query.kind),
    )


def _held_at(place: Territory, offers: list[Given]) -> list[Given]:
    return [given for given in offers if place.pk in given.held_by]


def elsewhere(territories: Iterable[Territory], communes: list[Territory]) -> list[Territory]:
    """What is no quarter (its commune counts for it) and no commune of the perimeter."""
    inside = {commune.pk for commune in communes}
    quarters = (TerritoryKind.PRIORITY_QUARTER, TerritoryKind.SENSITIVE_ZONE)
    return sorted(
        (territory for territory in territories if territory.pk not in inside and territory.kind not in quarters),
        key=lambda territory: fold(territory.name),
    )
