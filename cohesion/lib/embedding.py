"""Public pages inside those of the council's own sites (``EMBEDDED_BY``), and inside no other."""

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from cohesion.lib.http import somebody


def let_embed(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let these sites show a page in a frame: one that anybody reads, as it is for whoever is not logged in.

    A form that is sent, a page behind a login and the desks stay closed to all: nobody may be made to click there
    without knowing.
    """
    if settings.EMBEDDED_BY and request.method in ("GET", "HEAD") and somebody(request) is None:
        cast(Any, response)._csp_replace = {"frame-ancestors": list(settings.EMBEDDED_BY)}
        cast(Any, response).xframe_options_exempt = True
