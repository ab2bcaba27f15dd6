"""How long a session lasts: closed when it was left alone, and in any case after some hours."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cohesion.lib.http import somebody

BEGUN, SEEN = "session_begun", "session_seen"
PRECISION = 60  # seconds: a session is not written at each request


def limits(user: Any) -> tuple[int, int]:
    """Seconds without a request, and seconds in all."""
    return settings.STAFF_SESSION if user.is_staff else settings.LEAD_SESSION


def session_limits(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Close a session that has lasted; whoever comes without a session costs nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = somebody(request)
        if user is not None:
            now = int(time.time())
            idle, whole = limits(user)
            begun, seen = request.session.setdefault(BEGUN, now), request.session.setdefault(SEEN, now)
            if now - seen > idle or now - begun > whole:
                logout(request)
            elif now - seen >= PRECISION:
                request.session[SEEN] = now
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return get_response(request)

    return middleware


def _begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[BEGUN] = request.session[SEEN] = int(time.time())


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="cohesion.accounts.sessions")
