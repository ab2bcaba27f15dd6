"""One's own account, erased by oneself: what goes, what stays under a number, and the proof that it is oneself."""

import logging
import time
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cohesion.accounts.erasing import erase, forget_mails, refusal, staying
from cohesion.accounts.second_factor import FACTORS
from cohesion.accounts.traces import PersonWords, pseudonym
from cohesion.lib.counting import give_back, wait_for
from cohesion.lib.mail import compose
from cohesion.lib.people import Person, signed_in

logger = logging.getLogger(__name__)

FRESH = 15 * 60  # seconds for which a second factor that was given is one that is given now
# What others would miss if an account went, in sentences: each room says its own (projects/housekeeping/leaving.py).
missed: list[Callable[[Person], list[str]]] = []


class LeavingForm(forms.Form):
    """The password once more, and that what stays was read."""

    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Tapez votre mot de passe : il prouve que c’est bien vous."},
    )
    is_understood = forms.BooleanField(
        label="J’ai lu ce qui est effacé et ce qui reste. Je sais que rien ne se reprend.",
        error_messages={"required": "Cochez cette case : un compte effacé ne se retrouve pas."},
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        key = f"leaving:{self.user.pk}"
        most, seconds = settings.LOGIN_FAILURES["from_here"]
        if wait_for(key, most=most, seconds=seconds, is_patient=True):
            raise ValidationError("Trop d’essais : attendez quelques minutes, puis recommencez.")
        if not self.user.check_password(password):
            raise ValidationError("Ce n’est pas votre mot de passe. Rien n’est effacé.")
        give_back(key)
        return password


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def leave(request: HttpRequest) -> HttpResponse:
    """Say what would become of one's account; erase it once the password was typed again."""
    user = signed_in(request)
    if elsewhere := _second_factor_first(request, user):
        return elsewhere
    why_not = refusal(user, user, is_own_wish=True)
    form = LeavingForm(request.POST or None, user=user)
    if request.method == "POST" and not why_not and form.is_valid():
        try:
            return _gone(request, user)
        except ValidationError as error:
            why_not = error.messages[0]
    context = {
        "form": form,
        "refusal": why_not,
        "number": pseudonym(user),
        "staying": staying(user),
        "missed": [sentence for say in missed for sentence in say(user)],
        "contact": settings.CONTACT_EMAIL,
        "backup_days": settings.BACKUP_RETENTION_DAYS,
    }
    return render(request, "account/leave.html", context)


@require_safe
def left(request: HttpRequest) -> HttpResponse:
    return render(request, "account/left.html")


def _second_factor_first(request: HttpRequest, user: Person) -> HttpResponse | None:
    """To the page that asks for the second factor, unless there is none or it was given a moment ago."""
    kinds = set(Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).values_list("type", flat=True))
    given = [way["at"] for way in get_authentication_records(request, user) if way.get("method") == "mfa"]
    if not kinds or (given and time.time() - given[-1] < FRESH):
        return None
    name = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
    return redirect(f"{reverse(name)}?{urlencode({'next': request.path})}")


def _gone(request: HttpRequest, user: Person) -> HttpResponse:
    """Erase the account, close its sessions, and say so by a mail of which nothing is kept.

    Raises:
        ValidationError: it became that of the last administrator meanwhile.
    """
    address, words = user.email, PersonWords.of(user)
    request.user = erase(user=user, by=user, is_own_wish=True)  # what the log notes from now on bears no name
    logout(request)
    if address:
        _confirm(address, words)
    return HttpResponseRedirect(reverse("account_left"))


def _confirm(address: str, words: PersonWords) -> None:
    """A mail that does not leave takes nothing back: what it says is done."""
    about: dict[str, Any] = {"subject": "Votre compte est effacé", "context": {}}
    mail = compose(to=address, text="mail/left.txt", html="mail/left.html", **about)
    try:
        mail.send()
    except (SMTPException, OSError):
        logger.warning("La confirmation d’un compte effacé n’est pas partie")
    forget_mails(words)
