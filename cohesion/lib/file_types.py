"""What a file is, by what it holds: never by its name, nor by what the sender says of it."""

import io
import logging
import re
from dataclasses import dataclass

from pypdf import PasswordType, PdfReader

from cohesion.lib.other_files import EMPTY, INCOMPLETE, LOCKED_PDF, binary_kind, other_archive, other_kind
from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.archive import MACROS, PASSWORD, Archive, Scanner
from cohesion.lib.spreadsheets.package import main_part

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
# What mail programs and servers put around a PDF, in bytes; readers look for its head as far.
PDF_BEFORE, PDF_AFTER = 1024, 64 * 1024
# One a time that a PDF was changed; thousands are only there to keep the reader busy.
MOST_TRAILERS = 200
# The first mark of an end in a PDF made for the web stands near its beginning: it is not the end of the file.
_PDF_END = re.compile(rb"(?<!startxref\n0\n)(?<!startxref\r\n0\r\n)(?<!startxref\r0\r)%%EOF")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class FileType:
    """A type that is accepted: the extension that its files are given back with, and how they are announced."""

    extension: str
    content_type: str


PDF = FileType("pdf", "application/pdf")
PNG = FileType("png", "image/png")
JPEG = FileType("jpg", "image/jpeg")
WEBP = FileType("webp", "image/webp")
DOCX = FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ODT = FileType("odt", (OPEN_DOCUMENT + b"text").decode())
ODS = FileType("ods", (OPEN_DOCUMENT + b"spreadsheet").decode())
TYPES = (PDF, PNG, JPEG, WEBP, DOCX, XLSX, ODT, ODS)


def recognized(data: bytes) -> FileType:
    """The type of a file; archives are opened within bounds, so that a bomb is no document.

    What mail programs, servers and telephones add before a PDF or after a picture is let be: a file is only ever
    saved by whoever gets it, never shown by the site.

    Raises:
        Refused: it is empty, cut, damaged, of another type, under a password, holds macros, or inflates beyond
            measure; the sentence says which, and what to do.
    """
    if not data:
        raise Refused(EMPTY)
    if data.startswith(PNG_HEAD):
        return _whole(PNG, "PNG", _is_whole_png(data))
    if data.startswith(b"\xff\xd8\xff"):
        return _whole(JPEG, "JPEG", b"\xff\xd9" in data[-64:] or b"\xff\xd9" in data[_picture(data) :])
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _whole(WEBP, "WEBP", len(data) >= 8 + int.from_bytes(data[4:8], "little"))
    if data.startswith(b"PK\x03\x04"):
        return _document(Archive(data))
    if _is_pdf(data):
        return _pdf(data)
    raise Refused(other_kind(data))


def _whole(accepted: FileType, kind: str, is_whole: bool) -> FileType:
    if not is_whole:
        raise Refused(INCOMPLETE.format(kind=kind))
    return accepted


def _is_pdf(data: bytes) -> bool:
    """Whether the head of a PDF stands at the beginning, or a little after it.

    What stands before is a blank, a mark, a line of a mail program: no page, nor the beginning of something else.
    """
    place = data.find(b"%PDF-", 0, PDF_BEFORE + 5)
    return place == 0 or (place > 0 and b"<" not in data[:place] and not binary_kind(data))


def _pdf(data: bytes) -> FileType:
    _whole(PDF, "PDF", _PDF_END.search(data, max(0, len(data) - PDF_AFTER)) is not None)
    if b"/Encrypt" in data and data.count(b"trailer") <= MOST_TRAILERS and _is_locked(data):
        raise Refused(LOCKED_PDF)
    return PDF


def _is_locked(data: bytes) -> bool:
    """Whether only a password opens the PDF. Most that are encrypted only ask their readers not to change them."""
    try:
        reader = PdfReader(io.BytesIO(data))
        return reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED
    except Exception:  # an odd one: those who receive it will see
        logger.info("Un PDF chiffré ne se lit pas", exc_info=True)
        return False


def _is_whole_png(data: bytes) -> bool:
    """Whether its pieces follow one another as far as its end, whatever comes after."""
    place = len(PNG_HEAD)
    if data[place + 4 : place + 8] != b"IHDR":
        return False
    while place + 12 <= len(data):
        if data[place + 4 : place + 8] == b"IEND":
            return True
        place += 12 + int.from_bytes(data[place : place + 4])
    return False


def _picture(data: bytes) -> int:
    """Where the picture of a JPEG begins, past its segments: some hold a small picture, which has an end of its own.

    What follows the picture is let be: telephones add to it what their own gallery reads.
    """
    place = 2
    while data[place : place + 1] == b"\xff" and place + 4 <= len(data):
        if data[place + 1] == 0xDA:
            return place
        place += 2 + int.from_bytes(data[place + 2 : place + 4])
    return len(data)


def _document(archive: Archive) -> FileType:
    kind = archive.head("mimetype")
    if kind in ((OPEN_DOCUMENT + b"text"), (OPEN_DOCUMENT + b"spreadsheet")):
        if "META-INF/manifest.xml" in archive.names:
            _OpenDocumentManifest().scan(archive, "META-INF/manifest.xml")
        return ODT if kind.endswith(b"text") else ODS
    if "[Content_Types].xml" in archive.names:
        _ContentTypes().scan(archive, "[Content_Types].xml")
        main = main_part(archive)
        if main.startswith("word/") and main.endswith(".xml"):
            return DOCX
        if main.startswith("xl/") and main.endswith(".xml"):
            return XLSX
    raise Refused(other_archive(archive.names, kind))


class _OpenDocumentManifest(Scanner):
    """What an OpenDocument file holds: nothing that only a password opens."""

    def start_encryption_data(self, attributes: dict[str, str]) -> None:
        raise Refused(PASSWORD)


class _ContentTypes(Scanner):
    """What the parts of an Office file are, whatever they are called: a macro may bear any name."""

    def start_Default(self, attributes: dict[str, str]) -> None:
        self._look(attributes)

    def start_Override(self, attributes: dict[str, str]) -> None:
        self._look(attributes)

    def _look(self, attributes: dict[str, str]) -> None:
        content_type = attributes.get("ContentType", "").lower()
        if any(word in content_type for word in ("macroenabled", "vbaproject", "macrosheet")):
            raise Refused(MACROS)
