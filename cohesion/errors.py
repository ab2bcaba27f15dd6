"""What the site answers when something is wrong: in French, in its own look, and without the database."""

import logging
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from cohesion.lib.http import is_of_script
from cohesion.lib.outages import Outage, outage
from cohesion.lib.typed import typed

logger = logging.getLogger(__name__)

RETRY_AFTER = 10  # seconds
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
        cause = outage(exception)
        if cause is None:
            return None
        # Waiting in vain is the lot of a busy day; the rest wants somebody to look.
        level = logging.WARNING if cause is Outage.BUSY else logging.ERROR
        logger.log(level, "%s %s %s", request.method, request.path, cause.name, exc_info=exception)
        return unavailable(request, cause)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Standing alone too: the request may name a host that the site does not answer to.

    Django takes a session that could not be written for one that somebody else has closed, whatever the reason.
    """
    if isinstance(exception, SessionInterrupted):
        lost = exception.__context__
        while lost is not None:
            if cause := outage(lost):
                return unavailable(request, cause)
            lost = lost.__context__
    return HttpResponse(_standalone("400.html"), status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of last resort; what was lost outside a view (session, what is sent) ends here too."""
    if cause := outage(sys.exc_info()[1]):
        return unavailable(request, cause)
    return HttpResponse(_standalone("500.html"), status=500)


def unavailable(request: HttpRequest, cause: Outage) -> HttpResponse:
    """503. What was sent is given back, to be sent again by one press: a page that is left keeps nothing for sure."""
    headers = {"Retry-After": str(RETRY_AFTER), "Cache-Control": "no-store"}
    if is_of_script(request):
        sentence = f"{cause.value} Rien n’est enregistré : envoyez de nouveau dans quelques instants."
        return JsonResponse({"error": sentence}, status=503, headers=headers, json_dumps_params={"ensure_ascii": False})
    context = {"sentence": cause.value, "path": request.get_full_path(), "is_sent": request.method == "POST"}
    sent = typed(request)
    # Without its file or its password, a form that is sent again says something else.
    pairs = [] if sent.files or sent.has_secret else sent.pairs
    return HttpResponse(_standalone("503.html", typed=pairs, **context), status=503, headers=headers)


def _standalone(name: str, **context: Any) -> str:
    """A page without context processors, which ask the database; the barest one if even that fails."""
    try:
        named = {"site_name": settings.SITE_NAME, "site_authority": settings.SITE_AUTHORITY}
        return render_to_string(name, named | context)
    except Exception:
        logger.exception("La page %s ne s’affiche pas", name)
        return BARE_PAGE
