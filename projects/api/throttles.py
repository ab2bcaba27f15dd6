"""How often a program may ask: counted by token, else by where it comes from, together with every process."""

import logging

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cohesion.audit.recording import origin
from cohesion.lib.counting import wait_for

logger = logging.getLogger(__name__)


def limit(name: str) -> tuple[int, int] | None:
    """So many, in so many seconds; None where nothing is limited."""
    known: tuple[int, int] | None = settings.RATE_LIMITS.get(name)
    return known


class ApiThrottle(BaseThrottle):
    """One count for reading without a token, one for each token."""

    seconds = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        token = request.auth
        known = limit("api" if token is None else "api_tokens")
        if known is None:
            return True
        who = origin(request._request) if token is None else f"token:{token.pk}"
        try:
            self.seconds = wait_for(f"rate:api:{who}", most=known[0], seconds=known[1])
        except Exception:
            logger.warning("Ce qui compte les demandes ne répond pas : rien n’est limité", exc_info=True)
            return True
        return not self.seconds

    def wait(self) -> float:
        return self.seconds
