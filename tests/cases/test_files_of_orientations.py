"""Cousins of the small files of orientations and of committees that failed."""

import json

import pytest

from axes.exchange.export import export
from axes.founding import FIXTURE
from cohesion.lib import spreadsheets
from projects.instructing import sheet
from tests.axes.exchange.jobs import examine
from tests.cases.tables import FORMATS, written
from tests.factories import CommitteeFactory, ProjectFactory
from tests.projects.instructing.made import proposed

pytestmark = pytest.mark.django_db
HEADERS = ["code", "parent_code", "niveau", "titre"]
GOOD = [["1", "", "axe", "Un axe"], ["1.1", "1", "enjeu", "Un enjeu"], ["1.1.1", "1.1", "objectif opérationnel", "Un"]]
every_format = pytest.mark.parametrize("format", FORMATS)


def refusals(rows, format, framework=None):
    plan, _ = examine(*written(format, [HEADERS, *rows]), framework)
    return [(one.row, one.column.split(" (")[0], one.message) for one in plan.problems]


@every_format
@pytest.mark.parametrize("said", ["01/01/01", "janv-01", "1-janv", "2001-01-01"])
def test_a_code_that_became_a_date_is_told_before_what_follows_from_it(format, said):
    children = [[f"1.1.1-{letter}", "1.1.1", "priorité", "Une priorité"] for letter in "abcdef"]
    found = refusals([*GOOD[:2], [said, *GOOD[2][1:]], *children], format)
    assert found[0][:2] == (4, "code")
    assert "date" in found[0][2]
    assert len(found) == 2
    assert "6 autres lignes" in found[1][2].replace("\u00a0", " ")


@every_format
@pytest.mark.parametrize("place", [0, 1])
def test_a_whole_code_made_decimal_is_asked_about(founding, format, place):
    table = spreadsheets.read_workbook(export(founding, "csv")[0], "a.csv").sheet.rows
    rows = [[str(cells.get(column, "")) for column in range(1, 5)] for number, cells in sorted(table.items())][1:]
    if rows[0][0] == "":
        rows = [[str(cells.get(column, "")) for column in range(4)] for number, cells in sorted(table.items())][1:]
    for row in rows:
        if row[place].isdecimal():
            row[place] += ".0"
    found = refusals(rows, format, founding)
    assert found
    assert all("est-ce " in message for _, _, message in found)


@pytest.mark.parametrize("name", ["cadre.json", "CADRE.JSON"])
def test_what_is_exported_in_json_is_read_whatever_its_name(founding, name):
    for data in (FIXTURE.read_bytes(), export(founding, "json")[0], b"\xef\xbb\xbf" + FIXTURE.read_bytes()):
        plan, _ = examine(data, name, founding)
        assert (plan.problems, plan.counts["unchanged"]) == ([], 64)
    alone = json.dumps(json.loads(FIXTURE.read_bytes())["orientations"]).encode()
    assert examine(alone, name, founding)[0].counts["unchanged"] == 64


@every_format
@pytest.mark.parametrize(
    ("place", "said"), [(3, "#REF!"), (3, "-"), (3, "?"), (3, "0"), (0, "#NOM?"), (2, "#N/A"), (1, "#REF!")]
)
def test_error_words_are_refused_in_their_column(format, place, said):
    spoilt = [*GOOD[2][:place], said, *GOOD[2][place + 1 :]]
    assert [(row, column) for row, column, _ in refusals([*GOOD[:2], spoilt], format)] == [(4, HEADERS[place])]


# --- what a committee decided -----------------------------------------------------------------------------------


def decided(format, committee, *cells, headers=("code", "decision", "montant", "deliberation", "motif")):
    data, name = written(format, [list(headers), list(cells)])
    job = sheet.DecisionImporter(committee, committee.held_on).create_job(data, name, None)
    return [(error["column"].split(" (")[0], error["message"]) for error in job.report["errors"]]


@every_format
@pytest.mark.parametrize(
    ("place", "said", "sentence"),
    [
        (0, "janv-26", ""),
        (0, "#N/A", "formule en erreur"),
        (1, "#REF!", "formule en erreur"),
        (1, "-", "n’existe pas"),
        (2, 10000 / 3, "affichage"),
        (2, "#VALEUR!", "formule en erreur"),
        (3, "#REF!", "formule en erreur"),
    ],
)
def test_a_committee_s_sheet_refuses_damage_in_its_column(format, place, said, sentence):
    committee = CommitteeFactory()
    proposed(committee=committee, code="D-1", requested=5000)
    cells = ["D-1", "Retenue", 3702.3, "CC-1", ""]
    cells[place] = said
    found = decided(format, committee, *cells)
    assert [column for column, _ in found] == [("code", "decision", "montant", "deliberation")[place]]
    assert sentence in found[0][1]


@every_format
def test_a_committee_s_sheet_is_read_by_usual_headers(format):
    committee = CommitteeFactory()
    proposed(committee=committee, code="D-1", requested=5000)
    ProjectFactory(code="D-10")
    headers = ("Identifiant *", "Décision du comité", "Montant accordé", "N° de délibération", "Commentaire")
    assert decided(format, committee, "D-1", "Retenue", 3702.2999999999997, "CC-1", "", headers=headers) == []
