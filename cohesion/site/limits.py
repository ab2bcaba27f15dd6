"""How often one may ask for what costs: filters, searches and files. 429 beyond, with the time to wait."""

import logging
import math
import re
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import ResolverMatch
from django.utils.cache import get_conditional_response

from axes.http import current_stamp
from cohesion.audit.recording import origin
from cohesion.lib.counting import wait_for
from cohesion.lib.http import etag, holds_any_state, is_of_script, somebody
from cohesion.lib.text import count_phrase

logger = logging.getLogger(__name__)

EXPORTS = re.compile(r"(<str:format>/?|\.csv|\.pdf)$")
OF_LINKS = {"draft_links": (120, 300), "remarks": (20, 600)}  # so many, in so many seconds, where there are limits
# The API counts by itself, as it knows its tokens (projects/api/authentication.py); not the pages that are about it.
API, ABOUT_API = "api:", ("api:docs", "api:schema")
WHILE_TYPING = {"suggestions": (600, 60)}  # each letter asks, and a meeting has one address
AWAY = 5  # seconds without asking again a counter that did not answer
MOST_KEPT = 10_000  # refusals that a process remembers


class RateLimits:
    """Middleware: files are counted for everybody, filters and searches for whoever is not logged in.

    A plain page is never counted, nor one that is kept whole (:mod:`cohesion.site.kept_pages` answers before), nor a
    304. A counter that is away refuses nobody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.RATE_LIMITS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.refused: dict[str, float] = {}  # until when: who floods costs the database nothing more
        self.asks_from = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        limit = counted(request)
        if limit is None or _is_unchanged(request, view):
            return None
        wait = self._wait(f"rate:{limit}:{_who(request)}", *{**OF_LINKS, **WHILE_TYPING, **settings.RATE_LIMITS}[limit])
        return too_many(request, wait=wait) if wait else None

    def _wait(self, key: str, most: int, seconds: int) -> int:
        now = time.time()
        if self.refused.get(key, 0) > now:
            return math.ceil(self.refused[key] - now)
        if now < self.asks_from:
            return 0
        try:
            wait = wait_for(key, most=most, seconds=seconds)
        except Exception:
            logger.warning("Ce qui compte les demandes ne répond pas : rien n’est limité", exc_info=True)
            self.asks_from = now + AWAY
            return 0
        if wait:
            self._remember(key, now + wait)
        return wait

    def _remember(self, key: str, until: float) -> None:
        if len(self.refused) >= MOST_KEPT:
            self.refused.clear()  # the table still knows
        self.refused[key] = until


def counted(request: HttpRequest) -> str | None:
    """The limit under which a request falls, by its address and by who asks; None for most."""
    is_anonymous = somebody(request) is None
    if limit := _limit_of_link(request):
        return limit
    if _view_name(request).startswith(API) and _view_name(request) not in ABOUT_API:
        return None
    if is_export(request.resolver_match):
        return "exports" if is_anonymous else "exports_of_accounts"
    is_filtered = request.method in ("GET", "HEAD") and bool(request.META.get("QUERY_STRING"))
    if not is_filtered or not is_anonymous:
        return None
    return "suggestions" if _view_name(request) == "axes:suggestions" else "filters"


def _limit_of_link(request: HttpRequest) -> str | None:
    """A secret to guess, a remark to leave; who reads what a link shows is not counted: a meeting has one address."""
    name = _view_name(request)
    if name == "axes:draft_opened":
        return "draft_links"
    return "remarks" if name == "axes:draft" and request.method == "POST" else None


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match is not None else ""


def is_export(match: ResolverMatch | None) -> bool:
    """Whether an address is that of a file made on demand."""
    return match is not None and EXPORTS.search(match.route) is not None


def _who(request: HttpRequest) -> str:
    """The account, or where it comes from."""
    user = somebody(request)
    return origin(request) if user is None else f"account:{user.pk}"


def _is_unchanged(request: HttpRequest, view: Callable[..., HttpResponse]) -> bool:
    """Whether a public page is about to answer that it is as the reader knows it."""
    if "HTTP_IF_NONE_MATCH" not in request.META or not getattr(view, "is_public_page", False):
        return False
    if somebody(request) is not None or holds_any_state(request):
        return False
    try:
        return get_conditional_response(request, etag(request, current_stamp())) is not None
    except Error:
        return False  # the view says it


def too_many(request: HttpRequest, exception: Exception | None = None, *, wait: int = 60) -> HttpResponse:
    """429: how long to wait, in words and in the header; in JSON to a script."""
    length = count_phrase(wait, "seconde") if wait < 100 else count_phrase(math.ceil(wait / 60), "minute")
    headers = {"Retry-After": str(wait), "Cache-Control": "no-store"}
    if is_of_script(request):
        answer = {"error": f"Trop de demandes en peu de temps : recommencez dans {length}."}
        return JsonResponse(answer, status=429, headers=headers)
    response = render(request, "429.html", {"length": length}, status=429)
    for name, value in headers.items():
        response.headers[name] = value
    return response
