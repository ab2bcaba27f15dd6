"""The search page: everything asked stands in its address, so that it can be sent to somebody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from axes.http import Versions
from axes.levels import BY_SLUG
from axes.models import Orientation
from axes.search import QUERY_LENGTH, Results, SearchIndex, clean, examples, index_of, search
from cohesion.lib.text import count_phrase, squeeze

PER_PAGE = 20


@dataclass(frozen=True)
class SearchQuery:
    """What the address asks for. ``levels`` holds the words of the address (« objectif-strategique »)."""

    q: str = ""
    axes: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()

    def address(self, page: int = 1) -> str:
        pairs = [("q", self.q), *(("axe", axis) for axis in self.axes), *(("niveau", level) for level in self.levels)]
        if page > 1:
            pairs.append(("page", str(page)))
        return f"{reverse('axes:search')}?{urlencode(pairs)}"

    def with_words(self, q: str) -> str:
        return replace(self, q=q).address()


@dataclass(frozen=True)
class FacetChoice:
    """A value of a facet: how many results it would show, and the address that takes or leaves it."""

    label: str
    count: int
    is_on: bool
    href: str
    orientation: Orientation | None = None


def results_page(
    request: HttpRequest, versions: Versions, elsewhere: Callable[[str], dict[str, Any]] | None = None
) -> HttpResponse:
    """Search the framework in force. Unknown filters and pages are ignored, a long query is cut.

    ``elsewhere`` says what else the template is given where the framework has none of the words.
    """
    framework = versions.in_force
    if framework is None:
        return render(request, "axes/search.html", {"framework": None})
    index = index_of(framework)
    query = _read_query(request, index)
    axes = [node.orientation for node in index.roots]
    context = {
        "framework": framework,
        "asked": query,
        "axes": axes,
        "was_cut": len(squeeze(request.GET.get("q", ""))) > QUERY_LENGTH,
        "query_length": QUERY_LENGTH,
    }
    if not query.q:
        return render(request, "axes/search.html", context | {"examples": examples(index)})
    results = search(framework, query.q, axes=query.axes, levels=[BY_SLUG[slug] for slug in query.levels])
    page = Paginator(results.hits, PER_PAGE).get_page(request.GET.get("page", "1")[:9])
    context |= {
        "results": results,
        "found_phrase": count_phrase(len(results.hits), "orientation trouvée", "orientations trouvées"),
        "complete_phrase": count_phrase(results.complete, "contient tous les mots", "contiennent tous les mots"),
        "unfiltered_phrase": count_phrase(results.unfiltered, "orientation"),
        "page": page,
        "pages": [
            (number, _page_address(query, number)) for number in page.paginator.get_elided_page_range(page.number)
        ],
        "previous_address": query.address(page.number - 1),
        "next_address": query.address(page.number + 1),
        "axis_choices": _axis_choices(query, results, axes),
        "level_choices": _level_choices(query, results),
        "suggestion_address": SearchQuery(results.suggestion).address(),
        "unfiltered_address": replace(query, axes=(), levels=()).address(),
        "unquoted": squeeze("".join(" " if character in '«»"“”' else character for character in query.q)),
    }
    if elsewhere and not results.hits:
        context |= elsewhere(query.q)
    return render(request, "axes/search.html", context)


def _read_query(request: HttpRequest, index: SearchIndex) -> SearchQuery:
    known = {node.orientation.code for node in index.roots}
    return SearchQuery(
        q=clean(request.GET.get("q", "")),
        axes=_kept(request.GET.getlist("axe"), known),
        levels=_kept(request.GET.getlist("niveau"), BY_SLUG),
    )


def _kept(values: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    """The known values, each once, in their own order."""
    wanted = set(values)
    return tuple(value for value in sorted(known) if value in wanted)


def _toggled(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(other for other in values if other != value) if value in values else (*values, value)


def _axis_choices(query: SearchQuery, results: Results, axes: list[Orientation]) -> list[FacetChoice]:
    choices = []
    for axis in axes:
        number, is_chosen = results.axes[axis.code], axis.code in query.axes
        if number or is_chosen:
            address = replace(query, axes=_toggled(query.axes, axis.code)).address()
            choices.append(FacetChoice(axis.name, number, is_chosen, address, axis))
    return choices


def _level_choices(query: SearchQuery, results: Results) -> list[FacetChoice]:
    choices = []
    for slug, level in BY_SLUG.items():
        number, is_chosen = results.levels[level], slug in query.levels
        if number or is_chosen:
            address = replace(query, levels=_toggled(query.levels, slug)).address()
            choices.append(FacetChoice(level.label, number, is_chosen, address))
    return choices


def _page_address(query: SearchQuery, number: int | str) -> str:
    return query.address(number) if isinstance(number, int) else ""
