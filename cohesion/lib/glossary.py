"""The words that a visitor may not know, and what is said of them: read from one file, ``fixtures/glossary.json``."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.text import slugify

from cohesion.lib.text import typographic


class GlossaryEntry(NamedTuple):
    """An acronym or a word. Of an acronym, ``name`` is what it stands for: empty where the document does not say."""

    acronym: str
    name: str
    meaning: str
    is_format: bool = False
    is_word: bool = False

    @property
    def is_unexplained(self) -> bool:
        return not (self.name or self.is_format or self.is_word)

    @property
    def anchor(self) -> str:
        """Its place on the page of the glossary."""
        return slugify(self.acronym)


@cache
def groups() -> list[tuple[str, list[GlossaryEntry]]]:
    """The entries under their titles, in the order of the file; its sentences as the French print them."""
    path = settings.BASE_DIR / "fixtures" / "glossary.json"
    titled_entries: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return [(group["title"], list(map(_entry, group["entries"]))) for group in titled_entries]


def _entry(values: dict[str, Any]) -> GlossaryEntry:
    return GlossaryEntry(**{"name": ""} | values | {"meaning": typographic(values["meaning"])})


@cache
def _by_word() -> dict[str, GlossaryEntry]:
    return {entry.acronym: entry for _, entries in groups() for entry in entries}


def explained(words: Iterable[str]) -> list[GlossaryEntry]:
    """What is said of some words, each of which the glossary knows."""
    return [_by_word()[word] for word in words]
