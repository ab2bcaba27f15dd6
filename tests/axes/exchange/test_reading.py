"""Files as people really have them are read; what they mean is what is compared."""

import io

import openpyxl
import pytest

from axes.exchange.export import export
from axes.exchange.model_file import FORMATS, model_file
from axes.exchange.reading import read_orientations
from axes.exchange.state import states
from axes.models import Orientation
from cohesion.lib import spreadsheets
from tests.axes.exchange.files import GOOD, HEADERS, ODS_GOOD, book, lines, ods, ods_row, saved, xlsx_of, xlsx_row
from tests.axes.exchange.jobs import apply_job, create_job, examine
from tests.factories import FrameworkFactory

pytestmark = pytest.mark.django_db
CSV = lines(*GOOD).decode()
HARD = lines("A;;axe;Cœur « d’été » à 3 €").decode()


def good(data: bytes, filename: str) -> list[dict]:
    reading = read_orientations(data, filename)
    plan, _ = examine(data, filename, None)
    assert plan.is_good, plan.problems
    return reading.rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_encodings_that_people_have(encoding):
    assert good(HARD.encode(encoding), "a.csv")[0]["title"] == "Cœur « d’été » à 3 €"


def test_latin_9_is_told_by_its_letters():
    text = HARD.replace("’", "'")
    assert good(text.encode("iso-8859-15"), "a.csv")[0]["title"] == "Cœur « d'été » à 3 €"


def test_an_encoding_that_was_guessed_is_told():
    assert "Windows-1252 : vérifiez les accents" in read_orientations(HARD.encode("cp1252"), "a.csv").warnings[0]


@pytest.mark.parametrize("big_endian", [True, False])
def test_utf_16_is_read_either_way(big_endian):
    mark, encoding = (b"\xfe\xff", "utf-16-be") if big_endian else (b"\xff\xfe", "utf-16-le")
    assert len(good(mark + CSV.encode(encoding), "a.csv")) == 3


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_separators_and_line_ends(delimiter, end):
    assert len(good(CSV.replace(";", delimiter).replace("\n", end).encode(), "a.csv")) == 3


@pytest.mark.parametrize("name", ["a.csv", "A.CSV", "a.txt", "a.tsv", "été 2026 (1).csv"])
def test_names_of_csv_files(name):
    assert len(good(CSV.encode(), name)) == 3


@pytest.mark.parametrize(
    "headers",
    [
        "CODE;PARENT_CODE;NIVEAU;TITRE",
        "Code ; Parent code ; Niveau ; Titre",
        " code;parent-code;niveau;titre ",
        "code;\u00a0Parent_Code\u00a0;niveau;titre",
        '"code";"parent_code";"niveau";"titre"',
        "code;parent_code;niveau;titre;;;",
    ],
)
def test_headers_in_any_dress(headers):
    assert len(good(lines(*GOOD, headers=headers), "a.csv")) == 3


def test_headers_in_any_order_after_blank_rows_and_a_hint_for_excel():
    data = b"sep=;\n\n;;;\ntitre;niveau;code;parent_code\nUn axe;axe;A;\n"
    assert good(data, "a.csv") == [{"row": 5, "title": "Un axe", "level": "axis", "code": "A", "parent": ""}]


def test_unknown_headers_are_told_and_not_read():
    reading = read_orientations(lines("A;;axe;T;urgent", headers=f"{HEADERS};Remarque"), "a.csv")
    assert reading.warnings == ["Colonnes inconnues, non lues : « Remarque » (E)."]
    assert reading.problems == []


def test_rows_bear_the_numbers_that_the_spreadsheet_shows():
    assert [r["row"] for r in good(lines("A;;axe;T", "", ";;;", "B;;axe;T"), "a.csv")] == [2, 5]
    sheet = xlsx_of(xlsx_row(3, *HEADERS.split(";")) + xlsx_row(7, "A", "", "axe", "T"))
    assert [r["row"] for r in good(sheet, "a.xlsx")] == [7]
    body = (
        ods_row(*HEADERS.split(";"))
        + '<table:table-row table:number-rows-repeated="3"/>'
        + ods_row("A", "", "axe", "T")
    )
    assert [r["row"] for r in good(ods(body), "a.ods")] == [5]


