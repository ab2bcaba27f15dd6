"""A plain text as a page shows it: paragraphs, and lists where lines begin with a bullet or a number."""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from cohesion.lib.text import typographic

_BLANK_LINES = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"\s*(?:(?P<bullet>[-–—•*·▪◦])|\d{1,3}[.)])\s+(?P<words>\S.*)")


def prose(text: str) -> SafeString:
    """The text in HTML, whatever it holds escaped. A blank line parts two paragraphs; a line ends where it ended.

    >>> prose("Trois ateliers :\\n- cuisine\\n- jardin")
    '<p>Trois ateliers\\xa0:</p><ul><li>cuisine</li><li>jardin</li></ul>'
    """
    blocks = [_block(kind, lines) for kind, lines in _blocks(text.replace("\r\n", "\n"))]
    return format_html_join("", "{}", ((block,) for block in blocks))


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """The paragraphs and the lists, in their order, with their lines: « p », « ul » or « ol »."""
    for part in _BLANK_LINES.split(text.strip()):
        lines = [line for line in part.split("\n") if line.strip()]
        for kind, same in groupby(lines, key=_kind):
            yield kind, list(same)


def _kind(line: str) -> str:
    item = _ITEM.fullmatch(line)
    if item is None:
        return "p"
    return "ul" if item["bullet"] else "ol"


def _block(kind: str, lines: list[str]) -> SafeString:
    if kind == "p":
        inside = format_html_join(SafeString("<br>"), "{}", ((typographic(line),) for line in lines))
    else:
        items = [match["words"] for line in lines if (match := _ITEM.fullmatch(line))]
        inside = format_html_join("", "<li>{}</li>", ((typographic(words),) for words in items))
    return format_html("<{0}>{1}</{0}>", kind, inside)
