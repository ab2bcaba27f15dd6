"""What an invited person does with the link: open an account, or join with the one they have."""

from typing import Any

from allauth.account.utils import perform_login
from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from cohesion.lib.forms import line_field
from cohesion.lib.people import signed_in
from projects.members import inviting as invitations
from projects.members.models import Invitation

TOKEN = "invitation"  # noqa: S105


class AccountForm(forms.Form):
    """A name and a password."""

    first_name = line_field("Prénom", 150, widget=forms.TextInput(attrs={"autocomplete": "given-name"}), required=True)
    last_name = line_field("Nom", 150, widget=forms.TextInput(attrs={"autocomplete": "family-name"}), required=True)
    password1 = forms.CharField(
        label="Mot de passe",
        strip=False,
        help_text="Au moins 15 caractères : quatre ou cinq mots sans rapport entre eux se retiennent bien.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Mot de passe, une seconde fois",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, email: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        password = cleaned.get("password1")
        if password and "password2" in cleaned and cleaned["password2"] != password:
            self.add_error("password2", "Les deux mots de passe ne sont pas les mêmes : retapez-les.")
        elif password:
            names = {name: cleaned.get(name, "") for name in ("first_name", "last_name")}
            try:
                validate_password(password, get_user_model()(email=self.email, username=self.email, **names))
            except ValidationError as error:
                self.add_error("password1", error)
        return cleaned


@require_safe
@never_cache
def opened(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: its secret goes into the session, and out of the address."""
    request.session[TOKEN] = token
    return redirect("projects:invitation")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("password1", "password2")
def answer(request: HttpRequest) -> HttpResponse:
    """Accept: with a new account, or with the account that has the address."""
    token = request.session.get(TOKEN, "")
    invitation = invitations.find(token)
    if invitation is None:
        return _spent(request)
    try:
        if request.user.is_authenticated:
            return _join(request, invitation, token)
        return _open(request, invitation, token)
    except ValidationError:  # spent, or an account made, while the page was open
        return _spent(request) if invitations.find(token) is None else redirect("projects:invitation")


def _spent(request: HttpRequest) -> HttpResponse:
    """The same page for a link that was never one."""
    return render(request, "projects/invitation_spent.html", status=404)


def _join(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    user = signed_in(request)
    is_theirs = user.email.lower() == invitation.email
    if request.method == "POST":
        if not is_theirs:
            raise PermissionDenied
        invitations.accept(token=token, by=user)
        request.session.pop(TOKEN, None)
        return redirect("account")
    return render(request, "projects/invitation_join.html", {"invitation": invitation, "is_theirs": is_theirs})


def _open(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    if invitations.account_of(invitation) is not None:
        if request.method == "POST":
            return redirect(f"{reverse('account_login')}?next={reverse('projects:invitation')}")
        return render(request, "projects/invitation_login.html", {"invitation": invitation})
    form = AccountForm(invitation.email, request.POST or None)
    if request.method == "POST" and form.is_valid():
        names = {name: form.cleaned_data[name] for name in ("first_name", "last_name")}
        user = invitations.open_account(token=token, password=form.cleaned_data["password1"], **names)
        request.session.pop(TOKEN, None)
        return perform_login(request, user)
    return render(request, "projects/invitation.html", {"invitation": invitation, "form": form})
