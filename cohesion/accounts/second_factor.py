"""Whoever is staff has a second factor before any other page than those of their own account."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cohesion.lib.http import somebody
from cohesion.lib.people import Person

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_compulsory(user: Person) -> bool:
    return settings.STAFF_SECOND_FACTOR and user.is_staff


def is_missing(user: Person) -> bool:
    """Whether this account must first set a second factor."""
    return is_compulsory(user) and not Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def second_factor_of_staff(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Lead an agent without a second factor to the page where one is set, whatever they ask for.

    The public pages too: they show an agent what is not public.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        user = somebody(request)
        if user is not None and not request.path.startswith(reverse("account")) and is_missing(user):
            return redirect("mfa_index")
        return get_response(request)

    return middleware
