"""What a page showed, as a hidden field brings it back: signed, so that nobody makes one up."""

from collections.abc import Mapping
from typing import Any

from django.core import signing


def seal(shown: Mapping[str, Any], *, salt: str) -> str:
    return signing.dumps(dict(shown), salt=salt, compress=True)


def unseal(text: str, *, salt: str) -> dict[str, Any] | None:
    """What :func:`seal` wrote; None when it is missing or was not ours."""
    try:
        shown = signing.loads(text, salt=salt)
    except signing.BadSignature:
        return None
    return shown if isinstance(shown, dict) else None
