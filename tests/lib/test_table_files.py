"""Tables as files: any length in the same memory, whatever the texts hold, and never half a file."""

import csv
import io
import re
import tracemalloc
import zipfile
from tempfile import TemporaryFile
from xml.parsers import expat

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from cohesion.lib import spreadsheets
from cohesion.lib.spreadsheets import Column, Table, table_file, tables, write, write_to
from cohesion.lib.spreadsheets.cells import line_of
from cohesion.lib.spreadsheets.expected import Expected
from cohesion.lib.spreadsheets.headed import read_rows

FORMATS = ("csv", "xlsx", "ods")
PACKED = ("xlsx", "ods")


def table(*rows, headers=("a", "b")) -> Table:
    return Table("Feuille", headers, iter(rows), [10] * len(headers))


def as_read(data: bytes, format: str) -> list[list[object]]:
    """The rows as another program reads them."""
    if format == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "'=1", "＝1", "\n=1"])
def test_nothing_that_would_run_stands_at_the_beginning_of_a_cell(format, text):
    data = write(format, [table([text, "fin"])])
    said = as_read(data, format)[1][0]
    assert said.startswith("'")
    if format == "csv":
        assert said == f"'{text}"


@pytest.mark.parametrize("format", FORMATS)
def test_texts_of_all_kinds_come_back(format):
    texts = ["L’été 🎉", 'a & b < c > d "e" ]]>', "_x0041_", "  deux  espaces ", "é\u0301", "\u202egauche", "01"]
    data = write(format, [table(*([text, "fin"] for text in texts))])
    assert [row[0] for row in as_read(data, format)[1:]] == texts


@pytest.mark.parametrize("format", FORMATS)
def test_the_lines_of_a_text_come_back_however_the_browser_ended_them(format):
    texts = ["un\r\ndeux\r\n\r\ntrois", "un\rdeux", " un \n  deux\ttrois", "fin\n"]
    sheet = spreadsheets.read_workbook(write(format, [table(*([text, "fin"] for text in texts))]), f"a.{format}").sheet
    found = [row[0] for row in list(sheet.rows.values())[1:]]
    assert [re.sub("\r\n?", "\n", text) for text in found] == [re.sub("\r\n?", "\n", text) for text in texts]


@pytest.mark.parametrize("format", PACKED)
@pytest.mark.parametrize("code", [*range(32), 0x7F, 0x85, 0x2028, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF])
def test_no_character_spoils_the_file(format, code):
    data = write(format, [table([f"a{chr(code)}b", "fin"])])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            if name.endswith(".xml"):
                expat.ParserCreate().Parse(archive.read(name), True)
    row = as_read(data, format)[1]
    assert row[0][0] == "a"
    assert row[0][-1] == "b"
    assert row[1] == "fin"


def test_half_a_character_is_a_question_mark_in_csv():
    assert as_read(write("csv", [table(["a\ud800b", "fin"])]), "csv")[1] == ["a?b", "fin"]


@pytest.mark.parametrize("format", PACKED)
def test_a_text_too_long_for_a_cell_is_cut_and_says_so(format):
    fits, long, wide = "a" * 32_767, "a" * 32_768, "🎉" * 20_000
    found = [row[0] for row in as_read(write(format, [table([fits, 1], [long, 2], [wide, 3])]), format)[1:]]
    assert found[0] == fits
    for cut in found[1:]:
        assert len(cut.encode("utf-16-le")) // 2 <= 32_767
        assert cut.endswith(tables.CUT)
    assert as_read(write("csv", [table([long, 2])]), "csv")[1][0] == long


@pytest.mark.parametrize("format", PACKED)
@pytest.mark.parametrize(("rows", "last"), [(4, 3), (5, tables.TOO_LONG), (6, tables.TOO_LONG)])
def test_rows_beyond_what_a_sheet_holds_are_not_left_out_in_silence(monkeypatch, format, rows, last):
    monkeypatch.setattr(tables, "MAX_LINES", 5)
    found = as_read(write(format, [table(*([rank, "b"] for rank in range(rows)))]), format)
    assert len(found) == 5
    assert found[-1][0] == last
    assert len(as_read(write("csv", [table(*([rank, "b"] for rank in range(rows)))]), "csv")) == rows + 1


