"""The search of the whole site: everything asked stands in its address, so that it can be sent to somebody."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from axes.http import Versions, public_page
from axes.models import Framework
from axes.search import QUERY_LENGTH, SearchIndex, clean, examples, index_of
from cohesion.lib.http import Counted, somebody
from cohesion.lib.people import Visitor
from cohesion.lib.text import count_phrase, squeeze, whole_number
from projects.browsing.search_query import (
    OfOrientations,
    SearchQuery,
    axis_choices,
    kind_choices,
    level_choices,
    of_orientations,
    page_addresses,
    read_query,
)
from projects.choices import SearchKind
from projects.search import SiteHit, SiteResults, complete, search
from projects.search.refreshing import is_stale
from projects.search.results import PARTLY

PER_PAGE = 20
LAST_PAGE = 5_000  # no list is longer
KEPT_SECONDS = 60  # for so long may a stranger's browser keep what was proposed


@dataclass(frozen=True)
class ShownHit:
    """A hit on the page. ``opens_partial``: the first of those that have some of the words only."""

    hit: SiteHit
    opens_partial: bool


@dataclass(frozen=True)
class ResultsPage:
    """One page of what was found, and the orientations among which the axes and the levels choose."""

    results: SiteResults
    page: Any
    complete: int
    orientations: OfOrientations

    @property
    def total(self) -> int:
        return int(self.page.paginator.count)


@public_page
def search_page(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What this person may read that has the words typed. A page that is not there is another one."""
    framework = versions.in_force
    if framework is None:
        return render(request, "projects/search.html", {"framework": None})
    index = index_of(framework)
    query = read_query(request.GET, index)
    context = {
        "framework": framework,
        "asked": query,
        "was_cut": len(squeeze(request.GET.get("q", ""))) > QUERY_LENGTH,
        "query_length": QUERY_LENGTH,
    }
    if not query.q:
        return render(request, "projects/search.html", context | _ways_on(index) | {"examples": examples(index)})
    viewer, is_waiting = _viewer(request), is_stale()
    answer = _find(query, viewer, framework, index, whole_number(request.GET.get("page", "")[:9]) or 1)
    context |= _in_words(query, answer, index)
    if not answer.total:
        context |= _ways_on(index)
    response = render(request, "projects/search.html", context)
    if is_waiting:  # what is written again a little at a time would else be missing for as long as the page is kept
        response.headers["Cache-Control"] = "no-store"
    return response


@public_page
def suggestions(request: HttpRequest, versions: Versions) -> HttpResponse:
    """What answers best to a text that is being typed, in JSON: ``hits``, and how many in words (``said``)."""
    framework, typed = versions.in_force, clean(request.GET.get("q", ""))
    hits = complete(typed, _viewer(request), framework) if framework and typed else []
    sentence = count_phrase(len(hits), "proposition") if hits else "Aucune proposition"
    answer = JsonResponse({"said": sentence, "hits": [_proposed(hit) for hit in hits]})
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    patch_vary_headers(answer, ["Cookie"])
    return answer


def _viewer(request: HttpRequest) -> Visitor:
    return somebody(request) or AnonymousUser()


def _proposed(hit: SiteHit) -> dict[str, object]:
    return {
        "kind": hit.kind.label,
        "code": hit.code,
        "is_wording": hit.kind == SearchKind.ORIENTATION,  # the text of the document
        "wording": [[piece.text, piece.is_hit] for piece in hit.wording],
        "context": hit.why or hit.context,
        "address": hit.address,
    }


def _find(query: SearchQuery, viewer: Visitor, framework: Framework, index: SearchIndex, number: int) -> ResultsPage:
    """The page asked for; beyond the last, the last. Orientations alone are found whole, to be counted by axis."""
    if query.is_of_orientations:
        results = search(query.q, viewer, framework, kinds=query.asked_kinds, limit=len(index.entries))
        narrowed = of_orientations(results.hits, query, index)
        having_all = sum(hit.tier < PARTLY for hit in narrowed.hits)
        return ResultsPage(results, Paginator(narrowed.hits, PER_PAGE).get_page(number), having_all, narrowed)

    def results_of(number: int) -> SiteResults:
        offset = (number - 1) * PER_PAGE
        return search(query.q, viewer, framework, kinds=query.asked_kinds, offset=offset, limit=PER_PAGE)

    number = min(number, LAST_PAGE)
    results = results_of(number)
    page = Counted(range(results.total), PER_PAGE, results.total).get_page(number)
    if page.number != number:
        results = results_of(page.number)
    page.object_list = results.hits
    return ResultsPage(results, page, results.complete, OfOrientations())


def _in_words(query: SearchQuery, answer: ResultsPage, index: SearchIndex) -> dict[str, Any]:
    results, page = answer.results, answer.page
    noun = ("orientation trouvée", "orientations trouvées") if query.is_of_orientations else ("résultat", "résultats")
    return {
        "total": answer.total,
        "found_phrase": count_phrase(answer.total, *noun),
        "complete": answer.complete,
        "complete_phrase": count_phrase(answer.complete, "contient tous les mots", "contiennent tous les mots"),
        "shown": _rows(answer),
        "page": page,
        "pages": page_addresses(query, page.paginator.get_elided_page_range(page.number)),
        "previous_address": query.address(page.number - 1),
        "next_address": query.address(page.number + 1),
        "kind_choices": kind_choices(query, results.counts),
        "axis_choices": axis_choices(query, answer.orientations, index),
        "level_choices": level_choices(query, answer.orientations),
        "ways": results.ways,
        "suggestion": results.suggestion,
        "suggestion_address": SearchQuery(results.suggestion).address(),
        "unfiltered": sum(results.counts.values()),
        "unfiltered_address": SearchQuery(query.q).address(),
    }


def _rows(answer: ResultsPage) -> list[ShownHit]:
    opens_at = answer.complete - answer.page.start_index() + 1 if answer.complete else -1
    return [ShownHit(hit, row == opens_at) for row, hit in enumerate(answer.page.object_list)]


def _ways_on(index: SearchIndex) -> dict[str, Any]:
    """Where to go from a page that shows nothing found: the axes, whom to ask."""
    return {"axes": [node.orientation for node in index.roots], "contact": settings.CONTACT_EMAIL}
