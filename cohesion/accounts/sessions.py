"""How long a session lasts: closed when it was left alone, and in any case after some hours."""

import time
from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from cohesion.lib.http import somebody
from cohesion.lib.people import Visitor

BEGUN, SEEN = "session_begun", "session_seen"
CLOSED = (
    "Votre session s’est fermée d’elle-même, après un temps sans activité ou une longue journée : reconnectez-vous."
)
PRECISION = 60  # seconds: a session is not written at each request


def limits(user: Visitor) -> tuple[int, int]:
    """Seconds without a request, and seconds in all."""
    return settings.STAFF_SESSION if user.is_staff else settings.LEAD_SESSION


def left(request: HttpRequest) -> tuple[int, int]:
    """Seconds until the session of somebody logged in closes: if nothing is asked any more, and in any case."""
    now = int(time.time())
    idle, whole = limits(request.user)
    begun, seen = request.session.get(BEGUN, now), request.session.get(SEEN, now)
    return max(0, min(idle - (now - seen), whole - (now - begun))), max(0, whole - (now - begun))


def _only_looks(request: HttpRequest) -> bool:
    """A page that asks by itself how long its session lasts is no activity of anybody."""
    return request.method != "POST" and request.path == reverse("account_presence")


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
                request.closed_account = user.pk  # type: ignore[attr-defined]
                messages.warning(request, CLOSED)
            elif now - seen >= PRECISION and not _only_looks(request):
                request.session[SEEN] = now
                UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
        return get_response(request)

    return middleware


def _begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[BEGUN] = request.session[SEEN] = int(time.time())
    request.session.pop("_session_expiry", None)  # of a form that waited for this login: it was kept for an hour


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="cohesion.accounts.sessions")
