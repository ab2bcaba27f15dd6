"""Tables as other programs write them: odd, and as good as any; and what is spoilt so that a library falls over."""

import datetime
import io
import struct
import zipfile

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from cohesion.lib.spreadsheets import Oddity, Refused, read_workbook
from tests.axes.exchange.files import book, ods, ods_row, repacked, saved, xlsx_of

ROWS = [["code", "titre"], ["A", "L’été, la fête, la santé"]]
TEXT = "code;titre\nA;L’été, la fête, la santé\n"


def cells(data: bytes, filename: str) -> list[list[object]]:
    return [list(row.values()) for row in read_workbook(data, filename).sheet.rows.values()]


def entry(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


@pytest.mark.parametrize(
    "data",
    [
        TEXT.replace("\n", "\r").encode(),
        f"sep=;\r{TEXT}".replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" * 2 + TEXT.encode(),
        TEXT.encode("mac-roman"),
        TEXT.encode("cp1252"),
        TEXT.encode("utf-16"),
    ],
    ids=["old Mac line ends", "old Mac line ends, separator said", "two marks", "Mac Roman", "Windows-1252", "UTF-16"],
)
def test_a_text_is_read_as_its_program_wrote_it(data):
    assert cells(data, "a.csv")[-2:] == ROWS


def test_who_reads_an_old_encoding_is_told_to_look_at_the_accents():
    assert read_workbook(TEXT.encode("mac-roman"), "a.csv").warnings == [
        "Le fichier a été lu en Mac Roman : vérifiez les accents."
    ]


def hidden_xlsx(state: str) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.active.title, workbook.active.sheet_state = "Réglages", state
    workbook.active.append(["secret"])
    seen = workbook.create_sheet("Vue")
    for row in ROWS:
        seen.append(row)
    workbook.active = 1
    return saved(workbook)


def hidden_ods() -> bytes:
    data = ods("".join(ods_row(*row) for row in ROWS))
    style = '<{0}:style xmlns:{0}="s" {0}:name="no"><{0}:table-properties table:display="false"/></{0}:style>'
    content = entry(data, "content.xml").decode()
    content = content.replace("<office:body>", f"{style.format('style')}<office:body>", 1)
    first = f'<table:table table:name="Réglages" table:style-name="no">{ods_row("secret")}</table:table><table:table '
    return repacked(data, {"content.xml": content.replace("<table:table ", first, 1).encode()})


@pytest.mark.parametrize(
    ("data", "filename"),
    [(hidden_xlsx("hidden"), "a.xlsx"), (hidden_xlsx("veryHidden"), "a.xlsx"), (hidden_ods(), "a.ods")],
)
def test_a_hidden_sheet_is_told_of_and_not_read(data, filename):
    assert cells(data, filename) == ROWS
    assert read_workbook(data, filename).others == ["Réglages"]


def test_parts_are_found_by_their_relations_whatever_they_are_called():
    data = book(*ROWS)
    names = {"xl/workbook.xml": "xl/workbook2.xml", "xl/_rels/workbook.xml.rels": "xl/_rels/workbook2.xml.rels"}
    moved = {new: entry(data, old) for old, new in names.items()} | dict.fromkeys(names)
    moved["_rels/.rels"] = entry(data, "_rels/.rels").replace(b"workbook.xml", b"workbook2.xml")
    assert cells(repacked(data, moved), "a.xlsx") == ROWS


def test_a_workbook_that_counts_from_1904_keeps_its_days():
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.active.append([datetime.date(2026, 9, 1)])
    assert cells(saved(workbook), "a.xlsx") == [[Oddity("date", "01/09/2026")]]


def test_a_date_of_an_ods_is_its_day_and_not_what_the_cell_shows_of_it():
    cell = (
        '<table:table-cell office:value-type="date" office:date-value="2026-09-01T10:30:00"><text:p>sept. 26</text:p>'
    )
    data = ods(f"<table:table-row>{cell}</table:table-cell></table:table-row>")
    assert cells(data, "a.ods") == [[Oddity("date", "sept. 26", "2026-09-01")]]


# --- spoilt ---------------------------------------------------------------------------------------------------


def far_away(data: bytes) -> bytes:
    """The same archive, whose first entry begins at 2^64 - 5, it says."""
    place, end = data.find(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    extra = struct.pack("<HHQ", 1, 8, 2**64 - 5)
    found = bytearray(data)
    found[end + 12 : end + 16] = struct.pack("<I", struct.unpack("<I", data[end + 12 : end + 16])[0] + len(extra))
    found[place + 42 : place + 46] = b"\xff" * 4
    found[place + 30 : place + 32] = struct.pack("<H", len(extra))
    name = struct.unpack("<H", data[place + 28 : place + 30])[0]
    found[place + 46 + name : place + 46 + name] = extra
    return bytes(found)


@pytest.mark.parametrize(
    ("data", "filename", "sentence"),
    [
        (far_away(book(*ROWS)), "a.xlsx", "Le fichier est endommagé"),
        (bytes(1000), "a.xlsx", "Le fichier est endommagé"),
        (bytes(range(256)) * 4, "a.ods", "Le fichier est endommagé"),
        (
            xlsx_of('<row r="3"><c r="B3"><v>un</v></c></row>'),
            "a.xlsx",
            "Ligne 3, colonne B : Le fichier est endommagé",
        ),
        (xlsx_of('<row r="3"><c r="B3" t="s"><v>9</v></c></row>'), "a.xlsx", "Ligne 3, colonne B : Le fichier est"),
        (TEXT.encode("utf-32"), "a.csv", "n’est pas un texte"),
        (TEXT.encode(), "a.c\u202esv\u200b\x00x", "L’extension « .csvx »"),
    ],
)
def test_a_spoilt_file_is_refused_where_it_is_spoilt(data, filename, sentence):
    with pytest.raises(Refused) as refused:
        read_workbook(data, filename)
    assert str(refused.value).startswith(sentence) or sentence in str(refused.value)
