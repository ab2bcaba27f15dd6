"""What a file is, by what it holds: never by its name, nor by what the sender says of it."""

from dataclasses import dataclass

from cohesion.lib.spreadsheets import Refused
from cohesion.lib.spreadsheets.archive import MACROS, PASSWORD, Archive, Scanner
from cohesion.lib.spreadsheets.package import main_part

OPEN_DOCUMENT = b"application/vnd.oasis.opendocument."
OTHER = (
    "Ce fichier n’est pas d’un type accepté : envoyez un PDF, un document (docx, odt), un tableau (xlsx, ods) "
    "ou une image (png, jpg)."
)


@dataclass(frozen=True)
class FileType:
    """A type that is accepted: the extension that its files are given back with, and how they are announced."""

    extension: str
    content_type: str


PDF = FileType("pdf", "application/pdf")
PNG = FileType("png", "image/png")
JPEG = FileType("jpg", "image/jpeg")
DOCX = FileType("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
XLSX = FileType("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
ODT = FileType("odt", (OPEN_DOCUMENT + b"text").decode())
ODS = FileType("ods", (OPEN_DOCUMENT + b"spreadsheet").decode())
TYPES = (PDF, PNG, JPEG, DOCX, XLSX, ODT, ODS)
BY_CONTENT_TYPE = {one.content_type: one for one in TYPES}


def recognized(data: bytes) -> FileType:
    """The type of a file; archives are opened within bounds, so that a bomb is no document.

    Raises:
        Refused: it is empty, damaged, of another type, holds macros, or inflates beyond measure.
    """
    if not data:
        raise Refused("Ce fichier est vide.")
    if data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:]:
        return PDF
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and b"IEND" in data[-64:]:
        return PNG
    if data.startswith(b"\xff\xd8\xff") and (b"\xff\xd9" in data[-64:] or b"\xff\xd9" in data[_picture(data) :]):
        return JPEG
    if data.startswith(b"PK\x03\x04"):
        return _document(Archive(data))
    raise Refused(OTHER)


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
            _Manifest().scan(archive, "META-INF/manifest.xml")
        return ODT if kind.endswith(b"text") else ODS
    if "[Content_Types].xml" in archive.names:
        _ContentTypes().scan(archive, "[Content_Types].xml")
        main = main_part(archive)
        if main.startswith("word/") and main.endswith(".xml"):
            return DOCX
        if main.startswith("xl/") and main.endswith(".xml"):
            return XLSX
    raise Refused(OTHER)


class _Manifest(Scanner):
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
