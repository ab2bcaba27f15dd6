"""The state that a page showed, brought back by its form, to be compared under a lock with the state that is.

A state names each value that was shown. Its words are a version, a code, a key, or the :func:`fingerprint` of what is
long: all that matters is whether they are the same.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest

from cohesion.together import seals

FIELD = "seen_state"  # the hidden field, which ``{% form_seen seen %}`` writes
SALT = "cohesion.together"
State = dict[str, str]


class ChangedMeanwhile(ValidationError):
    """Somebody else wrote since the page was read: nothing is written."""

    def __init__(self, message: Any) -> None:
        super().__init__(message, code="conflict")


def while_you_wrote(author: str, done: str) -> str:
    """Who did what while one wrote, and that nothing is lost: « Agnès Morel », « modifié cette fiche »."""
    return (
        f"Pendant que vous écriviez, {author} a {done}. Rien de ce que vous avez tapé n’est perdu : comparez, puis "
        "enregistrez à nouveau."
    )


def seal(state: State, page: str) -> str:
    """What the hidden field of a kind of page holds."""
    return seals.seal(state, salt=f"{SALT}.{page}")


def seen(form: Mapping[str, str], page: str) -> State:
    """The state that the page of a form showed; empty when it is missing, was not ours or is that of another kind of
    page, so that nothing is as it was seen."""
    return seals.unseal(form.get(FIELD, ""), salt=f"{SALT}.{page}") or {}


def shown_again(request: HttpRequest, now: State, page: str, *, was_told: bool) -> str:
    """What the hidden field of a page holds: the state as it is.

    A form that is shown again for another fault keeps what its page showed first, else what a colleague wrote meanwhile
    would be written over, and nobody told. ``was_told``: the page says that somebody wrote.
    """
    if request.method == "POST" and not was_told:
        return request.POST.get(FIELD, "")
    return seal(now, page)


def differing(seen: State, now: State) -> set[str]:
    """The names of what is no longer as it was seen."""
    return {name for name in now | seen if seen.get(name) != now.get(name)}


def fingerprint(value: object) -> str:
    return hashlib.sha256(repr(_plain(value)).encode()).hexdigest()[:12]


def _plain(value: object) -> Any:
    if isinstance(value, Model):
        return value.pk
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, dict):
        return sorted((str(key), _plain(part)) for key, part in value.items())
    if hasattr(value, "__iter__") and not isinstance(value, str | bytes):
        return sorted(str(_plain(part)) for part in value)
    return "" if value is None else str(value)
