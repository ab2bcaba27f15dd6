"""What a file is that the site does not take, and what to do of it: so that nobody is left with « autre type »."""

import re
from collections.abc import Callable

from cohesion.lib.spreadsheets.archive import PASSWORD

OTHER = (
    "Ce fichier n’est pas d’un type accepté : envoyez un PDF, un document (docx, odt), un tableau (xlsx, ods) "
    "ou une image (png, jpg, webp)."
)
EMPTY = (
    "Ce fichier est vide (0 octet) : sans doute n’a-t-il pas fini d’être téléchargé ou enregistré. Ouvrez-le, "
    "enregistrez-le de nouveau, puis recommencez."
)
INCOMPLETE = (
    "Ce fichier est un {kind} dont la fin manque : il n’a pas fini d’être téléchargé ou enregistré. Ouvrez-le, "
    "enregistrez-le de nouveau, puis recommencez."
)
LOCKED_PDF = (
    "Ce PDF ne s’ouvre qu’avec un mot de passe : ouvrez-le, imprimez-le en PDF (ou enregistrez-le sans mot de passe), "
    "puis recommencez."
)
_VIDEO = (
    "C’est une vidéo : elle ne se joint pas. Mettez-la en ligne (site de la structure, hébergeur de vidéos) et donnez "
    "son adresse dans votre déclaration, ou joignez-en une photo (jpg, png)."
)
_SOUND = (
    "C’est un enregistrement sonore : il ne se joint pas. Écrivez-en l’essentiel dans un document (docx, odt, PDF)."
)
_HEIC = (
    "C’est une photo HEIC, le format des iPhone, que beaucoup d’ordinateurs n’ouvrent pas : ouvrez-la, exportez-la "
    "(ou enregistrez-la) en JPEG, puis recommencez. Jointe depuis le téléphone lui-même, elle est en général convertie "
    "d’office."
)
_PICTURE = "C’est une image {kind} : ouvrez-la, enregistrez-la en JPEG ou en PNG, puis recommencez."
_DRAWING = "C’est un dessin SVG : exportez-le en PDF ou en PNG, puis recommencez."
_WORD = "C’est un ancien document Word (.doc) : ouvrez-le, enregistrez-le en .docx ou en PDF, puis recommencez."
_EXCEL = "C’est un ancien tableau Excel (.xls) : ouvrez-le, enregistrez-le en .xlsx ou en PDF, puis recommencez."
_SLIDES = "C’est un diaporama : enregistrez-le (ou exportez-le) en PDF, puis recommencez."
_MAIL = "C’est un courriel ou une page enregistrés : ouvrez-les, imprimez-les en PDF, ou joignez la pièce contenue."
_OLD_OFFICE = (
    "C’est un fichier d’une ancienne version d’Office : ouvrez-le, enregistrez-le en .docx, en .xlsx ou en PDF, puis "
    "recommencez."
)
_RICH_TEXT = "C’est un texte RTF : ouvrez-le, enregistrez-le en .docx, en .odt ou en PDF, puis recommencez."
_APPLE = (
    "C’est un document d’Apple (Pages, Numbers ou Keynote) : ouvrez-le, choisissez « Fichier › Exporter vers › PDF », "
    "puis joignez ce PDF."
)
_ARCHIVE = "C’est un dossier compressé (zip, rar, 7z…) : ouvrez-le, puis joignez un par un les fichiers qu’il contient."
_BINARY_SHEET = "C’est un tableau Excel binaire (.xlsb) : enregistrez-le en .xlsx ou en PDF, puis recommencez."
_OTHER_OPEN_DOCUMENT = (
    "C’est un fichier LibreOffice qui n’est ni un texte ni un tableau (diaporama, dessin, base…) : exportez-le en "
    "PDF, puis recommencez."
)
_BOOK = "C’est un livre numérique (epub) : joignez plutôt un PDF."
_PAGE = "C’est une page web : ouvrez-la, imprimez-la en PDF, puis recommencez."
_SHORTCUT = "C’est un raccourci, et non le fichier vers lequel il mène : joignez ce fichier lui-même."
_ONLINE = (
    "C’est le lien d’un document en ligne, et non le document : téléchargez-le en PDF ou en .docx, puis joignez-le."
)
_HIDDEN = "C’est un fichier caché de macOS (« ._… »), et non la pièce : joignez le fichier du même nom sans « ._ »."
_PROGRAM = "C’est un programme : il ne se joint pas."
_TEXT = "C’est un texte brut (txt, csv…) : enregistrez-le en PDF, en .docx ou en .xlsx, puis recommencez."

