"""What django-allauth asks of the site: no open sign-up, links from a fixed address, limits by account."""

import hashlib
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from cohesion.accounts import wording
from cohesion.accounts.second_factor import is_compulsory
from cohesion.audit import AuditKind, record
from cohesion.audit.recording import address, origin
from cohesion.lib.counting import forget, give_back, wait_for
from cohesion.lib.http import mail_address
from cohesion.lib.mail import compose
from cohesion.lib.people import Person, signed_in
from cohesion.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation only."""

    error_messages = {**DefaultAccountAdapter.error_messages, **wording.ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where a request comes from; from its peer, when fewer frontals than ours have signed it."""
        return address(request) or request.META.get("REMOTE_ADDR", "")

    def is_safe_url(self, url: str | None) -> bool:
        """Whether one may be led there; an address that cannot even be read leads nowhere."""
        try:
            return super().is_safe_url(url)
        except ValueError:
            return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a failure in advance, for the account from this address and for the account from everywhere.

        A login that succeeds gives both back (:meth:`authenticate`).

        Raises:
            ValidationError: one of them is used up; the password is not even looked at.
        """
        login = _login(credentials)
        for key, (most, seconds) in _failures(request, login).items():
            if wait_for(key, most=most, seconds=seconds, is_patient=True):
                who = login if "@" in login else ""  # whoever types a password there does not find it in the log
                record(AuditKind.LOGIN_FAILED, who=who, on="trop d’essais", request=request)
                raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user = super().authenticate(request, **credentials)
        if user is not None:
            for key in _failures(request, _login(credentials)):
                give_back(key)
        return user

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        ways = super().get_reauthentication_methods(user)
        return [{**way, "description": wording.WAYS[way["id"]]} for way in ways]

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Officers to their screens, the elected, who only read, to their own page; leads to their space, others to
        their account."""
        user = signed_in(request)
        only_reads = user.has_perm("projects.view_review") and not user.has_perm("projects.change_review")
        agents = ("projects:own_page",) if only_reads else ("admin:index",)
        for name in agents if user.is_staff else ("projects:space", "account"):
            try:
                return reverse(name)
            except NoReverseMatch:
                continue
        return reverse("account")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account")

    def get_reset_password_from_key_url(self, key: str) -> str:
        uidb36, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": token})
        return mail_address(self.request, path)

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: object = None
    ) -> EmailMessage:
        to = email if isinstance(email, str) else email[0]
        if template_prefix == "account/email/password_reset_key":
            subject, text, html = "Choisir un nouveau mot de passe", "mail/reset.txt", "mail/reset.html"
        elif template_prefix == "account/email/unknown_account":
            subject, text, html = "Aucun compte à cette adresse", "mail/unknown.txt", "mail/unknown.html"
        else:
            subject, happened = wording.MAILS[template_prefix]
            context = {**context, "happened": happened}
            text, html = "mail/notice.txt", "mail/notice.html"
        return compose(to=to, subject=subject, text=text, html=html, context=context)

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: object = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Say what was done; who is logged in stands at the top of the page, and needs no message."""
        if text := message or wording.MESSAGES.get(message_template or ""):
            messages.add_message(request, level, text, extra_tags=extra_tags)


def forgive_failures(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Whoever has just proved their address by a reset begins afresh from here."""
    from_here, _ = _failures(request, user.email)
    forget(from_here)


def _login(credentials: dict[str, Any]) -> str:
    """The name under which somebody logs in."""
    return str(credentials.get("email") or credentials.get("username") or "")


def _failures(request: HttpRequest, login: str) -> dict[str, tuple[int, int]]:
    """Under what keys the failures of a login are counted, from here and from everywhere: how many, in what time."""
    account = hashlib.sha256(login.lower().encode()).hexdigest()[:32]
    return {
        f"login:{account}:{origin(request)}": settings.LOGIN_FAILURES["from_here"],
        f"login:{account}": settings.LOGIN_FAILURES["from_everywhere"],
    }


class SecondFactorAdapter(DefaultMFAAdapter):
    """A second factor that is compulsory may be changed, not given up."""

    error_messages = {**DefaultMFAAdapter.error_messages, **wording.ERRORS}

    def get_totp_issuer(self) -> str:
        return settings.SITE_NAME

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return "Clé principale" if number == 1 else f"Clé n° {number}"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not is_compulsory(authenticator.user):
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()
