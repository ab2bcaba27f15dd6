"""The forms of django-allauth in the words of the site. A label is a label: no placeholder stands for it."""

import hashlib
import re
from typing import Any

from allauth.account import forms as account
from allauth.mfa import app_settings as mfa
from allauth.mfa.base import forms as codes
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.core.cache import cache

from cohesion.accounts import wording
from cohesion.lib.people import Person

LABELS = {
    "login": "Adresse électronique",
    "email": "Adresse électronique",
    "password": "Mot de passe",
    "oldpassword": "Mot de passe actuel",
    "password1": "Nouveau mot de passe",
    "password2": "Nouveau mot de passe, une seconde fois",
    "code": "Code",
    "name": "Nom de la clé",
    "passwordless": "Ouvrir la session avec cette clé seule, sans mot de passe",
}
HINTS = {
    "password1": "Au moins 15 caractères : quatre ou cinq mots sans rapport entre eux se retiennent bien.",
    "name": "Pour la reconnaître dans la liste : « clé du bureau », « téléphone »…",
    "passwordless": "La clé demande alors votre empreinte, votre visage ou son propre code.",
}


class Worded(forms.Form):
    """The labels and hints of this site; the name of the field that a password manager looks for."""

    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = LABELS.get(name, field.label)
            field.help_text = {**HINTS, **self.hints}.get(name, "")


class LoginForm(Worded, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class ChangePasswordForm(Worded, account.ChangePasswordForm):
    pass


class SetPasswordForm(Worded, account.SetPasswordForm):
    pass


class ResetPasswordForm(Worded, account.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):
    pass


class ReauthenticateForm(Worded, account.ReauthenticateForm):
    pass


class Once(forms.Form):
    """A code serves once for as long as the clock's tolerance would let it: django-allauth forgets it too soon."""

    user: Person

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if typed := cleaned.get("code"):
            kept = mfa.TOTP_PERIOD * (2 * mfa.TOTP_TOLERANCE + 1)
            digest = hashlib.sha256(re.sub(r"\W", "", typed).encode()).hexdigest()
            if not cache.add(f"code-used:{self.user.pk}:{digest}", True, timeout=kept):
                self.add_error("code", wording.ERRORS["incorrect_code"])
        return cleaned


class AuthenticateForm(Once, Worded, codes.AuthenticateForm):
    hints = {"code": "Les six chiffres de votre application, ou l’un de vos codes de secours."}


class ReauthenticateByCodeForm(Once, Worded, codes.ReauthenticateForm):
    hints = AuthenticateForm.hints


class ActivateTOTPForm(Once, Worded, totp.ActivateTOTPForm):
    hints = {"code": "Les six chiffres que l’application affiche maintenant."}


class AddWebAuthnForm(Worded, keys.AddWebAuthnForm):
    pass


class EditWebAuthnForm(Worded, keys.EditWebAuthnForm):
    pass
