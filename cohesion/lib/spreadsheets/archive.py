"""The archive that an XLSX or ODS file is, measured while it is inflated, and its XML, read as a stream."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.parsers import expat

from cohesion.lib.spreadsheets.model import MAX_CELL, Refused

MAX_ENTRIES = 500
MAX_UNPACKED = 50 * 1024 * 1024
MAX_RATIO = 100
RATIO_FROM = 1024 * 1024  # below this, a high ratio harms nobody
MAX_ELEMENTS = 2_000_000  # in all the XML documents that are read
MAX_DEPTH = 100
MAX_NAMES = 5_000  # of elements and attributes; the parser keeps each for ever
CHUNK = 1024 * 1024
DAMAGED = "Le fichier est endommagé : ouvrez-le dans votre logiciel, enregistrez-le de nouveau, puis recommencez."
MACROS = (
    "Le fichier contient des macros : enregistrez-le sans macro (.xlsx ou .ods pour un tableau, .docx ou .odt pour un "
    "texte), puis recommencez."
)
BOMB = (
    "Le fichier se déploie en un contenu démesuré : il n’est pas lu. Copiez l’essentiel dans un fichier neuf, sans "
    "images lourdes ni feuilles inutiles, puis recommencez."
)
PATH = (
    "Le fichier contient un chemin anormal, ce qu’aucun logiciel de bureau n’écrit : il n’est pas lu. Ouvrez-le dans "
    "votre logiciel, enregistrez-le sous un autre nom, puis recommencez."
)
DOCTYPE = (
    "Le fichier déclare des entités XML (DOCTYPE), ce qu’aucun logiciel de bureau n’écrit : il n’est pas lu. "
    "Ouvrez-le dans votre logiciel, enregistrez-le sous un autre nom, puis recommencez."
)
PASSWORD = "Le fichier est protégé par un mot de passe : enregistrez-le sans protection, puis recommencez."  # noqa: S105
# An offset of 2^64, which no file has, is an OverflowError.
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, OverflowError),
)


class Archive:
    """A verified archive: every entry was inflated once, and counted.

    Raises:
        Refused: a bound is passed, or an entry is not what a spreadsheet holds.
    """

    def __init__(self, data: bytes) -> None:
        if data.count(b"PK\x01\x02") > 20 * MAX_ENTRIES:  # a directory that would cost seconds to read
            raise Refused(BOMB)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _UNREADABLE as error:
            raise Refused(DAMAGED) from error
        self._allowed = min(MAX_UNPACKED, max(RATIO_FROM, len(data) * MAX_RATIO))
        self.elements = 0
        self.names = [info.filename for info in self._zip.infolist()]
        self._check_directory()
        self._inflate_all()

    def _check_directory(self) -> None:
        if len(self.names) > MAX_ENTRIES:
            raise Refused(BOMB)
        if len(set(self.names)) != len(self.names):
            raise Refused(DAMAGED)
        for info in self._zip.infolist():
            name = info.filename
            if name.startswith("/") or "\\" in name or ".." in name.split("/"):
                raise Refused(PATH)
            if name.lower().endswith("vbaproject.bin") or name.startswith(("Basic/", "Scripts/")):
                raise Refused(MACROS)
            if info.flag_bits & 0x1:
                raise Refused(PASSWORD)
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Refused(DAMAGED)

    def _inflate_all(self) -> None:
        """Inflate every entry once: count all bytes, and look into the XML as far as its first element."""
        total = 0
        for name in self.names:
            prolog = _Prolog() if name.lower().endswith((".xml", ".rels")) else None
            for chunk in self.chunks(name):
                total += len(chunk)
                if total > self._allowed:
                    raise Refused(BOMB)
                if prolog:
                    prolog.feed(chunk)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of an entry, a piece at a time."""
        try:
            with self._zip.open(name) as stream:
                while chunk := stream.read(CHUNK):
                    yield chunk
        except KeyError as error:
            raise Refused(DAMAGED) from error
        except _UNREADABLE as error:
            raise Refused(DAMAGED) from error

    def head(self, name: str) -> bytes:
        """The first bytes of an entry, or nothing where there is no such entry."""
        return next(self.chunks(name), b"") if name in self.names else b""


def _refuse_declaration(*args: Any) -> None:
    raise Refused(DOCTYPE)


def _parser() -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.EntityDeclHandler = _refuse_declaration
    return parser


def _feed(parser: expat.XMLParserType, chunk: bytes, final: bool = False) -> None:
    try:
        parser.Parse(chunk, final)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Refused(DAMAGED) from error


class _FirstElement(Exception):
    """What may be declared has been declared."""


def _stop(name: str, attributes: dict[str, str]) -> None:
    raise _FirstElement


class _Prolog:
    """Watches an XML document go by: no DOCTYPE, and no tag or text longer than a piece of the file.

    A single tag with a million attributes would cost the parser a hundred times its length.
    """

    def __init__(self) -> None:
        self.parser: expat.XMLParserType | None = _parser()
        self.parser.StartElementHandler = _stop
        self.tail = 0

    def feed(self, chunk: bytes) -> None:
        first = chunk.find(b">")
        if self.tail + (len(chunk) if first < 0 else first) > CHUNK:
            raise Refused(BOMB)
        self.tail = self.tail + len(chunk) if first < 0 else len(chunk) - chunk.rfind(b">")
        if self.parser:
            try:
                _feed(self.parser, chunk)
            except _FirstElement:
                self.parser = None


class Scanner:
    """An XML document read as a stream; a subclass says what to do at ``start_<element>`` and ``end_<element>``.

    Names lose their namespace prefix. ``text`` gathers what stands in the elements where ``gather`` is set.
    """

    def __init__(self) -> None:
        self.gather = False
        self.pieces: list[str] = []
        self.length = 0
        self._elements = 0
        methods = {name: getattr(self, name) for name in dir(self) if name.startswith(("start_", "end_"))}
        self._starts = {n.removeprefix("start_").replace("_", "-"): m for n, m in methods.items() if n[0] == "s"}
        self._ends = {n.removeprefix("end_").replace("_", "-"): m for n, m in methods.items() if n[0] == "e"}

    def scan(self, archive: Archive, name: str) -> None:
        """Read the document of this name to its end.

        Raises:
            Refused: it is no XML, or leaves its bounds.
        """
        parser = _parser()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        self._elements, self._depth = archive.elements, 0
        self._names = parser.intern
        for chunk in archive.chunks(name):
            _feed(parser, chunk)
        _feed(parser, b"", True)
        archive.elements = self._elements

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH or len(self._names) > MAX_NAMES:
            raise Refused(BOMB)
        if action := self._starts.get(name.rpartition(":")[2]):
            action({key.rpartition(":")[2]: value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self._depth -= 1
        if action := self._ends.get(name.rpartition(":")[2]):
            action()

    def _characters(self, text: str) -> None:
        if self.gather:
            self.add(text)

    def add(self, text: str) -> None:
        """Gather a text; what passes the length of a cell is dropped, but for one character that tells it."""
        if self.length <= MAX_CELL:
            text = text[: MAX_CELL + 1 - self.length]
            self.pieces.append(text)
            self.length += len(text)

    def take(self) -> str:
        """What was gathered, which is then forgotten."""
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return text


def number(text: str | None, default: int = 0) -> int:
    """A whole number from an attribute, never huge nor negative.

    Raises:
        Refused: it is not a number.
    """
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise Refused(DAMAGED)
    return int(text)
