"""Errors sent to Sentry, where the installation has it: without anything of what people send or are."""

from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ImproperlyConfigured

from cohesion.lib.logs import discreet

if TYPE_CHECKING:
    from sentry_sdk.types import Event


def start(dsn: str, release: str) -> None:
    """
    Raises:
        ImproperlyConfigured: an address is given, and the package is not installed.
    """
    if find_spec("sentry_sdk") is None:
        raise ImproperlyConfigured("SENTRY_DSN est réglée, et le paquet « sentry-sdk » n’est pas installé.")
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        release=release,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=without_secrets,
    )


def without_secrets(event: "Event", hint: dict[str, Any]) -> "Event":
    """A report without the addresses that open something by themselves: an invitation, a personal calendar."""
    request = event.get("request", {})
    for name in ("url", "query_string"):
        if request.get(name):
            request[name] = discreet(str(request[name]))
    return event
