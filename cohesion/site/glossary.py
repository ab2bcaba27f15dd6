"""The acronyms of the site: what they stand for, as far as the adopted document or the law says it."""

import json
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cohesion.lib.text import typographic


class GlossaryEntry(NamedTuple):
    """An acronym, and what it stands for; the name is empty where the document does not explain its letters."""

    acronym: str
    name: str
    meaning: str
    is_format: bool = False

    @property
    def is_unexplained(self) -> bool:
        return not self.name and not self.is_format


@cache
def groups() -> list[tuple[str, list[GlossaryEntry]]]:
    """The entries under their titles, in the order of the file; its sentences as the French print them."""
    path = settings.BASE_DIR / "fixtures" / "glossary.json"
    titled_entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [(group["title"], list(map(_entry, group["entries"]))) for group in titled_entries]


def _entry(values: dict[str, Any]) -> GlossaryEntry:
    return GlossaryEntry(**values | {"meaning": typographic(values["meaning"])})


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/glossary.html", {"groups": groups()})
