"""A file that somebody brought, recognised by its content and read within bounds."""

from pathlib import PurePath

from cohesion.lib.spreadsheets import delimited, ods, xlsx
from cohesion.lib.spreadsheets.archive import DAMAGED, MACROS, PASSWORD, Archive
from cohesion.lib.spreadsheets.choosing import Rank, SheetChoice
from cohesion.lib.spreadsheets.model import MAX_BYTES, TOO_HEAVY, Refused, Workbook
from cohesion.lib.spreadsheets.package import main_part
from cohesion.lib.text import hidden_character

ACCEPTED = "Les formats acceptés sont CSV (.csv), Excel (.xlsx) et OpenDocument (.ods)."
EXTENSIONS = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".ods": "ods"}
READERS = {"xlsx": xlsx.read_sheets, "ods": ods.read_sheets}
NAMES = {"csv": "un fichier CSV", "xlsx": "un classeur Excel", "ods": "un classeur OpenDocument"}
_OLD = "Le fichier est un ancien classeur Excel (.xls) : enregistrez-le au format .xlsx, puis recommencez."
# What the first bytes of other files say.
_SIGNATURES = (
    (b"%PDF", "un PDF"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"GIF8", "une image"),
    (b"RIFF", "une image ou un son"),
    (b"\x1f\x8b", "une archive"),
    (b"7z\xbc\xaf", "une archive"),
    (b"Rar!", "une archive"),
    (b"BZh", "une archive"),
    (b"\xfd7zXZ", "une archive"),
    (b"SQLite format", "une base de données"),
    (b"MZ", "un programme"),
    (b"\x7fELF", "un programme"),
    (b"{\\rtf", "un document de traitement de texte"),
)
_MIMETYPES = {b"application/vnd.oasis.opendocument.text": "un document de traitement de texte"}


def read_workbook(data: bytes, filename: str, rank: Rank | None = None, tab: int | None = None) -> Workbook:
    """The sheet of the file to read: the one that is asked for (its place among the tabs, from 0), else the first that
    ``rank`` finds entirely suitable, else the first rows of the one that suits most. Without ``rank``, the first that
    is not empty.

    Raises:
        Refused: with French sentences that say what is wrong and how to mend it.
    """
    if not data:
        raise Refused("Le fichier est vide (0 octet) : vérifiez que vous avez choisi le bon.")
    if len(data) > MAX_BYTES:
        raise Refused(TOO_HEAVY)
    format, archive = _format(data)
    _check_extension(filename, format, data)
    warnings: list[str] = []
    choice = SheetChoice(rank, tab)
    if archive is None:
        warnings = delimited.read_sheet(data, choice)
    else:
        READERS[format](archive, choice)
    if (best := choice.best()) is None:
        if tab is not None:
            raise Refused("La feuille choisie est vide, masquée ou n’existe plus : choisissez-en une autre.")
        raise Refused("Le fichier ne contient aucune ligne : il faut une ligne d’en-têtes, et au moins une autre.")
    number, sheet = best
    full = [(place, other.name) for place, other in enumerate(choice.sheets) if other.rows]
    return Workbook(sheet, format, warnings, full, number)


def _check_extension(filename: str, format: str, data: bytes) -> None:
    extension = "".join(c for c in PurePath(filename).suffix.lower() if not hidden_character(c))[:20]
    if extension in (".xlsm", ".xltm", ".xlam"):
        raise Refused(MACROS)
    if extension not in EXTENSIONS:
        fault = f"L’extension « {extension} » n’est pas acceptée." if extension else "Le fichier n’a pas d’extension."
        raise Refused(f"{fault} {ACCEPTED}")
    if EXTENSIONS[extension] != format:
        if format == "csv" and not _is_text(data):
            raise Refused(DAMAGED)
        wanted = {"csv": ".csv", "xlsx": ".xlsx", "ods": ".ods"}[format]
        raise Refused(
            f"Le fichier porte l’extension « {extension} », mais c’est {NAMES[format]} : "
            f"enregistrez-le depuis votre tableur, ou donnez-lui l’extension {wanted}."
        )


def _is_text(data: bytes) -> bool:
    try:
        return "\x00" not in delimited.decode(data)[0]
    except Refused:
        return False


def _format(data: bytes) -> tuple[str, Archive | None]:
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise Refused(PASSWORD if encrypted else _OLD)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        archive = Archive(data)
        return _archive_format(archive), archive
    for signature, name in _SIGNATURES:
        if data.startswith(signature):
            raise Refused(f"Le fichier est {name}, pas un tableau. {ACCEPTED}")
    head = data[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype", b"<html", b"<?xml", b"<table", b"<head", b"<body", b"<meta", b"<div")):
        raise Refused(f"Le fichier est une page web ou un document XML, pas un tableau. {ACCEPTED}")
    if head.startswith((b"{", b"[{")):
        raise Refused(f"Le fichier est en JSON, pas un tableau. {ACCEPTED}")
    return "csv", None


def _archive_format(archive: Archive) -> str:
    if b"macroEnabled" in archive.head("[Content_Types].xml"):
        raise Refused(MACROS)
    main = main_part(archive)
    if main.startswith("xl/") and main.endswith(".xml"):
        return "xlsx"
    if main.endswith("/workbook.bin"):
        raise Refused("Le fichier est un classeur Excel binaire (.xlsb) : enregistrez-le au format .xlsx.")
    kind = archive.head("mimetype").strip()
    if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet") and "content.xml" in archive.names:
        return "ods"
    if kind in _MIMETYPES or main.startswith("word/"):
        raise Refused(f"Le fichier est un document de traitement de texte, pas un tableau. {ACCEPTED}")
    if main.startswith("ppt/") or kind:
        raise Refused(f"Le fichier n’est pas un tableau. {ACCEPTED}")
    raise Refused(DAMAGED if "[Content_Types].xml" in archive.names else f"Le fichier est une archive. {ACCEPTED}")