def test_a_line_break_in_a_cell_does_not_shift_the_row_numbers():
    assert [(r["row"], r["title"]) for r in good(lines('A;;axe;"Un\naxe"', "B;;axe;T"), "a.csv")] == [
        (2, "Un axe"),
        (3, "T"),
    ]


def test_spaces_of_all_kinds_are_squeezed():
    row = good(lines("\u00a0A ;;\u202fAXE\u00a0;  Un \u00a0 axe "), "a.csv")[0]
    assert (row["code"], row["level"], row["title"]) == ("A", "axis", "Un axe")


@pytest.mark.parametrize(
    ("word", "level"),
    [
        ("Objectif stratégique", "strategic"),
        ("objectif_strategique", "strategic"),
        ("OBJECTIF  OPÉRATIONNEL", "operational"),
        ("OS", "strategic"),
        ("Priorités", "priority"),
    ],
)
def test_levels_as_people_write_them(word, level):
    assert good(lines(*GOOD[:1], f"B;A;{word};T"), "a.csv")[1]["level"] == level


def test_a_code_that_the_spreadsheet_took_for_a_number_is_found_again():
    rows = good(book(HEADERS.split(";"), [1.0, None, "axe", "Un axe"], [1.1, 1, "enjeu", "Un enjeu"]), "a.xlsx")
    assert [(row["code"], row["parent"]) for row in rows] == [("1", ""), ("1.1", "1")]


def test_the_formulas_of_others_do_no_harm():
    row = good(lines('A;;axe;"=HYPERLINK(""http://x"")"'), "a.csv")[0]
    assert row["title"] == '=HYPERLINK("http://x")'


def test_a_merged_parent_is_that_of_all_its_rows():
    workbook = openpyxl.Workbook()
    for row in [HEADERS.split(";"), ["A", None, "axe", "T"], ["A.1", "A", "enjeu", "T"], ["A.2", None, None, "T"]]:
        workbook.active.append(row)
    workbook.active.merge_cells("B3:B4")
    workbook.active.merge_cells("C3:C4")
    assert [(r["parent"], r["level"]) for r in good(saved(workbook), "a.xlsx")[1:]] == [("A", "challenge")] * 2


def test_a_merged_parent_of_an_ods_is_that_of_all_its_rows():
    body = (
        ODS_GOOD
        + ods_row("A.1", "A", "enjeu", "T").replace(
            '<table:table-cell office:value-type="string"><text:p>A<',
            '<table:table-cell table:number-rows-spanned="2" office:value-type="string"><text:p>A<',
        )
        + ods_row("A.2", "", "enjeu", "T").replace(
            '<table:table-cell office:value-type="string"><text:p></text:p></table:table-cell>',
            "<table:covered-table-cell/>",
        )
    )
    assert [r["parent"] for r in good(ods(body), "a.ods")] == ["", "A", "A"]


def test_an_empty_parent_that_is_not_merged_is_an_error():
    data = book(HEADERS.split(";"), ["A", None, "axe", "T"], ["A.1", "A", "enjeu", "T"], ["A.2", None, "enjeu", "T"])
    plan, _ = examine(data, "a.xlsx", None)
    assert [(p.row, p.column) for p in plan.problems] == [(4, "parent_code (B)")]


