"""Cousins of the small files of projects that failed: other columns, other formats, the values around them."""

import datetime

import pytest

from projects.models import Organization, Project
from tests.cases.tables import FORMATS, written
from tests.factories import OrganizationFactory, OrientationFactory, ProjectFactory
from tests.projects.exchange import jobs

pytestmark = pytest.mark.django_db
SIRET = "77567227200012"
FIRST = {"code": "N-1", "titre": "Une action", "type": "action", "porteur": "LDR", "objectifs": "2.1.2"}


@pytest.fixture
def lead(founding):
    return OrganizationFactory(name="Association Les Deux Rives", acronym="LDR", siret=SIRET)


def file(format, *rows):
    """A file of projects, each told by what it says otherwise than the first one."""
    whole = [FIRST | row for row in rows]
    headers = list(dict.fromkeys(header for row in whole for header in row))
    return written(format, [headers, *([row.get(header, "") for header in headers] for row in whole)])


def refusals(format, *rows):
    """Column, value and sentence of each error."""
    plan, _ = jobs.examine(*file(format, *rows))
    return [(one.column.split(" (")[0], one.value, one.message) for one in plan.problems]


def brought(format, *rows):
    plan, _ = jobs.apply_file(*file(format, *rows), by=None)
    assert [str(problem) for problem in plan.refusals()] == []
    return list(Project.objects.order_by("code_key"))


every_format = pytest.mark.parametrize("format", FORMATS)
workbooks = pytest.mark.parametrize("format", ["xlsx", "ods"])


@every_format
@pytest.mark.parametrize(
    ("column", "said", "sentence"),
    [
        ("porteur", "7,75672E+13", "perdu des chiffres"),
        ("porteur", "7.75672E+13", "perdu des chiffres"),
        ("porteur", "#NOM?", "formule en erreur"),
        ("porteur", "néant", "n’est pas une structure"),
        ("porteur", "000", "n’est pas une structure"),
        ("co_porteurs", "LDR|Le Pont|775 672 272", "SIREN"),
        ("co_porteurs", "Le Pont|#REF!", "n’est pas une structure"),
        ("porteur", "Le Pont|-", "n’est pas une structure"),
        ("partenaires", "Le Pont|#REF!", "n’est pas un nom"),
        ("partenaires", "-", "n’est pas un nom"),
        ("financeurs", "CAF : #REF!", "montant"),
        ("communes", "-", "territoire"),
        ("objectifs", "1.1|#REF!", ""),
        ("objectifs", "janv-26", "date"),
        ("objectifs_secondaires", "1E05", "exposant"),
        ("partenaires", "#N/A", "formule en erreur"),
        ("communes", "#REF!", "formule en erreur"),
        ("objectifs", "#VALEUR!", "formule en erreur"),
        ("date_debut", "#NOMBRE!", "formule en erreur"),
        ("budget", "#DIV/0!", "formule en erreur"),
        ("resume", "#REF!", "formule en erreur"),
        ("statut", "#REF!", "formule en erreur"),
        ("titre", "0", "pas un titre"),
        ("titre", "…", "pas un titre"),
        ("titre", "n/a", "pas un titre"),
        ("code", "mars-26", "date"),
        ("code", "12/2026", ""),
        ("code", "2E10", "exposant"),
        ("code", "-", ""),
        ("pst", "janv-26", ""),
        ("objectifs", "1,1", "écrivez 1.1"),
        ("objectifs", "01/02/2003", "date"),
        ("date_fin", "T5 2026", "pas une date"),
        ("date_fin", "30/02/2026", "pas une date"),
        ("budget", "12,345", "deux décimales"),
        ("budget", "-5", "négatif"),
    ],
)
def test_each_column_refuses_what_a_spreadsheet_left_in_its_own_place(lead, format, column, said, sentence):
    found = refusals(format, {column: said})
    assert [place for place, _, _ in found] == [column]
    assert sentence in found[0][2]
    assert not Project.objects.exists()
    assert Organization.objects.count() == 1


