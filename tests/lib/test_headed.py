"""A column of days tells what a number in it is; a period fills the other end where the row says nothing of it."""

import datetime

from cohesion.lib.spreadsheets import days
from cohesion.lib.spreadsheets.cells import line_of
from cohesion.lib.spreadsheets.expected import Expected, Holds
from cohesion.lib.spreadsheets.headed import Reading, read_rows
from tests.axes.exchange.files import book

EXPECTED = (
    Expected("nom", "name", line_of, mandatory=True),
    Expected("debut", "starts", days.first_day, holds=Holds.DAYS, fills=("ends", days.end_of_span)),
    Expected("fin", "ends", days.last_day, holds=Holds.DAYS, fills=("starts", days.start_of_span)),
    Expected("liens", "links", line_of, holds=Holds.CODES),
)


def read(*rows) -> Reading:
    return read_rows(book(["nom", "debut", "fin", "liens"], *rows), "a.xlsx", EXPECTED, "Rien.")


def ends(reading: Reading) -> list[tuple]:
    return [(row["starts"], row["ends"]) for row in reading.rows]


def test_a_serial_number_is_a_date_where_its_column_has_others():
    reading = read(["A", None, 47727.0], ["B", None, datetime.date(2030, 1, 2)], ["C", None, "03/01/2030"])
    assert [end for _, end in ends(reading)] == ["2030-09-01", "2030-01-02", "2030-01-03"]
    assert [(remark.column, remark.cells) for remark in reading.remarks] == [("fin (C)", [(2, "47727 → 01/09/2030")])]


def test_a_serial_number_alone_is_refused_with_how_to_mend_it():
    (problem,) = read(["A", None, 47727.0]).problems
    assert (problem.row, problem.column, problem.value) == (2, "fin (C)", "47727")
    assert "mettez la colonne au format « Date »" in problem.message


def test_a_span_fills_the_end_that_is_empty_and_no_other():
    reading = read(
        ["A", "2022-2026", None], ["B", None, "de 2022 à 2023"], ["C", "2022-2026", "2024"], ["D", 2024, 2025]
    )
    assert ends(reading) == [
        ("2022-01-01", "2026-12-31"),
        ("2022-01-01", "2023-12-31"),
        ("2022-01-01", "2024-12-31"),
        ("2024-01-01", "2025-12-31"),
    ]
    assert {remark.message for remark in reading.remarks} == {
        "Une année, un mois, un trimestre ou un intervalle est lu comme son premier ou son dernier jour."
    }


def test_doubtful_codes_are_asked_about_once_one_knows_which_exist():
    reading = read(
        ["A", None, None, 3.1], ["B", None, None, "1E05"], ["C", None, None, "janv-26"], ["D", None, None, "1.0"]
    )
    assert reading.problems == []
    assert [problem.row for problem in reading.questions("links", ["3.1", "3.10", "1"])] == [2, 3, 4, 5]
    assert reading.questions("links", ["3.1", "1E05", "janv-26", "1.0", "1"]) == []


def test_a_thousand_remarks_of_a_kind_are_one():
    reading = read(*[[f"N{n}", None, None, float(n)] for n in range(1, 301)])
    (remark,) = reading.remarks
    assert (remark.total, len(remark.cells)) == (300, 20)
    assert "et 280 autres" in str(remark)
