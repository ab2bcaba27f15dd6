"""Who comes in: officers, who write; elected officials, who read. To anybody else there is nothing here."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from projects.catalogue.rules import READ_INSTRUCTION, WRITE_INSTRUCTION

View = Callable[..., HttpResponseBase]


def officers_page(view: View) -> View:
    """A page of the instruction: read with one right, written with the other, kept by nobody."""
    return _guarded(view, {"POST"})


def writers_page(view: View) -> View:
    """A page that only serves to write."""
    return _guarded(view, {"GET", "HEAD", "POST"})


def readers_page(view: View) -> View:
    """A page of one's own: whoever reads the instruction reads it, and sends its form."""
    return _guarded(view, set())


def _guarded(view: View, writing: set[str]) -> View:
    @wraps(view)
    def page(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:  # an officer whose session has closed comes back here
            return redirect_to_login(request.get_full_path())
        if not request.user.has_perm(READ_INSTRUCTION):
            raise Http404("Cette page n’existe pas.")
        if request.method in writing and not request.user.has_perm(WRITE_INSTRUCTION):
            raise PermissionDenied
        response = view(request, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    return require_http_methods(["GET", "HEAD", "POST"])(page)


def shown(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponseBase:
    """A page, and whether who reads it writes."""
    return render(request, template, {"writes": request.user.has_perm(WRITE_INSTRUCTION), **context})