@every_format
@pytest.mark.parametrize("said", ["775 672 272 00012", "775.672.272.00012", "775-672-272-00012", "77567227200012"])
def test_a_siret_is_read_however_it_is_spaced_in_each_format(lead, format, said):
    assert [one.organization for one in brought(format, {"porteur": said})] == [lead]
    assert Organization.objects.count() == 1


@workbooks
@pytest.mark.parametrize(
    ("number", "sentence"), [(775672272, "SIREN"), (7756722720001, "zéro"), (775672272000123, "15"), (0, "structure")]
)
def test_a_number_that_is_no_siret_is_refused(lead, format, number, sentence):
    ((place, _, message),) = refusals(format, {"porteur": number})
    assert (place, sentence in message) == ("porteur", True)


@every_format
@pytest.mark.parametrize(
    "said", ["Centre du Parc, Atelier du Pont, CCAS", "Centre du Parc ; Atelier du Pont", "Centre du Parc + CCAS"]
)
@pytest.mark.parametrize("column", ["porteur", "co_porteurs"])
def test_several_names_in_one_cell_are_asked_in_each_format(lead, format, said, column):
    plan, _ = jobs.examine(*file(format, {column: said}))
    assert [[value for value, _ in question.options] for question in plan.questions] == [["several", "one"]]
    assert (plan.is_good, plan.organizations) == (False, [])


@workbooks
def test_a_code_that_is_a_number_is_remarked_and_asked_where_two_are_one_number(lead, node, format):
    assert refusals(format, {"objectifs": 3.1}) == []
    plan, _ = jobs.examine(*file(format, {"objectifs": 3.1}))
    assert any("3.10 y devient 3.1" in str(one) for one in plan.remarks)
    tenth = OrientationFactory.build(parent=node("3"), level="challenge", code="3.10", title="Une dixième")
    tenth._change_reason = "Essai"
    tenth.save()
    for column in ("objectifs", "objectifs_secondaires"):
        ((place, value, message),) = refusals(format, {column: 3.1})
        assert (place, value) == (column, "3.1")
        assert "est-ce 3.1 ou 3.10\u202f?" in message
    ProjectFactory(code="7.1")
    ProjectFactory(code="7.10", kind="pst")
    ProjectFactory(code="7.100", kind="pst")
    assert "est-ce 7.1 ou 7.10 ou 7.100\u202f?" in refusals(format, {"code": 7.1})[0][2]
    ((place, _, message),) = refusals(format, {"pst": 7.1})
    assert place == "pst"
    assert "est-ce 7.10 ou 7.100\u202f?" in message


@workbooks
def test_serial_numbers_are_dates_where_the_column_has_dates(lead, format):
    for column in ("date_debut", "date_fin"):
        ((place, value, message),) = refusals(format, {column: 47727})
        assert (place, value) == (column, "47727")
        assert "format «\u00a0Date\u00a0»" in message
    day = datetime.date(2027, 1, 1)
    first, second = brought(format, {"code": "N-1", "date_fin": 47727}, {"code": "N-2", "date_fin": day})
    assert (first.ends_on, second.ends_on) == (datetime.date(2030, 9, 1), day)


@every_format
@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2024", "", ("2024-01-01", None)),
        ("mars 2022", "mars 2022", ("2022-03-01", "2022-03-31")),
        ("févr. 2024", "février 2024", ("2024-02-01", "2024-02-29")),
        ("T1 2025", "4e trimestre 2025", ("2025-01-01", "2025-12-31")),
        ("2022-2026", "", ("2022-01-01", "2026-12-31")),
        ("2022 à 2026", "", ("2022-01-01", "2026-12-31")),
        ("", "2022-2026", ("2022-01-01", "2026-12-31")),
        ("S1 2025", "S2 2025", ("2025-01-01", "2025-12-31")),
        ("1er septembre 2027", "01092028", ("2027-09-01", "2028-09-01")),
    ],
)
def test_periods_have_a_way_in_in_each_format(lead, format, start, end, found):
    (project,) = brought(format, {"date_debut": start, "date_fin": end})
    assert tuple(day and day.isoformat() for day in (project.starts_on, project.ends_on)) == found


