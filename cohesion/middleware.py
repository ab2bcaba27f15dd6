"""What Django and its packages do not do themselves to each request and each answer."""

import codecs
from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

from cohesion.lib.kept import is_compressible
from cohesion.lib.pasted import clean

CLOSED_FEATURES = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in CLOSED_FEATURES),
}


class CleanAddress:
    """A browser names every field of a form, the empty ones too; the address that one keeps, cites or sends does not.

    Asked of the pages that say what they filter by; before anything is counted or read, and kept by whoever asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        if request.method not in ("GET", "HEAD") or "=" not in request.META.get("QUERY_STRING", ""):
            return None
        if not getattr(view, "is_public_page", False) and not getattr(view, "is_filtered", False):
            return None
        parameters = [(name, value) for name, values in request.GET.lists() for value in values]
        kept = [(name, value) for name, value in parameters if value.strip()]
        if len(kept) == len(parameters):
            return None
        return HttpResponsePermanentRedirect(f"{request.path}{'?' if kept else ''}{urlencode(kept, safe=',')}")


def without_nulls(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A NUL is never typed: in an address it is not found, in a query it is left out. PostgreSQL refuses it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404("Cette adresse contient un caractère nul.")
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query or "\x00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "").replace("\x00", "")
        return get_response(request)

    return middleware


def utf8_only(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A form comes in UTF-8, as every browser sends it: another coding may bring characters that no page can show."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.encoding and codecs.lookup(request.encoding).name != "utf-8":
            raise BadRequest("Un formulaire s’envoie en UTF-8.")
        return get_response(request)

    return middleware


class PastedText:
    """What is typed and pasted in a form comes without what nobody sees: see :func:`cohesion.lib.pasted.clean`.

    A secret is what its owner says it is: passwords are left alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: object) -> None:
        """Clean the form, once it is known that it may be sent."""
        if request.method != "POST":
            return
        cleaned = request.POST.copy()
        for name, values in request.POST.lists():
            if "password" not in name:
                cleaned.setlist(name, [clean(value) for value in values])
        if cleaned != request.POST:
            cleaned._mutable = False
            request.POST = cleaned  # type: ignore[assignment]


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Close what is unused, and keep what is answered to somebody logged in out of every cache, refusals included."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        # Asking the session, not the user: a public page must not cost a query for nobody.
        if (
            getattr(request, "session", None) is not None
            and request.session.accessed
            and not request.session.is_empty()
        ):
            response.headers["Cache-Control"] = "no-store, private"
        elif settings.SESSION_COOKIE_NAME in request.COOKIES:  # refused before anybody looked who it is
            response.headers.setdefault("Cache-Control", "no-store, private")
        for cookie in response.cookies.values():
            cookie["httponly"] = True  # also those that take one away, which Django makes without
        return response

    return middleware


class CompressedText(GZipMiddleware):
    """Pages made for one reader, compressed on their way; kept pages and gathered static files are so already.

    Django hides the lengths of what is secret behind a random one. A page that grows goes as it comes, so that it is
    seen growing; a part of a file (206) keeps the bytes that were asked for.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        grows = response.streaming and not isinstance(response, FileResponse)
        if grows or response.status_code == 206 or not is_compressible(response.headers.get("Content-Type", "")):
            return response
        return super().process_response(request, response)  # type: ignore[arg-type]
