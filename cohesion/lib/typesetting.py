"""A document set by the typesetter: a tagged PDF (PDF/UA-1), from a template and from data that is never markup."""

import datetime
import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_FORBIDDEN = dict.fromkeys((0xFEFF, 0xFFFE, 0xFFFF))  # in a tagged PDF: they say nothing
MOST_TRIES = 4  # characters that are named one by one: each costs a whole document
# What is named together beyond: signs that join others into one, and all that came late to Unicode; then whatever no
# language of Europe writes in Latin letters. What papers say themselves is never in them.
_TOGETHER = (
    re.compile("[\u200c\u200d\u20d0-\u20ff\ufe00-\ufe0f\U00010000-\U0010ffff]"),
    re.compile("[^\x00-\u024f\u2009\u200b\u2010-\u2026\u202f\u20ac\u2192\u2212]"),
)


def typeset(template: Path, data: Mapping[str, Any], moment: datetime.datetime) -> bytes:
    """The document that a template makes of ``data``, dated of a moment: the same bytes each time.

    No font of the machine and no network are used. A character that no font of the typesetter draws is printed by its
    name, so that nothing is lost unseen; whatever the characters, the document is tried a few times and no more.
    """
    text, tries = json.dumps(data, ensure_ascii=False).translate(_FORBIDDEN), 0
    while True:
        try:
            return typst.compile(
                template,
                format="pdf",
                ignore_system_fonts=True,
                pdf_standards="ua-1",
                timestamp=int(moment.timestamp()),
                sys_inputs={"data": text},
            )
        except typst.TypstError as error:
            missing, before = _UNDRAWN.search(error.message), text
            text = _named_in(text, missing[1], tries) if missing else text
            if text == before:
                raise
            tries += 1


def _named_in(text: str, missing: str, tries: int) -> str:
    """The text with a name in the place of what is missing. What is missing may be drawn, and the sign that is joined
    to it not: then, as after a few tries, all characters of a kind are named."""
    is_drawn = missing not in text or any(character.isascii() for character in missing)
    if not is_drawn and tries < MOST_TRIES:
        return text.replace(missing, _name(missing))
    for kind in _TOGETHER:
        if kind.search(text):
            return kind.sub(lambda match: _name(match[0]), text)
    return text


def _name(characters: str) -> str:
    """« [U+1F469] » for each; nothing for a sign that only joins others, or says how they are drawn."""
    shown = [each for each in characters if unicodedata.category(each) not in ("Cf", "Mn")]
    return "".join(f"[U+{ord(each):04X}]" for each in shown)
