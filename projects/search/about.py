"""What a text that names a place and a theme is about, each with its page: « éducation Évreux »."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from axes.addresses import orientation_address
from axes.models import Orientation
from axes.search import SearchIndex
from cohesion.lib import french
from projects.search.query import SiteQuery


class PageAbout(NamedTuple):
    """A page that answers to a part of a text, or to its parts together."""

    label: str
    address: str


def ways(query: SiteQuery, index: SearchIndex) -> list[PageAbout]:
    """The projects of the theme in the place, then the place and the theme; nothing where no place is named."""
    if not query.named:
        return []
    place = query.named[0].present
    pages = [PageAbout(place.name, reverse("projects:territory", args=[place.code]))]
    if theme := _theme(query, index):
        pages.append(PageAbout(theme.name, orientation_address(theme)))
        if place.is_commune:
            listed = urlencode({"axe": theme.code, "commune": place.code})
            pages.insert(0, PageAbout(f"Projets : {theme.name}, {place.name}", f"{reverse('projects:list')}?{listed}"))
    return pages


def _theme(query: SiteQuery, index: SearchIndex) -> Orientation | None:
    """The axis whose name has all that is said besides the place."""
    others = [term.keys for term in query.elsewhere if not term.is_generic]
    for node in index.roots if others else ():
        keys = frozenset().union(*map(french.keys, (token.word for token in french.tokens(node.orientation.name))))
        if all(keys & own for own in others):
            return node.orientation
    return None
