"""The text of a PDF, page by page, within bounds: a single page may be made to take hours, or all the memory there is.

It is read by another process, which is stopped when it lasts.
"""

import json
import subprocess
import sys
from pathlib import Path

from axes.reading import pdf_text
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
READER = (sys.executable, "-I", str(Path(pdf_text.__file__)))


def pages_of(data: bytes) -> list[list[str]]:
    """The lines of each page.

    Raises:
        Refused: it cannot be read, holds only pictures, or takes too long.
    """
    bounds = [str(bound) for bound in (MOST_PAGES, MOST_CHARACTERS, MOST_SECONDS)]
    try:
        answer = subprocess.run([*READER, *bounds], input=data, capture_output=True, timeout=MOST_SECONDS, check=False)
    except subprocess.TimeoutExpired as late:
        raise Refused(TOO_LONG_PDF) from late
    if answer.returncode == pdf_text.TOO_LONG or answer.returncode < 0:  # stopped by the system
        raise Refused(TOO_LONG_PDF)
    if answer.returncode:  # whatever an odd file raises, nobody can read it
        raise Refused(DAMAGED_PDF)
    pages: list[list[str]] = json.loads(answer.stdout)
    if sum(len(line) for page in pages for line in page) < 20:
        raise Refused(ONLY_PICTURES)
    return pages