@workbooks
@pytest.mark.parametrize(
    ("computed", "amount"),
    [(3702.2999999999997, "3702.30"), (0.1 + 0.2, "0.30"), (1234.1 * 3, "3702.30"), (12000, "12000.00")],
)
def test_a_sum_is_read_to_the_cent_in_each_workbook(lead, format, computed, amount):
    assert str(brought(format, {"budget": computed})[0].total_cost) == amount


@every_format
def test_what_is_only_rounded_in_its_display_is_refused(lead, format):
    ((place, _, message),) = refusals(format, {"budget": 10000 / 3})
    assert (place, "n’en arrondit que l’affichage" in message) == ("budget", True)


@every_format
@pytest.mark.parametrize("column", ["titre", "resume", "description", "porteur", "partenaires"])
def test_invisible_signs_are_removed_and_said_in_every_text(lead, format, column):
    row = {column: "Maison\u200b des\u00ad jeu\u200cnes"}
    plan, _ = jobs.examine(*file(format, row))
    assert plan.problems == []
    assert any("U+200B, U+00AD, U+200C" in str(one) and one.column.startswith(column) for one in plan.remarks)
    brought(format, row)
    texts = [
        *Project.objects.values_list("title", "summary", "description", "search_text"),
        *Organization.objects.values_list("name"),
    ]
    assert not any(sign in text for row in texts for text in row for sign in "\u200b\u00ad\u200c")


@every_format
def test_texts_read_of_an_encoding_for_another_are_mended_or_remarked(lead, format):
    (project,) = brought(format, {"titre": "RÃ©ussite Ã©ducative", "resume": "LÃ  oÃ¹ l’Ã©tÃ© va"})
    assert (project.title, project.summary) == ("Réussite éducative", "Là où l’été va")
    for spoilt in ("R‚ussite", "R?ussite"):
        plan, _ = jobs.examine(*file(format, {"titre": spoilt}))
        assert [one.column.split(" (")[0] for one in plan.remarks] == ["titre"]


@workbooks
def test_the_sheet_and_the_line_of_the_headers_are_said(lead, format):
    data, name = written(
        format,
        [["Programme d’actions 2027"], [], list(FIRST), list(FIRST.values())],
    )
    plan, _ = jobs.examine(data, name)
    assert plan.problems == []
    assert any("Les en-têtes sont à la ligne 3" in one for one in plan.warnings)


@every_format
@pytest.mark.parametrize(
    "headers",
    [
        ["Identifiant", "Nom", "Type *", "Structure porteuse", "Objectifs"],
        ["N°", "Titre*", "Nature", "Porteur de projet", "Orientation"],
        ["CODE", "Intitulé", "type", "Structure", "Objectif principal"],
        ["Référence", "Nom du projet", "Catégorie", "Pilote", "Rattachement"],
    ],
)
def test_usual_headers_are_known_and_said(lead, format, headers):
    data, name = written(format, [headers, list(FIRST.values())])
    plan, _ = jobs.examine(data, name)
    assert (plan.problems, len(plan.created)) == ([], 1)


@every_format
def test_codes_that_differ_by_capitals_are_refused(lead, format):
    ProjectFactory(code="2026-A")
    assert "2026-A" in refusals(format, {"code": "2026-a"})[0][2]


@every_format
def test_a_project_without_objective_and_long_texts_are_accepted(lead, format):
    (project,) = brought(
        format, {"objectifs": "", "statut": "En cours", "titre": "t" * 180, "resume": "r" * 700, "description": "d"}
    )
    assert (project.status, len(project.title), len(project.summary)) == ("running", 180, 700)
    assert list(Project.objects.unattached()) == [project]


@every_format
def test_codes_are_in_the_order_in_which_people_count(lead, format):
    codes = ["2026-9", "2026-10", "2026-2", "2026-9b", "A-100", "A-20"]
    found = brought(format, *({"code": code, "titre": f"Action {code}"} for code in codes))
    assert [one.code for one in found] == ["2026-2", "2026-9", "2026-9b", "2026-10", "A-20", "A-100"]
