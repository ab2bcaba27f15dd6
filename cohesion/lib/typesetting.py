"""A document set by the typesetter: a tagged PDF (PDF/UA-1), from a template and from data that is never markup."""

import datetime
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

_UNDRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')


def typeset(template: Path, data: Mapping[str, Any], moment: datetime.datetime) -> bytes:
    """The document that a template makes of ``data``, dated of a moment: the same bytes each time.

    No font of the machine and no network are used. A character that no font of the typesetter draws is printed by its
    name, so that nothing is lost unseen.
    """
    text = json.dumps(data, ensure_ascii=False)
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
            missing = _UNDRAWN.search(error.message)
            if missing is None or missing[1] not in text:
                raise
            text = text.replace(missing[1], "".join(f"[U+{ord(character):04X}]" for character in missing[1]))