# What stands at the very beginning of files that are known by it.
_HEADS: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", _PICTURE.format(kind="GIF")),
    (b"II*\x00", _PICTURE.format(kind="TIFF")),
    (b"MM\x00*", _PICTURE.format(kind="TIFF")),
    (b"8BPS", _PICTURE.format(kind="Photoshop")),
    (b"{\\rtf", _RICH_TEXT),
    (b"Rar!\x1a\x07", _ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", _ARCHIVE),
    (b"\x1f\x8b", _ARCHIVE),
    (b"BZh", _ARCHIVE),
    (b"\xfd7zXZ\x00", _ARCHIVE),
    (b"PK\x05\x06", _ARCHIVE),
    (b"\x1a\x45\xdf\xa3", _VIDEO),  # mkv, webm
    (b"\x00\x00\x01\xba", _VIDEO),  # mpeg
    (b"FLV\x01", _VIDEO),
    (b"\x30\x26\xb2\x75", _VIDEO),  # wmv
    (b"ID3", _SOUND),
    (b"OggS", _SOUND),
    (b"fLaC", _SOUND),
    (b"#!AMR", _SOUND),
    (b"\xff\xfb", _SOUND),  # mp3
    (b"L\x00\x00\x00\x01\x14\x02\x00", _SHORTCUT),
    (b"[InternetShortcut]", _SHORTCUT),
    (b"\x00\x05\x16\x07", _HIDDEN),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
)
_TAR = slice(257, 262)
# What a container of the RIFF family holds, in its bytes 8 to 12.
_RIFF = {b"AVI ": _VIDEO, b"WAVE": _SOUND}
# The brand of a container of the ISO family, in the same bytes; all the others are videos.
_BRANDS = {
    b"avif": _PICTURE.format(kind="AVIF"),
    b"avis": _PICTURE.format(kind="AVIF"),
    b"M4A ": _SOUND,
    b"M4B ": _SOUND,
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), _HEIC),
}
# Parts of the old binary container of Microsoft, by name; the first that is there says what it is.
_OLD_PARTS: tuple[tuple[str, str], ...] = (
    ("EncryptedPackage", PASSWORD),
    ("WordDocument", _WORD),
    ("Workbook", _EXCEL),
    ("PowerPoint Document", _SLIDES),
    ("__properties_version1.0", _MAIL),
)
_ONLINE_DOCUMENT = re.compile(rb"\A\s*\{[^}]*docs\.google\.com")
_MAIL_HEADER = re.compile(
    rb"\A(Received|Return-Path|Delivered-To|From|Message-ID|MIME-Version|Date|Subject): ", re.IGNORECASE
)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_PAGE_MARK = re.compile(rb"<(!doctype\s+html|html|body|script)[\s>]", re.IGNORECASE)
_START = 2048  # bytes, enough to know a text by


def other_kind(data: bytes) -> str:
    """The sentence for a file that is not taken: what it is, and what to do. Of an archive, see :func:`other_archive`.

    An MP3 without a header, a text in an old coding, whatever nobody has thought of: ``OTHER``.
    """
    return binary_kind(data) or _written(data) or OTHER


def binary_kind(data: bytes) -> str:
    """The sentence for what is known by its first bytes; nothing for all the rest."""
    return _head(data) or _container(data) or _old_office(data)


def _head(data: bytes) -> str:
    return next((sentence for head, sentence in _HEADS if data.startswith(head)), "")


def _container(data: bytes) -> str:
    brand = data[8:12]
    if data[_TAR] == b"ustar":
        return _ARCHIVE
    if data.startswith(b"RIFF"):
        return _RIFF.get(brand, "")
    if data[4:8] == b"ftyp":
        return _BRANDS.get(brand, _VIDEO)
    if data[4:8] in (b"moov", b"mdat", b"wide"):  # QuickTime of old
        return _VIDEO
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return _PICTURE.format(kind="BMP")
    return ""


def _old_office(data: bytes) -> str:
    if not data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return ""
    return next((sentence for part, sentence in _OLD_PARTS if part.encode("utf-16-le") in data), _OLD_OFFICE)


def _written(data: bytes) -> str:
    """A page, a message, a link, a text: known by their first words, in UTF-8 or in the UTF-16 of Windows."""
    start = data[:_START]
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "replace").encode()
    start = start.removeprefix(b"\xef\xbb\xbf")
    if b"<plist" in start and b"<key>URL</key>" in start:
        return _SHORTCUT
    if _MAIL_HEADER.match(start):
        return _MAIL
    if _SVG.search(start):
        return _DRAWING
    if _PAGE_MARK.search(start):
        return _PAGE
    if _ONLINE_DOCUMENT.match(start):
        return _ONLINE
    return _TEXT if _is_text(start) else ""


def _is_text(start: bytes) -> bool:
    """Whether what stands at the beginning of a file is words: the last character may be cut."""
    try:
        text = start.decode()
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode()
    return len(text) > 1 and all(character.isprintable() or character in "\t\r\n\f" for character in text)


# What an archive that is no document of ours holds, by the names of its entries.
_ENTRIES: tuple[tuple[Callable[[str], bool], str], ...] = (
    (lambda name: name.endswith(".iwa") or name == "Index.zip", _APPLE),
    (lambda name: name.startswith("ppt/"), _SLIDES),
    (lambda name: name == "xl/workbook.bin", _BINARY_SHEET),
)


def other_archive(names: list[str], mimetype: bytes) -> str:
    """The sentence for an archive that is not taken, by the names of its entries and what it says it is."""
    if mimetype.startswith(b"application/vnd.oasis.opendocument."):
        return _OTHER_OPEN_DOCUMENT
    if mimetype == b"application/epub+zip":
        return _BOOK
    for is_part, sentence in _ENTRIES:
        if any(is_part(name) for name in names):
            return sentence
    return _ARCHIVE
