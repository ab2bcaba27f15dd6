"""The acronyms of a page lead to what they stand for: the first of each under a heading of the page or of a part of it
(h1, h2), and, at the foot, those that stand only where no link may (a link, a button, a form)."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from html import escape
from typing import NamedTuple

from cohesion.lib.glossary import GlossaryEntry, groups

# Elements in which nothing is marked: what is in them acts already, or is not prose. Each is passed over whole.
_CLOSED = "a|button|label|summary|select|textarea|svg|script|style|code|pre|nav|h[1-6]|form"
_HEADING = re.compile(r"h[12]$")  # a lower one is often the title of an entry of a list


@cache
def _entries() -> Mapping[str, GlossaryEntry]:
    """The acronyms that are marked: not those of files, which stand beside what downloads them."""
    entries = [entry for _, group in groups() for entry in group]
    return {entry.acronym: entry for entry in entries if not (entry.is_word or entry.is_format)}


class _Patterns(NamedTuple):
    """``words``: an acronym, outside of any tag; ``parts``: that, or a closed element."""

    words: re.Pattern[str]
    parts: re.Pattern[str]


@lru_cache(256)
def _patterns(acronyms: tuple[str, ...]) -> _Patterns:
    """For these acronyms, which alone are in a page."""
    names = "|".join(sorted(map(re.escape, acronyms), key=len, reverse=True))
    word = rf"(?P<word>{names})(?![\w/]|[-.]\w)(?=[^<>]*(?:<|\Z))"
    closed = rf"<(?P<closed>{_CLOSED})(?=[\s>])[^<]*(?:<(?!/(?P=closed)>)[^<]*)*</(?P=closed)>"
    return _Patterns(re.compile(word), re.compile(f"{closed}|{word}"))


def _is_word(match: re.Match[str]) -> bool:
    """Whether an acronym begins a word: no part of a code, nor of an address. Asked of the few that are met: in the
    pattern, it would be asked at each character."""
    before = match.string[match.start() - 1 : match.start()]
    return not (before.isalnum() or before in ("_", "-", ".", "/", "#", "&"))


class _Marking:
    """The acronyms of a page as it is gone through: ``block``, those that are marked since the last heading."""

    def __init__(self, words: re.Pattern[str], glossary: str) -> None:
        self.words = words
        self.glossary = glossary
        self.block: set[str] = set()
        self.linked: set[str] = set()
        self.seen: set[str] = set()

    def replaced(self, match: re.Match[str]) -> str:
        name, word = match["closed"], match["word"]
        if name is None:
            return self._marked(word) if _is_word(match) else word
        if _HEADING.match(name):
            self.block.clear()
        element = match[0]
        self.seen.update(inner["word"] for inner in self.words.finditer(element) if _is_word(inner))
        if f"{self.glossary}#" in element:  # what leads there already
            self._note(entry.acronym for entry in _entries().values() if f"{self.glossary}#{entry.anchor}" in element)
        return element

    def _note(self, acronyms: Iterable[str]) -> None:
        acronyms = set(acronyms)
        self.block |= acronyms
        self.linked |= acronyms

    def _marked(self, word: str) -> str:
        if word in self.block:
            return word
        self._note([word])
        return self.link(word)

    def link(self, word: str) -> str:
        entry = _entries()[word]
        title = f' title="{escape(entry.name)}"' if entry.name else ""
        return f'<a class="acronym" href="{self.glossary}#{entry.anchor}"{title}>{word}</a>'

    @property
    def foot(self) -> str:
        """Those to which nothing leads yet."""
        links = ", ".join(self.link(word) for word in sorted(self.seen - self.linked))
        return f'<p class="acronyms">Sigles de cette page\u00a0: {links}.</p>' if links else ""


def with_acronyms(page: str, glossary: str) -> str:
    """Some HTML, its acronyms leading to the page of this address: gone through once, for those that it holds alone."""
    acronyms = tuple(name for name in _entries() if name in page)
    if not acronyms:
        return page
    patterns = _patterns(acronyms)
    marking = _Marking(patterns.words, glossary)
    return patterns.parts.sub(marking.replaced, page) + marking.foot
