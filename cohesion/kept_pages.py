"""Public pages kept whole, compressed once, and given again to whoever bears no cookie."""

from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response

from axes.http import current_stamp
from cohesion.lib.http import ASK_AGAIN, holds_any_state
from cohesion.lib.kept import Page, Pages, coding, compressed, is_compressible


class KeptPages:
    """The first middleware: what it keeps is what all the others have made of the page, headers included.

    Only pages that say so (:func:`axes.http.public_page`) are kept, under the stamp that they were made with; the
    present stamp is asked of the database before one is given again, so that a change made by any process is seen
    by the next request. A request that bears a cookie or credentials is nobody's business here, and neither is an
    answer that sets a cookie, depends on more than the coding, or is a stream.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG or not settings.KEPT_PAGES_MB:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.pages = Pages(int(settings.KEPT_PAGES_MB * 1_000_000))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request)
        if key is None:
            return self.get_response(request)
        known = self.pages.find(key)
        if known is not None and _holds(known):
            return _again(request, known)
        if not _may_be_kept(request):
            return self.get_response(request)
        with self.pages.turn(key):
            made = self.pages.find(key)  # by another, while this one was waiting
            if made is not None and made is not known and _holds(made):
                return _again(request, made)
            return self._kept(key, self.get_response(request))

    def _kept(self, key: Hashable, response: HttpResponseBase) -> HttpResponseBase:
        stamp = getattr(response, "kept_under", None)
        if stamp is None or not isinstance(response, HttpResponse) or not _is_everybodys(response):
            return response
        _compress(response, key)
        self.pages.keep(key, Page(stamp, dict(response.items()), response.content))
        return response


def _key(request: HttpRequest) -> tuple[str, ...] | None:
    """What two requests must share to get the same page; None for those that get one of their own."""
    asked = request.META
    if request.method not in ("GET", "HEAD") or asked.get("HTTP_COOKIE") or "HTTP_AUTHORIZATION" in asked:
        return None
    host = asked.get("HTTP_HOST", "")
    accepted = coding(asked.get("HTTP_ACCEPT_ENCODING", ""))
    return (accepted, request.scheme or "", host, request.path, asked.get("QUERY_STRING", "")) if host else None


def _may_be_kept(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "is_public_page", False)
    except Resolver404:
        return False


def _holds(page: Page) -> bool:
    """Whether the page still says the truth. Without a database nobody knows: the views say so."""
    try:
        return page.stamp == current_stamp()
    except Error:
        return False


def _is_everybodys(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Content-Disposition")  # a file is counted each time (cohesion.limits)
        and response.headers.get("Cache-Control") == ASK_AGAIN
        and response.headers.get("Vary", "").lower() == "accept-encoding"
        and "nonce-" not in response.headers.get("Content-Security-Policy", "")
    )


def _compress(response: HttpResponse, key: Any) -> None:
    if key[0] and is_compressible(response.headers["Content-Type"]):
        response.content = compressed(response.content, key[0])
        response.headers["Content-Encoding"] = key[0]
    response.headers["Content-Length"] = str(len(response.content))


def _again(request: HttpRequest, page: Page) -> HttpResponseBase:
    """The page as it was sent the first time, or 304 to whoever holds it."""
    if "HTTP_IF_NONE_MATCH" in request.META and not holds_any_state(request):
        unchanged = get_conditional_response(request, page.headers["ETag"])
        if unchanged is not None:
            for name in ("Cache-Control", "ETag", "Vary"):
                unchanged.headers[name] = page.headers[name]
            return unchanged
    return HttpResponse(page.body, headers=page.headers)