def test_the_endless_empty_rows_and_cells_of_libreoffice_are_nothing():
    body = (
        ods_row(*HEADERS.split(";"), trailing=16_380)
        + ods_row("A", "", "axe", "T", trailing=16_380)
        + '<table:table-row table:number-rows-repeated="1048574">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    assert len(good(ods(body), "a.ods")) == 1


def test_the_empty_styled_cells_of_excel_are_nothing():
    sheet = xlsx_of(
        xlsx_row(1, *HEADERS.split(";"))
        + xlsx_row(2, "A", "", "axe", "T")
        + '<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    )
    assert len(good(sheet, "a.xlsx")) == 1


def test_the_first_sheet_that_is_not_empty_is_read_and_the_others_told():
    data = book(sheets={"Vide": [], "Données": [HEADERS.split(";"), ["A", None, "axe", "T"]], "Notes": [["à voir"]]})
    assert good(data, "a.xlsx")[0]["code"] == "A"
    assert read_orientations(data, "a.xlsx").warnings == [
        "Seule la feuille « Données » est lue ; celles-ci ne le sont pas : « Notes »."
    ]


def test_a_sheet_may_bear_any_name():
    for name in ("Mode d’emploi", "=1"):
        workbook = openpyxl.Workbook()
        workbook.active.title = name
        for row in [HEADERS.split(";"), ["A", None, "axe", "T"]]:
            workbook.active.append(row)
        assert good(saved(workbook), "a.xlsx")[0]["code"] == "A"


def test_comments_are_not_the_text_of_a_cell():
    body = ODS_GOOD.replace(
        "<text:p>Un axe", "<office:annotation><text:p>à revoir</text:p></office:annotation><text:p>Un axe"
    )
    assert good(ods(body), "a.ods")[0]["title"] == "Un axe"


def test_parents_may_come_after_their_children(officer):
    framework = FrameworkFactory()
    apply_job(create_job(lines(*reversed(GOOD)), "a.csv", framework, officer), officer)
    assert list(states(framework)) == ["A", "A.1", "A.1-a"]


@pytest.mark.parametrize("separator", ["|", ",", ";", " | "])
def test_lists_in_a_cell_are_separated_as_people_do(separator):
    headers = f"{HEADERS};s_applique_a".replace(";", "\t")
    rows = [row.replace(";", "\t") for row in [*GOOD, "A.2;A;enjeu;T"]]
    data = "\n".join([headers, *rows, f"A-b\tA\tpriorité\tT\tA.1{separator}A.2"]).encode()
    assert good(data, "a.csv")[-1]["applies_to"] == ["A.1", "A.2"]


@pytest.mark.parametrize("format", FORMATS)
def test_the_model_file_can_itself_be_imported(format):
    data, _, name = model_file(format)
    plan, reading = examine(data, name, None)
    assert plan.is_good, plan.problems
    assert len(plan.created) == 6
    assert reading.warnings == []


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
@pytest.mark.parametrize(
    "title", ["=1+1", "+33 2", "-10 %", "@SUM(A1)", "  =1+1", "'=1", "''-a", "＝1", "'sans danger"]
)
def test_no_exported_cell_is_run_by_a_spreadsheet(officer, format, title):
    framework = FrameworkFactory()
    Orientation(framework=framework, level="axis", code="A", title=title).save()
    data, _, name = export(framework, format)
    cells = [
        spreadsheets.cell_text(cell)
        for row in spreadsheets.read_workbook(data, name).sheet.rows.values()
        for cell in row.values()
    ]
    assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))]
    plan, _ = examine(data, name, framework)
    assert plan.is_good
    assert not plan.writes


def test_numbers_stay_numbers(founding):
    data = export(founding, "xlsx")[0]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet["J2"].value == 10
    assert sheet["A2"].value == "1"
    assert sheet["A2"].number_format == "@"


def test_a_text_that_a_separator_cut_in_two_is_told_not_truncated():
    reading = read_orientations(
        b"code;parent_code;niveau;titre\n9;;axe;Emploi; insertion\n8;;axe;Entier;;\n", "coupe.csv"
    )
    (problem,) = reading.problems
    assert (problem.row, problem.column) == (2, "E")
    assert "guillemets" in problem.message


def test_a_note_beside_the_table_of_a_spreadsheet_is_told_and_not_read():
    reading = read_orientations(book(HEADERS.split(";"), ["9", "", "axe", "Neuf", *[""] * 7, "note"]), "a.xlsx")
    assert reading.problems == []
    assert any("L2" in warning for warning in reading.warnings)
