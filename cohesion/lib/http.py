"""Pages that are asked again: the same stamp means the same page, so that nothing is sent twice."""

import hashlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import content_disposition_header

from cohesion.lib.people import Person

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
# Kept by anybody, but asked again each time: what a page says may change at any moment.
ASK_AGAIN = "public, max-age=0, must-revalidate"
_SOURCES = (
    *("templates/**/*.html", "static/*", "axes/**/*.py", "cohesion/**/*.py", "projects/**/*.py"),
    *("axes/**/*.typ", "projects/**/*.typ"),
)
ExtraContext = dict[str, Any] | None  # what a screen of the admin is given beside its own


@cache
def site_stamp() -> str:
    """A digest of the software and of its settings: another version of the site makes other pages."""
    words = (
        *(settings.SITE_NAME, settings.SITE_AUTHORITY, settings.AUTHORITY_SIRET, settings.BASE_URL),
        *(*settings.OPEN_DATA_LICENCE, *settings.EMBEDDED_BY, *settings.PUBLIC_AMOUNTS),
    )
    digest = hashlib.sha256(repr(words).encode())
    for pattern in _SOURCES:
        for path in sorted(Path(settings.BASE_DIR).glob(pattern)):
            digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def filtered(view: View) -> View:
    """A page whose address says what it shows: one that names an empty field leads to itself without it."""
    cast(Any, view).is_filtered = True
    return view


def etag(request: HttpRequest, parts: Iterable[object]) -> str:
    """The ETag of what this address answers while ``parts`` are the same.

    A weak one: it tells what the page says, which its coding (brotli, gzip, none) does not change.
    """
    state = repr((site_stamp(), request.get_full_path(), *parts))
    return f'W/"{hashlib.sha256(state.encode()).hexdigest()[:32]}"'


def holds_any_state(request: HttpRequest) -> bool:
    """« Whatever you have » holds no state: it would get a 304 for a page that does not exist."""
    return request.headers.get("If-None-Match", "").strip() == "*"


def somebody(request: HttpRequest) -> Person | None:
    """The account that is logged in, or None. Whoever comes without a session costs no look at it."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = getattr(request, "user", None)  # an error page may come before it is known
    return user if user is not None and user.is_authenticated else None


def is_of_script(request: HttpRequest) -> bool:
    """Whether a script asks, which would rather read JSON than a page."""
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def mail_address(request: HttpRequest, path: str) -> str:
    """A link to write in a mail. Never from what the request says the site is called, except on one's own machine."""
    if settings.BASE_URL:
        return f"{settings.BASE_URL}{path}"
    if settings.LOCAL:
        return request.build_absolute_uri(path)
    return f"https://{settings.ALLOWED_HOSTS[0].lstrip('.')}{path}"


def base_url(request: HttpRequest) -> str:
    """The site as this request knows it, for addresses that one takes along; without a slash at its end."""
    return settings.BASE_URL or f"{request.scheme}://{request.get_host()}"


def revalidated(request: HttpRequest, tag: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """304 to whoever holds this state of the page; the page with its ETag to everybody else.

    An answer that sets its own ``Cache-Control`` keeps it, and bears no ETag. The page of somebody logged in is
    made anew each time, and nobody keeps it.
    """
    if somebody(request) is not None:
        response = answer()
        response.headers["Cache-Control"] = "no-store, private"
        return response
    known = None if settings.DEBUG or holds_any_state(request) else get_conditional_response(request, tag)
    response = known or answer()
    keeps_its_own = response.has_header("Cache-Control")
    if response.status_code in (200, 304) and not keeps_its_own:
        response.headers["ETag"] = tag
    return asked_again(response)


def asked_again(response: HttpResponseBase) -> HttpResponseBase:
    """A page that anybody may keep, and asks again each time; it comes compressed to who reads that."""
    patch_vary_headers(response, ["Accept-Encoding"])
    response.headers.setdefault("Cache-Control", ASK_AGAIN)
    return response


def file_answer(
    content: bytes | str, content_type: str, name: str, *, is_shown: bool = False, is_private: bool = False
) -> HttpResponse:
    """A file made for who asks: to keep, or to read at once where it is shown; what is private, no cache keeps."""
    headers = {"Content-Disposition": content_disposition_header(not is_shown, name) or ""}
    headers |= {"Cache-Control": "no-store, private"} if is_private else {}
    return HttpResponse(content, content_type=content_type, headers=headers)


def changed_address(request: HttpRequest, **changes: str | None) -> str:
    """The present address with these parameters changed (None or nothing: taken out)."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value:
            query[name] = value
    return f"{request.path}?{query.urlencode(safe=',')}" if query else request.path


class Counted(Paginator):
    """Pages of a list whose length is known: it is not asked again."""

    def __init__(self, rows: Any, size: int, length: int) -> None:
        super().__init__(rows, size)
        self.__dict__["count"] = length  # in the place of what the class would ask the database once


def paged(
    request: HttpRequest, rows: Any, size: int, *, parameter: str = "page", anchor: str = "", length: int | None = None
) -> dict[str, Any]:
    """The ``page`` of a list that is asked under a parameter, and the addresses of those beside it (``turns``).

    ``length``: of a list whose length is known, which is then not asked again.
    """
    pages: Paginator[Any] = Paginator(rows, size) if length is None else Counted(rows, size, length)
    page: Page[Any] = pages.get_page(request.GET.get(parameter))
    end = f"#{anchor}" if anchor else ""
    return turned(page, lambda number: changed_address(request, **{parameter: number}) + end)


def turned(page: "Page[Any]", address: Callable[[str], str]) -> dict[str, Any]:
    """A ``page``, and the addresses of those beside it (``turns``), from the number of a page as its address has it."""
    beside = {"previous": page.number - 1, "next": page.number + 1}
    return {
        "page": page,
        "turns": {
            way: address(str(number)) for way, number in beside.items() if 1 <= number <= page.paginator.num_pages
        },
    }


def let_embed(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let the sites of ``EMBEDDED_BY`` show in a frame a page that anybody reads, as whoever is not logged in sees it.

    A form that is sent, a page behind a login and the desks stay closed to all: nobody may be made to click there
    without knowing.
    """
    if settings.EMBEDDED_BY and request.method in ("GET", "HEAD") and somebody(request) is None:
        cast(Any, response)._csp_replace = {"frame-ancestors": list(settings.EMBEDDED_BY)}
        cast(Any, response).xframe_options_exempt = True
