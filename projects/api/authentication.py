"""Who asks: the person of a token, or nobody. A session is looked at by no address of the API.

How often they may ask is said here too.
"""

import logging
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from cohesion.accounts import tokens
from cohesion.audit.recording import origin
from cohesion.choices import TokenScope
from cohesion.lib.counting import wait_for
from cohesion.models import ApiToken, User

SAFE = ("GET", "HEAD", "OPTIONS")


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer cst_…``."""

    keyword = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        kind, _, words = header.partition(" ")
        if kind.lower() != self.keyword.lower() or not words:
            raise _refused(request, "L’en-tête s’écrit : Authorization: Bearer suivi du jeton.")
        token = tokens.opened(words.strip(), request._request)
        if token is None:
            raise _refused(request, "Ce jeton n’ouvre rien : il est inconnu, expiré ou révoqué.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword


def _refused(request: Request, sentence: str) -> APIException:
    seconds = _count_unknown(request)
    return Throttled(seconds) if seconds else AuthenticationFailed(sentence)


def _count_unknown(request: Request) -> int:
    """Note a token that opens nothing; so many seconds to wait, after too many of them."""
    known = limit("api_unknown_tokens")
    if known is None:
        return 0
    return wait_for(f"rate:api_unknown:{origin(request._request)}", most=known[0], seconds=known[1])


class ScopePermission(BasePermission):
    """Reading is for everybody; writing wants a token that opens it. What its person may is asked by each address."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method in SAFE:
            if request.auth is not None and TokenScope.READ not in request.auth.scopes:
                raise PermissionDenied
            return True
        scope = view.scopes.get(request.method)
        if scope is None:
            return True  # the verb is not known here, which the view says
        return request.auth is not None and scope in request.auth.scopes


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