@pytest.mark.parametrize("format", FORMATS)
def test_numbers_stay_numbers_and_the_same_table_gives_the_same_bytes(format):
    one, two = (write(format, [table([12500.5, -3], [None, ""])]) for _ in range(2))
    assert one == two
    assert as_read(one, format)[1] == ([12500.5, -3] if format != "csv" else ["12500,5", "-3"])


@pytest.mark.parametrize("format", FORMATS)
def test_ten_times_the_rows_take_the_same_memory(format):
    def peak(rows: int) -> int:
        with TemporaryFile() as file:
            tracemalloc.start()
            write_to(file, format, [made(rows)])
            taken = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return taken

    def made(rows: int) -> Table:
        columns = [Column("a", lambda rank: f"Un titre de projet n° {rank}"), Column("b", lambda rank: rank)]
        return Table.of("Feuille", columns, range(rows))

    peak(10)
    assert peak(15_000) < 1.3 * peak(1_500)


@pytest.mark.parametrize("format", FORMATS)
def test_rows_that_break_off_make_no_file(format):
    def rows():
        yield ["un", 1]
        raise ConnectionError("la base s’arrête")

    with pytest.raises(ConnectionError):
        table_file(Table("Feuille", ["a", "b"], rows()), format, "fichier")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("rows", [3, 20_000])
def test_the_answer_has_its_length_its_name_and_all_its_bytes(format, rows):
    answer = table_file(table(*([f"ligne {rank}", rank] for rank in range(rows))), format, "fichier")
    data = answer.getvalue()
    assert int(answer.headers["Content-Length"]) == len(data)
    assert answer.headers["Content-Disposition"] == f'attachment; filename="fichier.{format}"'
    assert answer.headers["Content-Type"] == spreadsheets.CONTENT_TYPES[format]
    assert len(as_read(data, format)) == rows + 1


def sums():
    columns = [Column("code", lambda row: row[0]), Column("accorde", lambda row: row[1], in_euros=True)]
    return Table.of("L’été", columns, [("A-1", 1200.5), ("A-2", 300), ("A-3", None)], {"accorde": 1500.5})


def test_a_sheet_for_people_has_euros_filters_a_frozen_head_and_a_total_apart():
    sheet = load_workbook(io.BytesIO(write("xlsx", [sums()])))["L’été"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B4"
    assert [cell.value for cell in sheet["B"]] == ["accorde", 1200.5, 300, None, None, 1500.5]
    assert {sheet[place].number_format for place in ("B2", "B3", "B6")} == {'#,##0.00\\ "€"'}
    assert [sheet["A6"].value, sheet["A6"].font.bold, sheet["B6"].font.bold] == ["Total", True, True]
    with zipfile.ZipFile(io.BytesIO(write("ods", [sums()]))) as file:
        content, settings = file.read("content.xml").decode(), file.read("settings.xml").decode()
        assert set(file.namelist()) - {"mimetype", "META-INF/manifest.xml"} == {"content.xml", "settings.xml"}
    assert content.count('table:style-name="euros" office:value-type="float"') == 2
    assert content.count('table:style-name="total" office:value-type="float"') == 1
    assert "table:target-range-address=\"'L’été'.A1:'L’été'.B4\"" in content
    assert '<config:config-item config:name="VerticalSplitPosition" config:type="int">1<' in settings


@pytest.mark.parametrize("format", FORMATS)
def test_a_total_is_no_row_of_the_file_that_is_read_again(format):
    expected = [Expected(name, name, line_of, mandatory=True) for name in ("code", "accorde")]
    reading = read_rows(write(format, [sums()]), f"a.{format}", expected, "Vide.")
    assert [row["code"] for row in reading.rows] == ["A-1", "A-2", "A-3"]
    told = ["La ligne 6 est un total\u00a0: elle n’est pas lue."]
    assert reading.warnings == ([] if format == "csv" else told)
    assert not reading.problems


def test_a_row_that_begins_as_a_total_and_says_more_is_a_row():
    table = Table("F", ["code", "accorde"], [["Total", "Un titre"], ["Total", 3]])
    expected = [Expected(name, name, line_of, mandatory=True) for name in ("code", "accorde")]
    reading = read_rows(write("xlsx", [table]), "a.xlsx", expected, "Vide.")
    assert [row["accorde"] for row in reading.rows] == ["Un titre"]
