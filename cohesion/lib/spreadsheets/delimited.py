"""CSV as people really have it: its encoding and its separator are found out, strictly."""

import csv
import io
import re
from contextlib import suppress
from itertools import islice

from cohesion.lib.spreadsheets.choosing import GLIMPSED, Glimpse, Rank, SheetChoice
from cohesion.lib.spreadsheets.model import Problem, Refused, Sheet

DELIMITERS = ";,\t"
_HEAD = 100_000  # characters in which the separator is sought
_C1 = re.compile(rb"[\x80-\x9f]")
_LATIN9_LETTERS = re.compile(rb"[\xa4\xbc\xbd\xbe]")  # € Œ œ Ÿ, where Windows-1252 has ¤ ¼ ½ ¾
_MAC_LETTERS = re.compile(rb"[\x88\x8e\x8f]")  # à é è of old Macs, where Windows-1252 has ˆ Ž and nothing
_LATIN_LETTERS = re.compile(rb"[\xe0-\xff]")
_UTF8_PAIR = re.compile(rb"\xc3[\x80-\xbf]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+")  # one by one: all at once, they weigh four times the text
SAVE_AS = "Dans votre tableur : « Enregistrer sous », puis « CSV UTF-8 »."


def decode(data: bytes) -> tuple[str, str]:
    """The text and the French name of its encoding.

    Raises:
        Refused: no encoding fits, or two are mixed.
    """
    for mark, encoding, name in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), name
            except UnicodeDecodeError as error:
                raise Refused(_undecodable(data, error, name)) from error
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        return _decode_ancient(data, error)


def _decode_ancient(data: bytes, failure: UnicodeDecodeError) -> tuple[str, str]:
    if _UTF8_PAIR.search(data):
        raise Refused(_undecodable(data, failure, "UTF-8, mêlé d’un autre encodage"))
    if len(_MAC_LETTERS.findall(data)) > len(_LATIN_LETTERS.findall(data)):
        return data.decode("mac-roman"), "Mac Roman"
    if not _C1.search(data) and _LATIN9_LETTERS.search(data):
        return data.decode("iso-8859-15"), "ISO-8859-15 (Latin-9)"
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError as error:
        raise Refused(_undecodable(data, error, "UTF-8 ni Windows-1252")) from error


def _undecodable(data: bytes, error: UnicodeDecodeError, name: str) -> Problem:
    wide = name == "UTF-16"
    row = None if wide else data.count(b"\n", 0, error.start) + 1
    shown = "" if wide else f"octet {data[error.start]:02X}"
    verb = "n’est pas en" if "ni" in name else "est abîmé : il est en"
    return Problem(f"Le texte {verb} {name}. {SAVE_AS}", row, "", shown)


def read_sheet(data: bytes, choice: SheetChoice) -> list[str]:
    """Give its table, as one sheet, to a choice; returns what its reader should know.

    Raises:
        Refused: the encoding, the quotes or the bounds.
    """
    text, encoding = decode(data)
    text = text.lstrip("\ufeff")  # a mark that two programs wrote one after the other
    if text.count("\x00") * 3 > len(text):
        raise Refused(f"Le texte est en UTF-16 sans marque d’encodage, ou n’est pas un texte. {SAVE_AS}")
    warnings = [] if encoding.startswith("UTF") else [f"Le fichier a été lu en {encoding} : vérifiez les accents."]
    start, delimiter = _delimiter(text)
    if choice.rank is not None and not start:
        delimiter = _suiting(text, delimiter, choice.rank)
    sheet = choice.begin("", False)
    _fill(sheet, text, delimiter, start)
    sheet.settle()
    return warnings


def _fill(sheet: Sheet, text: str, delimiter: str, start: int = 0, last: int | None = None) -> None:
    """The rows after the first ``start`` ones, to the one of this number."""
    rows = csv.reader((line[0] for line in _LINE.finditer(text)), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(islice(rows, last), start=1):
            if number > start:
                for column, value in enumerate(cells):
                    if value:
                        sheet.put(number, column, value)
    except csv.Error as error:
        raise Refused(_quotes(number + 1, str(error))) from error


def _suiting(text: str, delimiter: str, rank: Rank) -> str:
    """The separator with which the first rows suit: a banner may have another than the table."""
    for other in dict.fromkeys(delimiter + DELIMITERS):
        sheet = Glimpse()
        with suppress(Refused):
            _fill(sheet, text[:_HEAD], other, last=2 * GLIMPSED)
        if rank(sheet) >= 1:
            return other
    return delimiter


def _quotes(row: int, error: str) -> Problem:
    if "field larger" in error:
        return Problem("Une cellule est démesurée : il manque sans doute un guillemet fermant.", row)
    if "end of data" in error:
        return Problem("Un guillemet ouvert n’est jamais refermé : refermez-le, ou supprimez-le.", row)
    return Problem("Un guillemet ferme la cellule avant sa fin : doublez les guillemets qui sont dans le texte.", row)


def _delimiter(text: str) -> tuple[int, str]:
    """How many leading lines are not of the table, and the separator of the first line that says something."""
    number = 0
    for number, line in enumerate(io.StringIO(text[:_HEAD], newline="")):
        if number == 0 and (declared := re.match(r"sep=([;,\t])\s*$", line)):
            return 1, declared[1]
        if line.strip(f'{DELIMITERS} \r\n"\u00a0'):
            bare = re.sub(r'"[^"]*"', "", line)
            return 0, max(DELIMITERS, key=bare.count)
    return 0, ";"
