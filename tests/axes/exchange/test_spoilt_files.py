"""Files that are not what they say, or that would cost too much: refused in one sentence, quickly, for little."""

import io
import struct
import time
import tracemalloc
import zipfile

import openpyxl
import pytest

from axes.models import Orientation
from cohesion.lib.spreadsheets import MAX_BYTES
from tests.axes.exchange.files import (
    GOOD,
    HEADERS,
    ODS_GOOD,
    book,
    lines,
    ods,
    ods_row,
    repacked,
    saved,
    xlsx_of,
    xlsx_row,
)
from tests.axes.exchange.jobs import examine

pytestmark = pytest.mark.django_db
XLSX = book(HEADERS.split(";"), *[line.split(";") for line in GOOD])
ODS = ods(ODS_GOOD)
CSV = lines(*GOOD)
HEAD = xlsx_row(1, *HEADERS.split(";"))
CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'


def zipped(**entries: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def encrypted(data: bytes) -> bytes:
    """The same archive, its entries marked as encrypted (in the directory)."""
    found = bytearray(data)
    place = found.find(b"PK\x01\x02")
    while place >= 0:
        found[place + 8] |= 1
        place = found.find(b"PK\x01\x02", place + 4)
    return bytes(found)


def lying(data: bytes) -> bytes:
    """The same archive, whose directory says that its largest entry unpacks to 10 bytes."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        name = max(archive.infolist(), key=lambda info: info.file_size).filename.encode()
    found = bytearray(data)
    place = found.rfind(name) - 46
    assert found[place : place + 4] == b"PK\x01\x02"
    found[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(found)


def twice(data: bytes, name: str) -> bytes:
    stream = io.BytesIO(data)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, b"<a/>")
    return stream.getvalue()


FILES = {
    # not a table at all
    "empty": (b"", "a.csv", "est vide"),
    "only spaces": (b"  \n\n ;;; \n", "a.csv", "aucune ligne"),
    "only a mark": (b"\xef\xbb\xbf", "a.csv", "aucune ligne"),
    "PDF": (b"%PDF-1.7\n", "a.pdf", "un PDF"),
    "PDF named csv": (b"%PDF-1.7\n", "a.csv", "un PDF"),
    "PNG named xlsx": (b"\x89PNG\r\n\x1a\n", "a.xlsx", "une image"),
    "JPEG": (b"\xff\xd8\xff\xe0", "a.csv", "une image"),
    "HTML named csv": (b"<!DOCTYPE html><html>", "a.csv", "page web"),
    "HTML named xls": (b"\n <html><table>", "a.xls", "page web"),
    "XML": (b'<?xml version="1.0"?><a/>', "a.csv", "page web ou un document XML"),
    "JSON": (b'{"cadre": {}}', "a.csv", "JSON"),
    "RTF": (b"{\\rtf1 ", "a.csv", "traitement de texte"),
    "gzip": (b"\x1f\x8b\x08", "a.csv", "une archive"),
    "program": (b"MZ\x90\0", "a.csv", "un programme"),
    "old xls": (CFB, "a.xls", "ancien classeur Excel"),
    "old xls named xlsx": (CFB, "a.xlsx", "ancien classeur Excel"),
    "protected xlsx": (CFB + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "mot de passe"),
    "no extension": (CSV, "orientations", "pas d’extension"),
    "unknown extension": (CSV, "a.doc", "« .doc » n’est pas acceptée"),
    "xlsx named csv": (XLSX, "a.csv", "c’est un classeur Excel"),
    "xlsx named ods": (XLSX, "a.ods", "c’est un classeur Excel"),
    "ods named xlsx": (ODS, "a.xlsx", "c’est un classeur OpenDocument"),
    "csv named xlsx": (CSV, "a.xlsx", "c’est un fichier CSV"),
    "csv named ods": (CSV, "a.ods", "c’est un fichier CSV"),
    "docx": (zipped(word__document=b"", **{"word/document.xml": b"<a/>"}), "a.docx", "traitement de texte"),
    "odt": (zipped(mimetype=b"application/vnd.oasis.opendocument.text"), "a.odt", "traitement de texte"),
    "odp": (zipped(mimetype=b"application/vnd.oasis.opendocument.presentation"), "a.odp", "n’est pas un tableau"),
    "zip": (zipped(a=b"a"), "a.zip", "une archive"),
    "zip named xlsx": (zipped(a=b"a"), "a.xlsx", "une archive"),
    "xlsb": (zipped(**{"xl/workbook.bin": b"a"}), "a.xlsb", "xlsb"),
    # too much
    "more than 5 MB": (b"x" * (MAX_BYTES + 1), "a.csv", "la limite est de 5 Mo"),
    "10 001 rows": (lines(*[f"A{n};;axe;T" for n in range(10_001)]), "a.csv", "plus de 10\u202f000 lignes"),
    "501 entries": (zipped(**{f"e{n}": b"a" for n in range(501)}), "a.xlsx", "démesuré"),
    "a bomb": (repacked(XLSX, {"xl/media/a.png": b"\0" * 60_000_000}), "a.xlsx", "démesuré"),
    "a ratio bomb": (repacked(XLSX, {"xl/media/a.png": b"\0" * 5_000_000}), "a.xlsx", "démesuré"),
    "a bomb in the sheet": (xlsx_of(HEAD + " " * 60_000_000), "a.xlsx", "démesuré"),
    "a liar": (lying(repacked(XLSX, {"xl/media/a.png": bytes(2_000_000)}, zipfile.ZIP_STORED)), "a.xlsx", "endommagé"),
    "a cell at the end of the world": (
        xlsx_of(f'{HEAD}<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "a.xlsx",
        "XFD1048576",
    ),
    "a cell at the last row": (
        xlsx_of(f'{HEAD}<row r="1048576"><c r="A1048576"><v>1</v></c></row>'),
        "a.xlsx",
        "A1048576",
    ),
    "a cell far right": (xlsx_of('<row r="1"><c r="XFD1"><v>1</v></c></row>'), "a.xlsx", "XFD1"),
    "60 columns": (lines(";".join("x" * 60)), "a.csv", "au plus 50"),
    "an enormous cell": (lines(f"A;;axe;{'x' * 40_000}"), "a.csv", "32\u202f767"),
    "an enormous cell of a workbook": (
        xlsx_of(HEAD + xlsx_row(2, "A", "", "axe", "x" * 40_000)),
        "a.xlsx",
        "32\u202f767",
    ),
    "rows repeated for ever": (ods(ODS_GOOD + ods_row("B", "", "axe", "T", repeated=1_000_000)), "a.ods", "plus de"),
    "rows repeated 10 001 times": (ods(ODS_GOOD + ods_row("B", repeated=10_001)), "a.ods", "plus de 10\u202f000"),
    "cells repeated for ever": (
        ods(
            '<table:table-row><table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "a.ods",
        "au plus 50",
    ),
    "a repetition that is no number": (
        ods('<table:table-row table:number-rows-repeated="1e9"/>'),
        "a.ods",
        "endommagé",
    ),
    "spaces repeated for ever": (
        ods(
            '<table:table-row><table:table-cell office:value-type="string">'
            '<text:p>a<text:s text:c="99999999"/>b</text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "a.ods",
        "32\u202f767",
    ),
    "one string shared by all": (
        repacked(
            xlsx_of(
                "".join(
                    f'<row r="{r}">' + "".join('<c t="s"><v>0</v></c>' for _ in range(20)) + "</row>"
                    for r in range(1, 60)
                )
            ),
            {"xl/sharedStrings.xml": b'<?xml version="1.0"?><sst><si><t>' + b"x" * 32_000 + b"</t></si></sst>"},
        ),
        "a.xlsx",
        "trop de texte",
    ),
    "merges without end": (
        repacked(
            XLSX,
            {
                "xl/worksheets/sheet1.xml": b"<worksheet><sheetData/>"
                + b'<mergeCell ref="A1:B2"/>' * 10_001
                + b"</worksheet>"
            },
        ),
        "a.xlsx",
        "cellules fusionnées",
    ),
    # dangerous
    "xlsm": (XLSX, "a.xlsm", "macros"),
    "xlsm named xlsx": (repacked(XLSX, {"xl/vbaProject.bin": b"a"}), "a.xlsx", "macros"),
    "macro content type": (repacked(XLSX, {"[Content_Types].xml": b'<Types a="macroEnabled"/>'}), "a.xlsx", "macros"),
    "ods with Basic": (ods(ODS_GOOD, Basic__a=b"a"), "a.ods", "macros"),
    "doctype in the sheet": (repacked(XLSX, {"xl/worksheets/sheet1.xml": DOCTYPE}), "a.xlsx", "DOCTYPE"),
    "doctype in the strings": (repacked(XLSX, {"xl/sharedStrings.xml": DOCTYPE}), "a.xlsx", "DOCTYPE"),
    "doctype in the properties": (repacked(XLSX, {"docProps/core.xml": DOCTYPE}), "a.xlsx", "DOCTYPE"),
    "doctype in UTF-16": (
        repacked(XLSX, {"docProps/a.xml": DOCTYPE.decode().replace("?>", ' encoding="utf-16"?>', 1).encode("utf-16")}),
        "a.xlsx",
        "DOCTYPE",
    ),
    "doctype in the ods": (repacked(ODS, {"content.xml": DOCTYPE}), "a.ods", "DOCTYPE"),
    "path that climbs": (repacked(XLSX, {"../../etc/passwd": b"a"}), "a.xlsx", "chemin anormal"),
    "absolute path": (repacked(XLSX, {"/etc/passwd": b"a"}), "a.xlsx", "chemin anormal"),
    "backslashes": (repacked(XLSX, {"xl\\a": b"a"}), "a.xlsx", "chemin anormal"),
    "encrypted entries": (encrypted(XLSX), "a.xlsx", "mot de passe"),
    "encrypted ods": (
        ods(ODS_GOOD, **{"META-INF__manifest.xml": b"<manifest><encryption-data/></manifest>"}),
        "a.ods",
        "mot de passe",
    ),
    "bzip2 entries": (repacked(XLSX, {}, zipfile.ZIP_BZIP2), "a.xlsx", "endommagé"),
    "an entry twice": (twice(XLSX, "xl/worksheets/sheet1.xml"), "a.xlsx", "endommagé"),
    # damaged
    "xlsx cut short": (XLSX[: len(XLSX) // 2], "a.xlsx", "endommagé"),
    "xlsx with a hole": (XLSX[:900] + b"\0" * 60 + XLSX[960:], "a.xlsx", "endommagé"),
    "only a signature": (b"PK\x03\x04", "a.xlsx", "endommagé"),
    "malformed sheet": (repacked(XLSX, {"xl/worksheets/sheet1.xml": b"<worksheet><a>"}), "a.xlsx", "endommagé"),
    "absent sheet": (repacked(XLSX, {"xl/worksheets/sheet1.xml": None}), "a.xlsx", "endommagé"),
    "absent relations": (repacked(XLSX, {"xl/_rels/workbook.xml.rels": None}), "a.xlsx", "endommagé"),
    "string out of range": (xlsx_of('<row r="1"><c t="s"><v>99999</v></c></row>'), "a.xlsx", "endommagé"),
    "number that is none": (xlsx_of('<row r="1"><c><v>un</v></c></row>'), "a.xlsx", "endommagé"),
    "place that is none": (xlsx_of('<row r="1"><c r="1A"><v>1</v></c></row>'), "a.xlsx", "endommagé"),
    "empty book": (book(), "a.xlsx", "aucune ligne"),
    "empty ods": (ods(""), "a.ods", "aucune ligne"),
    # encodings and quotes
    "two encodings": ("code;é\n".encode() + "é".encode("cp1252"), "a.csv", "mêlé d’un autre encodage"),
    "no encoding": (HEADERS.encode() + b"\nA;;axe;\x81\x8d", "a.csv", "UTF-8 ni Windows-1252"),
    "UTF-8 mark, other text": (b"\xef\xbb\xbf" + HEADERS.encode() + b"\nA;;axe;\xe9", "a.csv", "abîmé"),
    "UTF-16 cut": (CSV.decode().encode("utf-16")[:-1], "a.csv", "UTF-16"),
    "UTF-16 without mark": (CSV.decode().encode("utf-16-le"), "a.csv", "UTF-16 sans marque"),
    "binary": (bytes(range(256)) * 4, "a.csv", "Windows-1252"),
    "quote never closed": (lines(*GOOD, 'B;;axe;"T'), "a.csv", "jamais refermé"),
    "quote closed too soon": (lines(*GOOD, 'B;;axe;"T" et'), "a.csv", "doublez les guillemets"),
    "spaces between columns": (HEADERS.replace(";", " ").encode(), "a.csv", "Il manque les colonnes"),
    "pipes between columns": (CSV.replace(b";", b"|"), "a.csv", "Il manque les colonnes"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_spoilt_file_is_refused_in_a_sentence_quickly_and_for_little(name):
    data, filename, sentence = FILES[name]
    tracemalloc.start()
    start = time.perf_counter()
    try:
        plan, _ = examine(data, filename, None)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert sentence in str(plan.problems[0].message), plan.problems
    assert plan.problems[0].message.endswith(".")
    assert time.perf_counter() - start < 5
    assert peak < 150 * 1024 * 1024
    assert not Orientation.objects.exists()


def dated() -> bytes:
    import datetime

    workbook = openpyxl.load_workbook(io.BytesIO(XLSX))
    workbook.active["A3"] = datetime.date(2026, 1, 1)
    return saved(workbook)


def with_cell(place: str, value: object) -> bytes:
    workbook = openpyxl.load_workbook(io.BytesIO(XLSX))
    workbook.active[place] = value
    return saved(workbook)


@pytest.mark.parametrize(
    ("data", "filename", "row", "column", "sentence"),
    [
        (dated(), "a.xlsx", 3, "code (A)", "changé ce texte en date : mettez la colonne au format « Texte »"),
        (with_cell("C3", True), "a.xlsx", 3, "niveau (C)", "vrai/faux"),
        (with_cell("D3", "=A1"), "a.xlsx", 3, "titre (D)", "formule jamais calculée"),
        (with_cell("D3", "#REF!"), "a.xlsx", 3, "titre (D)", "formule en erreur"),
        (with_cell("A3", 1.5e300), "a.xlsx", 3, "code (A)", "formule en erreur"),
        (with_cell("A3", -1), "a.xlsx", 3, "code (A)", "n’est pas un code"),
        (
            ods(
                ODS_GOOD + '<table:table-row><table:table-cell office:value-type="date" office:date-value="2026-01-01">'
                "<text:p>01/01/26</text:p></table:table-cell></table:table-row>"
            ),
            "a.ods",
            3,
            "code (A)",
            "en date",
        ),
    ],
)
def test_a_cell_that_the_spreadsheet_changed_is_named(data, filename, row, column, sentence):
    errors = examine(data, filename, None)[0].report()["errors"]
    assert any(e["row"] == row and e["column"] == column and sentence in e["message"] for e in errors), errors
