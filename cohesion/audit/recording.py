"""Writing an event, with what the request says of who and from where. Secrets never enter."""

import hashlib
import ipaddress
import re
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import HttpRequest

from cohesion.choices import AuditKind
from cohesion.lib.people import Person
from cohesion.lib.requests import current, identity
from cohesion.models import AuditEvent

HIDDEN = "…"
LENGTH = 200
HOME_PREFIX = 64  # bits: what a provider gives to one home, which may change the rest at will
_SECRET = re.compile(r"passw|mot.?de.?passe|token|secret|cookie|session|csrf|otp|(?:^|_)key$|digest", re.IGNORECASE)


def record(
    kind: AuditKind,
    *,
    on: Any = None,
    by: Person | None = None,
    who: str = "",
    before: Any = None,
    after: Any = None,
    request: HttpRequest | None = None,
) -> None:
    """Write that something happened to ``on`` (a row, or words), in the transaction where it does.

    ``by`` is the account that acts, by default the one that is logged in; ``who`` names somebody without an account.
    """
    request = request or current.get()
    user = by if by is not None else getattr(request, "user", None)
    if user is None or not getattr(user, "is_authenticated", False):
        user = None
    is_row = isinstance(on, models.Model)
    AuditEvent.objects.create(
        kind=kind,
        account=user.pk if user else None,
        who=(who or (user.email or user.username if user else ""))[:254],
        address=address(request),
        model=on._meta.label_lower if is_row else "",
        key=str(on.pk) if is_row else "",
        label=str(on if on is not None else "")[:LENGTH],
        before=without_secrets(before),
        after=without_secrets(after),
        request=identity.get(),
    )


def address(request: HttpRequest | None) -> str | None:
    """Where a request comes from, as the limits of login understand it: through the frontals that are one's own."""
    if request is None:
        return None
    try:
        return DefaultAccountAdapter().get_client_ip(request)
    except (ImproperlyConfigured, PermissionDenied):  # fewer frontals than PROXY_COUNT says, or no address at all
        return None


def origin(request: HttpRequest) -> str:
    """Where a request comes from, as what is limited counts it, without keeping the address in the clear.

    An IPv4 address is one origin, a whole home in IPv6 is one too. Where fewer frontals than ours have signed the
    request, it is the peer that counts.
    """
    source = address(request) or request.META.get("REMOTE_ADDR", "")
    return hashlib.sha256(_network(source).encode()).hexdigest()[:32]


def _network(source: str) -> str:
    try:
        network = ipaddress.ip_address(source)
    except ValueError:
        return source
    mapped = network.ipv4_mapped if isinstance(network, ipaddress.IPv6Address) else network
    if mapped is not None:  # an IPv4 address, as it is or as a listener on both writes it
        return str(mapped)
    return str(ipaddress.ip_network(f"{source}/{HOME_PREFIX}", strict=False).network_address)


def without_secrets(value: object) -> Any:
    """The value without what opens anything: whatever bears the name of a secret is hidden."""
    if isinstance(value, dict):
        named = {str(name): part for name, part in value.items()}
        return {name: HIDDEN if _SECRET.search(name) else without_secrets(part) for name, part in named.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [without_secrets(part) for part in value]
    return value
