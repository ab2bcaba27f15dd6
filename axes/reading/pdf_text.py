"""The lines of a PDF, page by page, as JSON: run as a process of its own by :mod:`axes.reading.pdf`.

Nothing of the site is imported here: whatever a file does to its reader, it does to this process alone, which neither
grows nor lasts.
"""

import io
import json
import signal
import sys
from types import ModuleType

from pypdf import PdfReader

resource: ModuleType | None
try:
    import resource
except ImportError:  # a system without them: the clock of who waits remains
    resource = None

MEMORY = 512 * 1024 * 1024  # bytes, of addresses
TOO_LONG = 3  # what it answers then


def read_pages(data: bytes, most_pages: int, most_characters: int) -> list[list[str]] | None:
    """The lines of each page; None where there are too many."""
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        reader.decrypt("")
    if len(reader.pages) > most_pages:
        return None
    pages: list[list[str]] = []
    characters = 0
    for page in reader.pages:
        text = page.extract_text()
        characters += len(text)
        if characters > most_characters:
            return None
        pages.append(text.split("\n"))
    return pages


def main(most_pages: str, most_characters: str, seconds: str) -> int:
    """Read standard input within bounds, write the pages."""
    if resource is not None:
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        pages = read_pages(sys.stdin.buffer.read(), int(most_pages), int(most_characters))
    except MemoryError:
        return TOO_LONG
    if pages is None:
        return TOO_LONG
    json.dump(pages, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
