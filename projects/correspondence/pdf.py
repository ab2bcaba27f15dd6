"""A paper as a tagged PDF (PDF/UA-1), A4: a letter with its address, or an act between parties."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from cohesion.lib.typesetting import typeset
from projects.correspondence.blocks import TextBlock, legal, printed_blocks

TEMPLATE = Path(__file__).with_name("letter.typ")


@dataclass(frozen=True)
class PaperSheet:
    """What a paper says around its text: its title, its number, to whom, on which day, and what is to be known of it
    (a preview, a demonstration)."""

    title: str
    reference: str
    moment: datetime.datetime
    blocks: Sequence[TextBlock]
    is_letter: bool = True
    recipient: Sequence[str] = field(default_factory=tuple)
    dated: str = ""
    warning: str = ""


def paper_pdf(sheet: PaperSheet) -> bytes:
    """The same sheet gives the same bytes."""
    day = timezone.localtime(sheet.moment)
    about = {
        "title": legal(sheet.title),
        "authority": settings.SITE_AUTHORITY or settings.SITE_NAME,
        "date": [day.year, day.month, day.day],
        "reference": sheet.reference,
        "letter": sheet.is_letter,
        "recipient": [legal(line) for line in sheet.recipient],
        "dated": sheet.dated,
        "warning": sheet.warning,
        "footer": " · ".join(filter(None, [settings.SITE_AUTHORITY, sheet.reference])),
        "blocks": printed_blocks(sheet.blocks),
    }
    return typeset(TEMPLATE, about, sheet.moment)
