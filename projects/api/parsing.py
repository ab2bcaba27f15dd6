"""What comes in: JSON alone, bounded, and cleaned of what nobody sees, as a form is."""

import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from cohesion.lib.pasted import clean
from projects.api.problems import ApiProblem

MOST_BYTES = 1_000_000
MOST_DEPTH = 5


class BoundedJson(BaseParser):
    """One object, of a million bytes at most."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        raw = stream.read(MOST_BYTES + 1)
        if len(raw) > MOST_BYTES:
            raise ApiProblem(413, "Une requête a un million d’octets au plus.")
        try:
            value = json.loads(raw.decode("utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError):
            raise ApiProblem(400, "Ce n’est pas du JSON en UTF-8 : vérifiez les guillemets et les virgules.") from None
        if not isinstance(value, dict):
            raise ApiProblem(400, "Le corps est un objet JSON : ses champs entre accolades.")
        return _members(value, 1)


def is_writable(text: str) -> bool:
    """Whether it is made of characters that a database and an answer can hold."""
    return "\x00" not in text and not any("\ud800" <= sign <= "\udfff" for sign in text)


def _no_number(name: str) -> None:
    raise ValueError(name)


def _cleaned(value: object, depth: int) -> Any:
    if depth > MOST_DEPTH:
        raise ApiProblem(400, "Ce JSON est trop profond.")
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return [_cleaned(part, depth + 1) for part in value]
    if isinstance(value, dict):
        return _members(value, depth + 1)
    return value


def _members(value: Mapping[str, Any], depth: int) -> dict[str, Any]:
    return {_text(name): _cleaned(part, depth) for name, part in value.items()}


def _text(text: str) -> str:
    if not is_writable(text):
        raise ApiProblem(400, "Un texte contient un caractère qui ne peut pas être écrit.")
    return clean(text)
