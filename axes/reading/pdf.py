"""The text of a PDF, page by page, within bounds."""

import io
import time

from pypdf import PdfReader

from cohesion.lib.spreadsheets import Refused

MOST_PAGES = 150
MOST_SECONDS = 15
MOST_CHARACTERS = 600_000
DAMAGED_PDF = "Ce PDF ne se lit pas : ouvrez-le, imprimez-le en PDF, puis recommencez, ou collez son texte."
ONLY_PICTURES = (
    "Ce PDF ne contient que des images, sans texte (une numérisation) : demandez le document d’origine, ou collez son "
    "texte."
)
TOO_LONG_PDF = "Ce PDF est trop long à lire : gardez les pages des orientations, ou collez leur texte."


def pages_of(data: bytes) -> list[list[str]]:
    """The lines of each page.

    Raises:
        Refused: it cannot be read, holds only pictures, or takes too long.
    """
    deadline = time.monotonic() + MOST_SECONDS
    pages: list[list[str]] = []
    characters = 0
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            reader.decrypt("")
        if len(reader.pages) > MOST_PAGES:
            raise Refused(TOO_LONG_PDF)
        for page in reader.pages:
            text = page.extract_text()
            characters += len(text)
            if characters > MOST_CHARACTERS or time.monotonic() > deadline:
                raise Refused(TOO_LONG_PDF)
            pages.append(text.split("\n"))
    except Refused:
        raise
    except Exception as error:  # whatever an odd file raises, nobody can read it
        raise Refused(DAMAGED_PDF) from error
    if characters < 20:
        raise Refused(ONLY_PICTURES)
    return pages
