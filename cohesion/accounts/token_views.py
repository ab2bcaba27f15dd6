"""``/compte/jetons/``: the tokens of one's own programs."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cohesion.accounts.tokens import DAYS, MOST_DAYS, allowed_scopes, make, revoke
from cohesion.choices import TokenScope
from cohesion.lib.forms import line_field
from cohesion.lib.people import Person, signed_in
from cohesion.lib.sealing import sealed, unsealed
from cohesion.lib.text import squeeze
from cohesion.models import ApiToken
from cohesion.together.once import sent_once

JUST_MADE = "token_just_made"  # in the session, sealed, until it is shown
LASTING = {30: "30 jours", DAYS: "90 jours", 180: "six mois", MOST_DAYS: "un an"}


class TokenForm(forms.Form):
    name = line_field(
        "Nom du jeton",
        60,
        help_text="Le logiciel qui s’en servira, par exemple « Tableau de bord du CCAS ».",
        required=True,
    )
    scopes = forms.MultipleChoiceField(
        label="Ce qu’il ouvre",
        widget=forms.CheckboxSelectMultiple,
        help_text="Le moins possible : un jeton ne peut jamais plus que vous.",
        error_messages={"required": "Cochez au moins une case : sans elle, le jeton n’ouvrirait rien."},
    )
    days = forms.TypedChoiceField(label="Valable", choices=list(LASTING.items()), coerce=int, initial=DAYS)

    def __init__(self, *args: Any, user: Person, **options: Any) -> None:
        super().__init__(*args, **options)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope.value, scope.label) for scope in allowed_scopes(user)]
        scopes.initial = [TokenScope.READ.value]

    def clean_name(self) -> str:
        return squeeze(self.cleaned_data["name"])


@require_safe
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens; the words of one that was just made are shown here, and never again."""
    kept = request.session.pop(JUST_MADE, None)
    own = signed_in(request).api_tokens.all()
    return render(request, "account/tokens.html", {"tokens": own, "words": unsealed(kept) if kept else None})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@reauthentication_required
@sent_once
def new_token(request: HttpRequest) -> HttpResponseBase:
    """Make a token, once one has confirmed that it is oneself."""
    user = signed_in(request)
    form = TokenForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            _, words = make(user=user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            request.session[JUST_MADE] = sealed(words)
            return redirect("tokens")
    return render(request, "account/token_new.html", {"form": form})


@require_POST
@login_required
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one of one's own tokens; somebody else's is not found."""
    token = get_object_or_404(ApiToken, pk=pk, user=signed_in(request))
    if revoke(token, by=signed_in(request)):
        messages.success(request, f"Le jeton « {token.name} » n’ouvre plus rien.")
    return redirect("tokens")
