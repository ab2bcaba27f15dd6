"""What a text asks for and where: « aide alimentaire Gravigny », « besoins Caugé »."""

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

from axes.models import Framework
from cohesion.lib import french
from cohesion.lib.kept import Kept
from projects.choices import SearchKind, TerritoryKind
from projects.search.words import code_token, either, kind_token
from projects.territory.models import Territory
from projects.vocabulary.reading import Lines, kept_lines

Words = tuple[str, ...]
# What people call the things of each kind, where they say where.
KIND_WORDS = {
    SearchKind.PROJECT: "projet action",
    SearchKind.OFFER: "offre",
    SearchKind.NEED: "besoin",
    SearchKind.ORGANIZATION: "structure association organisme",
    SearchKind.TERRITORY: "commune village quartier",
    SearchKind.PST: "PST PRH",
}
PLANS = ("PST", "PRH")  # acronyms that the thesaurus writes for « projet social », « point relais »
SHORT_FORMS = {"st": "saint", "ste": "sainte"}


class FoundPlace(NamedTuple):
    name: str
    code: str
    is_commune: bool
    is_past: bool


class NamedPlace(NamedTuple):
    """Words that follow one another, from ``start`` on, are the whole name of places, the present one first."""

    start: int
    size: int
    having_it: tuple[FoundPlace, ...]

    @property
    def present(self) -> FoundPlace:
        return self.having_it[0]

    @property
    def places(self) -> range:
        """Those of the words typed."""
        return range(self.start, self.start + self.size)

    @property
    def expression(self) -> str:
        """The entries of what is there."""
        return either(code_token("l", place.code) for place in self.having_it)


Names = Mapping[Words, tuple[FoundPlace, ...]]
_names: Kept[Names] = Kept(2)


class Here(NamedTuple):
    """What a council says in its own words, and the places that it names."""

    lines: Lines = ()
    names: Names = MappingProxyType({})


NOWHERE = Here()


def here(framework: Framework) -> Here:
    """Read again once the state of the framework is another: whatever changes a place or a word of here changes it."""
    return Here(kept_lines(framework), _names.get(framework.state, _read_names))


def _read_names() -> Names:
    """The places that have a name: a quarter keeps its own through the years."""
    names: dict[Words, list[FoundPlace]] = {}
    for name, code, kind, end in Territory.objects.order_by("pk").values_list("name", "code", "kind", "valid_to"):
        words = tuple(token.folded for token in french.significant(name))
        place = FoundPlace(name, code, kind == TerritoryKind.COMMUNE, end is not None)
        names.setdefault(words, []).append(place)
    return {words: tuple(sorted(same, key=lambda place: place.is_past)) for words, same in names.items()}


def named_places(words: Sequence[french.Token], names: Names) -> list[NamedPlace]:
    """The places that words name whole among others, the longest first where names begin together."""
    if len(words) < 2 or not names:
        return []
    folded = tuple(SHORT_FORMS.get(word.folded, word.folded) for word in words)
    longest = max(map(len, names))
    named: list[NamedPlace] = []
    start = 0
    while start < len(folded):
        sizes = range(min(longest, len(folded) - start), 0, -1)
        size = next((size for size in sizes if folded[start : start + size] in names), 0)
        if size:
            named.append(NamedPlace(start, size, names[folded[start : start + size]]))
        start += size or 1
    return named


@cache
def _keys_of_kinds() -> dict[SearchKind, frozenset[str]]:
    return {kind: frozenset().union(*map(french.keys, words.split())) for kind, words in KIND_WORDS.items()}


def kind_named(keys: frozenset[str]) -> SearchKind | None:
    """The kind of things that a word names."""
    return next((kind for kind, own in _keys_of_kinds().items() if keys & own), None)


def is_plan(head: str) -> bool:
    return head in PLANS


def of_kind(kinds: Sequence[SearchKind]) -> str:
    """The entries of the kinds asked for; actions, where none is."""
    return either(kind_token(kind) for kind in kinds or [SearchKind.PROJECT])
