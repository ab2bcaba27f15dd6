"""Public pages kept whole, compressed once, and given again to whoever bears no cookie."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response
from django.utils.http import parse_http_date_safe

from axes.http import current_stamp, held_lately, trusted_stamp
from cohesion.lib.http import ASK_AGAIN, holds_any_state
from cohesion.lib.kept import KeptPage, Pages, coding, compressed, is_compressible
from cohesion.lib.requests import HEADER, name_of

# What is said to who holds the page already, of what was said with it.
UNCHANGED = ("Cache-Control", "ETag", "Vary", "Last-Modified", "Access-Control-Allow-Origin")

_SINCE = "HTTP_IF_MODIFIED_SINCE"


class KeptPages:
    """The first middleware: what it keeps is what all the others have made of the page, headers included.

    Only pages that say so (:func:`axes.http.public_page`) are kept, under the stamp that they were made with; the
    present stamp is asked of the database before one is given again, so that a change made by any process is seen
    by the next request; while one request makes the page anew, the others may get that of a moment ago
    (:func:`axes.http.held_lately`) instead of waiting with a thread each. A request that bears a cookie or credentials
    is nobody's business here, and neither is an answer that sets a cookie, depends on more than the coding, or is a
    stream.
    """

    of_this_process: ClassVar[Pages | None] = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if settings.DEBUG or not settings.KEPT_PAGES_MB:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.pages = KeptPages.of_this_process = Pages(int(settings.KEPT_PAGES_MB * 1_000_000))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        key = _key(request.META)
        if key is None:
            return self.get_response(request)
        known = self.pages.find(key)
        if known is not None and (_holds(known) or (self.pages.is_being_made(key) and held_lately(known.stamp))):
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
        self.pages.keep(key, KeptPage(stamp, dict(response.items()), response.content))
        return response


class InFront:
    """In front of Django (:mod:`cohesion.wsgi`): a kept page is given before anything is made of the request.

    Only while the last stamp that was read is trusted: whatever has to be asked is asked by the middleware above.
    """

    def __init__(self, site: Callable[..., Iterable[bytes]]) -> None:
        self.site = site

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        page = self._find(environ)
        held = environ.get("HTTP_IF_NONE_MATCH")
        is_dated = page is not None and held is None and "Last-Modified" in page.headers
        if page is None or held not in (None, page.headers["ETag"]) or (is_dated and _SINCE in environ):
            return self.site(environ, start_response)
        name = (HEADER, name_of(environ.get("HTTP_X_REQUEST_ID", "")))
        if held is not None:
            start_response("304 Not Modified", [*_unchanged(page).items(), name])
            return []
        start_response("200 OK", [*page.headers.items(), name])
        return [page.body]

    def _find(self, environ: dict[str, Any]) -> KeptPage | None:
        key = _key(environ) if environ["REQUEST_METHOD"] == "GET" else None
        page = KeptPages.of_this_process.find(key) if key and KeptPages.of_this_process else None
        return page if page is not None and page.stamp == trusted_stamp() else None


def _key(environ: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What two requests must share to get the same page; None for those that get one of their own."""
    host = environ.get("HTTP_HOST")
    if not host or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    if environ.get("HTTP_COOKIE") or "HTTP_AUTHORIZATION" in environ:
        return None
    return (
        coding(environ.get("HTTP_ACCEPT_ENCODING", "")),
        environ["wsgi.url_scheme"],
        environ.get("HTTP_X_FORWARDED_PROTO", ""),
        host,
        environ.get("SCRIPT_NAME", ""),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
    )


def _may_be_kept(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "is_public_page", False)
    except Resolver404:
        return False


def _holds(page: KeptPage) -> bool:
    """Whether the page still says the truth. Without a database nobody knows: the views say so."""
    try:
        return page.stamp == current_stamp()
    except Error:
        return False


def _is_everybodys(response: HttpResponse) -> bool:
    return (
        response.status_code == 200
        and not response.cookies
        and not response.has_header("Content-Disposition")  # a file is counted each time (cohesion.site.limits)
        and response.headers.get("Cache-Control") == ASK_AGAIN
        and response.headers.get("Vary", "").lower() == "accept-encoding"
        and "nonce-" not in response.headers.get("Content-Security-Policy", "")
    )


def _compress(response: HttpResponse, key: Any) -> None:
    """Unless it came compressed, as a file of open data does."""
    if key[0] and is_compressible(response.headers["Content-Type"]) and not response.has_header("Content-Encoding"):
        response.content = compressed(response.content, key[0])
        response.headers["Content-Encoding"] = key[0]
    response.headers["Content-Length"] = str(len(response.content))


def _again(request: HttpRequest, page: KeptPage) -> HttpResponseBase:
    """The page as it was sent the first time, or 304 to whoever holds it: by its ETag, or by its date if it has one."""
    changed = parse_http_date_safe(page.headers.get("Last-Modified", ""))
    is_conditional = "HTTP_IF_NONE_MATCH" in request.META or (changed and _SINCE in request.META)
    if is_conditional and not holds_any_state(request):
        unchanged = get_conditional_response(request, page.headers["ETag"], changed)
        if unchanged is not None:
            for name, value in _unchanged(page).items():
                unchanged.headers[name] = value
            return unchanged
    return HttpResponse(page.body, headers=page.headers)


def _unchanged(page: KeptPage) -> dict[str, str]:
    return {name: page.headers[name] for name in UNCHANGED if name in page.headers}
