"""A file of orientations, read: a table, or the JSON that the site exports."""

from axes.exchange.resource import ORIENTATIONS
from cohesion.lib.spreadsheets import documents
from cohesion.lib.spreadsheets.expected import Choices
from cohesion.lib.spreadsheets.headed import Reading, read_rows, rows_of
from cohesion.lib.spreadsheets.headers import HeaderSearch

ROWS_ALONE = "Seules les orientations de ce JSON sont lues ; ce qu’il dit du cadre (titre, dates…) ne l’est pas."


def read_orientations(data: bytes, filename: str, choices: Choices | None = None) -> Reading:
    """The rows of a file of orientations. ``choices`` are somebody's own about its sheet and its columns.

    Raises:
        Refused: nothing can be read in it (format, bounds, headers).
    """
    expected, nothing = ORIENTATIONS.expected, ORIENTATIONS.nothing
    if not is_json(data, filename):
        return read_rows(data, filename, expected, nothing, choices, ORIENTATIONS.unread)
    reading = rows_of(documents.read_list(data, "orientations"), HeaderSearch(expected, choices), nothing)
    reading.warnings.append(ROWS_ALONE)
    return reading


def is_json(data: bytes, filename: str) -> bool:
    """Whether a file is taken for JSON: by its name, and by its beginning."""
    return filename.lower().endswith(".json") and data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
