"""The request that is being answered, for what is written far from any view: the audit log and the logs."""

import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
current: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
identity: ContextVar[str] = ContextVar("request_id", default="")
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


def name_of(given: str) -> str:
    return given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(16)


def request_identity(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Give each request a name, or keep the one that a frontal gave it; the answer says it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = name_of(request.headers.get(HEADER, ""))
        request.identity = name  # type: ignore[attr-defined]
        named, known = identity.set(name), current.set(request)
        try:
            response = get_response(request)
            response.headers[HEADER] = name
            return response
        finally:
            identity.reset(named)
            current.reset(known)

    return middleware
