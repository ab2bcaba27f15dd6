"""What the site answers when something is wrong: in French, in its own look, and without the database."""

import logging
import sys
from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

logger = logging.getLogger(__name__)

RETRY_AFTER = 10  # seconds
# What the driver says when the database is away, stopping, full or too slow to answer.
OUTAGES = (OperationalError, InterfaceError)
BARE_PAGE = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Service indisponible</title>'
    "<h1>Le service est momentanément indisponible</h1><p>Réessayez dans quelques instants.</p></html>"
)


class DatabaseOutage:
    """Middleware: a database that does not answer makes a view unavailable for a while, not broken."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, OUTAGES):
            return None
        logger.error("La base de données ne répond pas : %s", request.path, exc_info=exception)
        return unavailable()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Standing alone too: the request may name a host that the site does not answer to."""
    return HttpResponse(_standalone("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of last resort; a database lost outside a view (session, error page) ends here too."""
    if isinstance(sys.exc_info()[1], OUTAGES):
        return unavailable()
    return HttpResponse(_standalone("500.html"), status=500)


def unavailable() -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    return HttpResponse(_standalone("503.html"), status=503, headers=headers)


def _standalone(name: str) -> str:
    """A page without context processors, which ask the database; the barest one if even that fails."""
    try:
        return render_to_string(name, {"site_name": settings.SITE_NAME, "site_authority": settings.SITE_AUTHORITY})
    except Exception:
        logger.exception("La page %s ne s’affiche pas", name)
        return BARE_PAGE
