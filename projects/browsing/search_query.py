"""What the address of a search asks for, and the facets that narrow what was found."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from axes.levels import BY_SLUG
from axes.models import Orientation
from axes.search import SearchIndex, clean
from cohesion.lib.text import hidden_character, squeeze
from projects.choices import SearchKind
from projects.search import SiteHit

# The words of the address (« type=projets »), and those of the facet.
SLUGS = {
    "orientations": (SearchKind.ORIENTATION, "Orientations"),
    "territoires": (SearchKind.TERRITORY, "Communes et quartiers"),
    "pst": (SearchKind.PST, "PST et PRH"),
    "projets": (SearchKind.PROJECT, "Projets"),
    "structures": (SearchKind.ORGANIZATION, "Structures"),
    "offres": (SearchKind.OFFER, "Offres aux habitants"),
    "besoins": (SearchKind.NEED, "Besoins entendus"),
    "documents": (SearchKind.DOCUMENT, "Documents de référence"),
    "pages": (SearchKind.PAGE, "Pages du site"),
    "dossiers": (SearchKind.FILE, "Dossiers non publics"),
    "personnes": (SearchKind.PERSON, "Personnes"),
}
SHOWN = 40  # characters of a value that means nothing
SAID = 3  # such values of a parameter


@dataclass(frozen=True)
class SearchQuery:
    """What the address asks for. ``kinds`` and ``levels`` hold its words (« projets », « objectif-strategique »).

    An axis or a level is asked of orientations: they are then the only kind. A value that means nothing is set aside
    and said in ``ignored``.
    """

    q: str = ""
    kinds: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def asked_kinds(self) -> tuple[SearchKind, ...]:
        if self.axes or self.levels:
            return (SearchKind.ORIENTATION,)
        return tuple(SLUGS[slug][0] for slug in self.kinds)

    @property
    def is_of_orientations(self) -> bool:
        return self.asked_kinds == (SearchKind.ORIENTATION,)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.asked_kinds)

    @property
    def filters(self) -> list[tuple[str, str]]:
        """Names and values of what narrows, as a form sends them on."""
        named = (("type", self.kinds), ("axe", self.axes), ("niveau", self.levels))
        return [(name, value) for name, values in named for value in values]

    def address(self, page: int = 1) -> str:
        pairs = [("q", self.q), *self.filters]
        if page > 1:
            pairs.append(("page", str(page)))
        return f"{reverse('axes:search')}?{urlencode(pairs)}"


@dataclass(frozen=True)
class FacetChoice:
    """A value of a facet: how many results it would show, and the address that takes or leaves it."""

    label: str
    count: int
    is_on: bool
    href: str
    orientation: Orientation | None = None


@dataclass(frozen=True)
class OfOrientations:
    """The orientations found that stand under the axes and on the levels asked for, and what each of these has."""

    hits: list[SiteHit] = field(default_factory=list)
    axes: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)


def read_query(query: QueryDict, index: SearchIndex) -> SearchQuery:
    """What an address asks of this framework and of the site."""
    ignored: list[str] = []

    def known(name: str, label: str, values: Collection[str]) -> tuple[str, ...]:
        """The known values of a parameter, each once, in their own order; the others are said."""
        values_asked = [squeeze(value) for value in query.getlist(name)]
        strange = dict.fromkeys(value for value in values_asked if value and value not in values)
        ignored.extend(_ignored(label, value) for value in list(strange)[:SAID])
        return tuple(value for value in values if value in values_asked)

    kinds = known("type", "Type", SLUGS)
    axes = known("axe", "Axe", sorted(node.orientation.code for node in index.roots))
    levels = known("niveau", "Niveau", sorted(BY_SLUG))
    if (axes or levels) and kinds not in ((), ("orientations",)):
        ignored.append("L’axe et le niveau ne valent que pour les orientations, ils sont laissés de côté.")
        axes = levels = ()
    return SearchQuery(clean(query.get("q", "")), kinds, axes, levels, tuple(ignored))


def _ignored(label: str, value: str) -> str:
    if hidden_character(value):
        return f"{label}\u00a0: cette valeur contient un caractère invisible, elle est ignorée."
    return f"{label}\u00a0: «\u00a0{value[:SHOWN]}\u00a0» ne désigne rien, ce filtre est laissé de côté."


def of_orientations(hits: Iterable[SiteHit], query: SearchQuery, index: SearchIndex) -> OfOrientations:
    """Narrow orientations by axis and level, and count what each value of the one gives with those of the other."""
    kept = OfOrientations()
    levels = {BY_SLUG[slug] for slug in query.levels}
    places = {entry.node.pk: entry for entry in index.entries}
    for hit in hits:
        entry = places[hit.key]
        is_in_axes, is_on_levels = not query.axes or entry.axis in query.axes, not levels or entry.level in levels
        kept.axes[entry.axis] += is_on_levels
        kept.levels[entry.level] += is_in_axes
        if is_in_axes and is_on_levels:
            kept.hits.append(hit)
    return kept


def kind_choices(query: SearchQuery, counts: dict[SearchKind, int]) -> list[FacetChoice]:
    """The kinds that have something, and those that are asked for."""
    choices = []
    for slug, (kind, label) in SLUGS.items():
        number, is_on = counts.get(kind, 0), kind in query.asked_kinds
        if number or is_on:
            kinds = ("orientations",) if query.is_of_orientations else query.kinds
            narrowed = replace(query, kinds=_toggled(kinds, slug), axes=(), levels=())
            choices.append(FacetChoice(label, number, is_on, narrowed.address()))
    return choices


def axis_choices(query: SearchQuery, kept: OfOrientations, index: SearchIndex) -> list[FacetChoice]:
    def without(code: str) -> str:
        return replace(query, axes=_toggled(query.axes, code)).address()

    axes = [node.orientation for node in index.roots]
    return [
        FacetChoice(axis.name, kept.axes[axis.code], axis.code in query.axes, without(axis.code), axis)
        for axis in axes
        if kept.axes[axis.code] or axis.code in query.axes
    ]


def level_choices(query: SearchQuery, kept: OfOrientations) -> list[FacetChoice]:
    def without(slug: str) -> str:
        return replace(query, levels=_toggled(query.levels, slug)).address()

    return [
        FacetChoice(level.label, kept.levels[level], slug in query.levels, without(slug))
        for slug, level in BY_SLUG.items()
        if kept.levels[level] or slug in query.levels
    ]


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value) if value in values else (*values, value)


def page_addresses(query: SearchQuery, numbers: Iterable[int | str]) -> list[tuple[int | str, str]]:
    """Each number of a pager with its address; none for what stands in the place of several."""
    return [(number, query.address(number) if isinstance(number, int) else "") for number in numbers]
