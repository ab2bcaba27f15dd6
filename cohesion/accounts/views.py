"""The page of one's own account, and what django-allauth leaves to the site."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohesion.accounts import second_factor
from cohesion.accounts.held import as_file, held
from cohesion.accounts.sessions import left
from cohesion.audit import AuditKind, record
from cohesion.lib.http import somebody
from cohesion.lib.people import signed_in
from cohesion.lib.queries import InFrench


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, for whom one acts, and how the account is protected."""
    user = signed_in(request)
    context = {
        "roles": user.groups.all(),
        "memberships": user.memberships.select_related("organization").order_by(InFrench("organization__name")),
        "has_second_factor": Authenticator.objects.filter(user=user, type__in=second_factor.FACTORS).exists(),
    }
    return render(request, "account/home.html", context)


@require_safe
@login_required
def own_data(request: HttpRequest) -> HttpResponse:
    """What is held of oneself; the texts of others that name one are an administrator's to judge and to hand over."""
    user = signed_in(request)
    context = {"account": user, "sections": held(user, is_whole=False), "file": reverse("account_held_file")}
    return render(request, "account/held.html", context)


@require_safe
@login_required
def own_data_file(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    record(AuditKind.ACCOUNT_READ, on=user)
    return as_file(user, held(user, is_whole=False))


class SecondFactorView(IndexView):
    """The second factors of an account; whoever must have one and has none is told so."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "is_missing": second_factor.is_missing(self.request.user)}


second_factors = SecondFactorView.as_view()


@require_POST
@login_required
def close_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one of one's own sessions; somebody else's is not found."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    if session.session_key == request.session.session_key:
        return redirect("account_logout")
    session.end()
    record(AuditKind.SESSION_CLOSED, on=request.user, before={"adresse": session.ip, "navigateur": session.user_agent})
    messages.success(request, "La session est fermée.")
    return redirect("usersessions_list")


class RemoveKeyView(RemoveWebAuthnView):
    """django-allauth asks of an application whether it may go, not of a key."""

    def form_valid(self, form: object) -> HttpResponse:
        adapter = get_adapter()
        if adapter.can_delete_authenticator(self.object):
            return super().form_valid(form)
        messages.error(self.request, str(adapter.error_messages["cannot_delete_authenticator"]))
        return redirect("mfa_list_webauthn")


remove_key = RemoveKeyView.as_view()


@never_cache
@require_http_methods(["GET", "POST"])
def presence(request: HttpRequest) -> JsonResponse:
    """By GET who is there, without counting as activity; POST is somebody who stays.

    ``idle`` and ``whole`` are seconds until the session closes: if nobody does anything, and in any case.
    """
    user = somebody(request)
    if user is None:
        return JsonResponse({"account": None})
    idle, whole = left(request)
    presence = {"account": user.pk, "name": user.display_name, "token": get_token(request)}
    return JsonResponse(presence | {"idle": idle, "whole": whole}, json_dumps_params={"ensure_ascii": False})
