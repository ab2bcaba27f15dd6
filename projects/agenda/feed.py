"""The address of somebody's own calendar: for a program that cannot log in, signed, and taken back at will."""

import secrets

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer

from cohesion.lib.people import Person

_SIGNER = Signer(salt="projects.agenda.feed", sep="~")


def open_feed(user: Person) -> None:
    """Give the calendar a new address; the former, if any, opens nothing more."""
    _set(user, secrets.token_urlsafe(16))


def close_feed(user: Person) -> None:
    _set(user, "")


def token_of(user: Person) -> str:
    """What the address holds; nothing while the calendar is open to nobody. The key alone, read in a backup, opens
    nothing: it is signed with the key of the site.
    """
    return _SIGNER.sign(user.calendar_key) if user.calendar_key else ""


def reader_of(token: str) -> Person | None:
    """Whose calendar it is, if it still is somebody's who may log in."""
    try:
        key = _SIGNER.unsign(token)
    except BadSignature:
        return None
    return get_user_model().objects.filter(calendar_key=key, is_active=True).first() if key else None


def _set(user: Person, key: str) -> None:
    """Not by ``save``: a form of the account that is open meanwhile would take it back."""
    get_user_model().objects.filter(pk=user.pk).update(calendar_key=key)
    user.calendar_key = key
