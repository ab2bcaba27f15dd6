"""What a form brought, to be given back to whoever typed it when it could not be taken."""

import logging
import re
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

logger = logging.getLogger(__name__)
# What is never written back into a page.
_SECRET = re.compile(r"passw", re.IGNORECASE)


@dataclass(frozen=True)
class Typed:
    """The fields of a form by name, in the order of the page; its files, of which only the names are kept.

    A password is left out, and ``has_secret`` says so.
    """

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)
    has_secret: bool = False

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(name, value) for name, values in self.fields.items() for value in values]


def typed(request: HttpRequest) -> Typed:
    """What was sent; nothing when it cannot be read."""
    if request.method != "POST":
        return Typed()
    try:
        fields = {name: list(map(str, values)) for name, values in request.POST.lists()}
        files = {name: _file_names(uploads) for name, uploads in request.FILES.lists()}
    except Exception:
        logger.exception("Ce qui est envoyé à %s ne se lit pas", request.path)
        return Typed()
    shown = {name: values for name, values in fields.items() if not _SECRET.search(name)}
    return Typed(shown, files, has_secret=len(shown) < len(fields))


def _file_names(uploads: list[Any]) -> list[str]:
    return [str(upload.name) for upload in uploads]
