"""What an officer brings: a Word document, a PDF, a text file, or a text that was pasted."""

from dataclasses import dataclass

from axes.reading.model import MOST_BLOCKS, TOO_LONG, Block
from axes.reading.pasted_tables import cells_of_lines
from axes.reading.pdf import pages_of
from axes.reading.tables import blocks_of_table
from axes.reading.text import blocks_of, lines_of, without_furniture
from axes.reading.word import blocks_of_word
from cohesion.lib.file_types import DOCX, PDF, recognized
from cohesion.lib.other_files import EMPTY
from cohesion.lib.spreadsheets import MAX_BYTES, TOO_HEAVY, Refused

MOST_TEXT = 500_000  # characters
NOTHING = "Ce document ne contient aucun texte."
NOT_READ = (
    "Un cadre se lit d’un document Word (.docx), d’un PDF ou d’un texte (.txt) ; un tableau (xlsx, ods, csv) se dépose "
    "par « Importer » sur la page d’un cadre. Vous pouvez aussi coller le texte du document."
)


@dataclass(frozen=True)
class Source:
    """The blocks of a document, the headers of its table, and what its places count."""

    blocks: list[Block]
    headers: tuple[str, ...] = ()
    unit: str = "ligne"


def read_file(data: bytes, filename: str) -> Source:
    """The blocks of a file, by what it holds.

    Raises:
        Refused: with the French sentence that says why, and what to do.
    """
    if len(data) > MAX_BYTES:
        raise Refused(TOO_HEAVY)
    if not data.strip():
        raise Refused(EMPTY)
    if filename.lower().endswith((".txt", ".md", ".text")) and not data.startswith((b"PK", b"%PDF")):
        return read_text(_decoded(data))
    kind = recognized(data)
    if kind == DOCX:
        blocks, headers = blocks_of_word(data)
        return _bounded(Source(blocks, headers, "paragraphe"))
    if kind == PDF:
        pages = [lines_of("\n".join(page)) for page in pages_of(data)]
        return _bounded(Source(blocks_of(without_furniture(pages))))
    raise Refused(NOT_READ)


def read_text(text: str) -> Source:
    """The blocks of a text that was pasted.

    Raises:
        Refused: it is empty, or too long.
    """
    if len(text) > MOST_TEXT:
        raise Refused(TOO_LONG)
    lines = lines_of(text)
    cells = cells_of_lines(lines)
    if cells:
        blocks, headers = blocks_of_table(cells, 1)
        return _bounded(Source(blocks, headers))
    return _bounded(Source(blocks_of(list(enumerate(lines, start=1)))))


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def _bounded(source: Source) -> Source:
    if not source.blocks:
        raise Refused(NOTHING)
    if len(source.blocks) > MOST_BLOCKS:
        raise Refused(TOO_LONG)
    return source
