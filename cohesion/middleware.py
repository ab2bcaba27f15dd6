"""Headers that Django and django-csp do not send themselves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

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


def security_headers(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Close what is unused, and keep the pages of somebody logged in out of every cache."""

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
        return response

    return middleware
