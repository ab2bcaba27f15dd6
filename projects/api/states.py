"""The state of a row that was read, brought back with what is written: nobody writes over what they have not seen."""

import hashlib
from collections.abc import Mapping
from typing import Any

from rest_framework.request import Request

from projects.api.problems import ApiProblem


def tag_of(*parts: object) -> str:
    """The ETag of a row in this state."""
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:24]}"'


def check_seen(request: Request, now: str, present: Mapping[str, Any]) -> None:
    """Refuse what is written over a state that was not seen. Called under the lock of what is written.

    A state that came compressed has « W/ » before it, which the server that compresses puts there.

    Raises:
        ApiProblem: 428 without a state, 412 with another one than ``now``, and what the row is at present.
    """
    header = request.headers.get("If-Match", "").strip()
    if not header or header == "*":
        raise ApiProblem(
            428, "Donnez dans If-Match l’ETag de ce que vous avez lu : on n’écrit pas par-dessus ce qu’on n’a pas vu."
        )
    if now not in {tag.strip().removeprefix("W/") for tag in header.split(",")}:
        raise ApiProblem(
            412,
            "Quelqu’un a écrit ici depuis votre lecture : rien n’est changé. Relisez l’état présent, puis recommencez "
            "avec son ETag.",
            present=dict(present),
            etag=now,
        )
