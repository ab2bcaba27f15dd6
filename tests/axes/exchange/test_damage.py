"""What a spreadsheet did to a file of orientations is named where it is, asked about, or mended and said."""

import re

import pytest
from django.urls import reverse

from axes.exchange.export import export
from axes.exchange.resource import ORIENTATIONS
from axes.founding import FIXTURE
from axes.models import ImportJob, Orientation
from cohesion.imports.applying import NotApplied
from cohesion.lib.spreadsheets.selects import choices_of, selects
from tests.axes.exchange.files import GOOD, HEADERS, book, lines
from tests.axes.exchange.jobs import apply_job, create_job, examine, reread
from tests.axes.exchange.test_admin import text, upload, url
from tests.factories import FrameworkFactory, OfficerFactory

pytestmark = pytest.mark.django_db


def exported(framework) -> str:
    return export(framework, "csv")[0].decode("utf-8-sig")


def test_codes_turned_into_dates_come_first_and_what_follows_from_them_is_one_line(founding):
    spoilt = re.sub(r"(?m)^(\d)\.(\d)\.(\d);", r"0\1/0\2/0\3;", exported(founding))
    plan, _ = examine(spoilt.encode(), "a.csv", None)
    dates = len(re.findall(r"(?m)^\d\d/\d\d/\d\d;", spoilt))
    assert dates > 10
    assert [problem.column for problem in plan.problems] == [*["code (A)"] * dates, ""]
    assert all("changé ce texte en date" in problem.message for problem in plan.problems[:-1])
    assert "autres lignes renvoient à un code que le fichier n’a pas" in plan.problems[-1].message


def test_an_unknown_parent_is_told_where_every_code_was_read(founding):
    plan, _ = examine(lines(*GOOD, "A.2;Z;enjeu;T"), "a.csv", None)
    assert [(problem.row, problem.column) for problem in plan.problems] == [(5, "parent_code (B)")]


@pytest.mark.parametrize("pattern", [(r"(?m)^(\d);", r"\1.0;"), (r"(?m)^(\d\.\d);(\d);", r"\1;\2.0;")])
def test_whole_codes_that_a_program_made_decimal_are_asked_about(founding, pattern):
    spoilt = re.sub(*pattern, exported(founding))
    plan, _ = examine(spoilt.encode(), "a.csv", founding)
    assert plan.problems
    assert all(re.search(r"est-ce \d \?", problem.message) for problem in plan.problems), plan.problems


def test_a_number_where_two_codes_are_one_number_is_asked_about_and_always_told():
    framework = FrameworkFactory()
    rows = [["3", None, "axe", "Trois"], ["3.1", "3", "enjeu", "Un"], ["3.10", "3", "enjeu", "Dix"]]
    officer = OfficerFactory()
    apply_job(create_job(book(HEADERS.split(";"), *rows), "a.xlsx", framework, officer), officer)
    damaged = book(HEADERS.split(";"), [3.1, "3", "enjeu", "Un"])
    plan, _ = examine(damaged, "a.xlsx", framework)
    assert [(p.row, p.column, p.value) for p in plan.problems] == [(2, "code (A)", "3.1")]
    assert "est-ce 3.1 ou 3.10 ?" in plan.problems[0].message
    alone, _ = examine(damaged, "a.xlsx", None)
    assert [(remark.column, remark.total) for remark in alone.remarks] == [("code (A)", 1)]


@pytest.mark.parametrize("title", ["#NOM?", "-", "?", "0", "#REF!", "n/a"])
def test_a_title_that_is_none_is_refused_in_its_column(title):
    workbook = book(HEADERS.split(";"), ["A", "", "axe", title])
    for data, name in ((lines(f"A;;axe;{title}"), "a.csv"), (workbook, "a.xlsx")):
        plan, _ = examine(data, name, None)
        assert [(problem.row, problem.column) for problem in plan.problems] == [(2, "titre (D)")]


@pytest.mark.parametrize(
    ("title", "kept", "sentence"),
    [
        ("RÃ©ussite Ã©ducative", "Réussite éducative", "encodé deux fois"),
        ("R‚ussite", "R‚ussite", "accents semblent lus de travers"),
        ("R?ussite", "R?ussite", "la place d’une lettre"),
        ("a\u200bb\u00adc\u202ed", "abcd", "U+200B, U+00AD, U+202E"),
    ],
)
def test_a_text_that_was_spoilt_is_mended_or_told(officer_client, title, kept, sentence):
    framework = FrameworkFactory()
    page = officer_client.post(url(framework), upload(lines(f"A;;axe;{title}")), follow=True)
    assert sentence in text(page)
    officer_client.post(page.request["PATH_INFO"], {"apply": "1"})
    assert Orientation.objects.get().title == kept


def test_an_untouched_export_changes_nothing_even_where_the_text_was_spoilt():
    framework = FrameworkFactory()
    Orientation(framework=framework, level="axis", code="A", title="RÃ©ussite so\u00adciale").save()
    for format in ("csv", "xlsx", "ods", "json"):
        data, _, name = export(framework, format)
        plan, _ = examine(data, name, framework)
        assert plan.is_good
        assert not plan.writes, format


def test_what_is_exported_in_json_is_imported(founding, officer):
    for data in (FIXTURE.read_bytes(), export(founding, "json")[0]):
        plan, _ = examine(data, "cadre.json", founding)
        assert plan.counts == {"created": 0, "changed": 0, "moved": 0, "missing": 0, "unchanged": 64}
    empty = FrameworkFactory()
    assert apply_job(create_job(FIXTURE.read_bytes(), "cadre.json", empty, officer), officer) == 64
    assert exported(empty) == exported(founding).replace(f";{founding.slug}\r\n", f";{empty.slug}\r\n")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"{", "pas du JSON lisible"),
        (b"[" * 100_000, "pas du JSON lisible"),
        (b'{"a": NaN}', "pas du JSON lisible"),
        (b'{"a": 1' + b"0" * 5_000 + b"}", "pas du JSON lisible"),
        (b'["a"]', "liste « orientations »"),
        (b'{"projets": []}', "liste « orientations »"),
        (b"[]", "est vide"),
        (b'[{"code": "A", "code": "B"}]', "deux fois dans le même objet"),
        (b'[{"code": "A"}]', "Il manque les colonnes"),
        (b'[{"code": true, "parent_code": "", "niveau": "axe", "titre": {"a": 1}}]', "vrai/faux"),
    ],
)
def test_a_json_that_says_nothing_is_refused_in_a_sentence(data, sentence):
    plan, _ = examine(data, "cadre.json", None)
    assert sentence in plan.problems[0].message


# --- headers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        "Identifiant;Code parent;Niveau *;Titre*",
        "N°;PARENT;niveau;Intitulé (texte adopté)",
        "Code (obligatoire);Parent code:;échelon;Libellé",
    ],
)
def test_headers_are_known_by_their_usual_names_and_this_is_said(headers):
    plan, reading = examine(lines(*GOOD, headers=headers), "a.csv", None)
    assert plan.is_good, plan.problems
    assert len(reading.rows) == 3


def test_the_headers_are_found_below_a_banner_whatever_its_separator():
    for banner in ("Plan d’actions, version 2, 2026", "Cadre\n\nadopté le 3 mars"):
        plan, reading = examine(f"{banner}\n".encode() + lines(*GOOD), "a.csv", None)
        assert plan.is_good, plan.problems
        assert "ce qui est au-dessus n’est pas lu" in reading.warnings[0]
    assert reading.rows[0]["row"] == 5


def test_the_sheet_that_has_the_headers_is_read_and_another_can_be_chosen(officer):
    rows = [row.split(";") for row in GOOD]
    data = book(
        ["Mode d’emploi"],
        *[["Lisez bien", "x" * 40] for _ in range(40)],
        sheets={"Cadre": [["Bandeau"], HEADERS.split(";"), *rows], "Autre": [HEADERS.split(";"), *rows[:1]]},
    )
    job = create_job(data, "a.xlsx", FrameworkFactory(), officer)
    assert (job.state, len(job.rows), job.report["table"]["sheet"]) == ("ready", 3, 1)
    other = reread(job, choices_of({"feuille": "2"}, job.report["table"], ORIENTATIONS.expected), officer)
    assert (other.state, len(other.rows)) == ("ready", 1)
    job.refresh_from_db()
    assert (job.state, job.content) == ("cancelled", None)


def test_columns_are_mapped_by_hand_on_the_preview(officer_client):
    framework = FrameworkFactory()
    data = lines(*[row + ";x" for row in GOOD], headers="Sigle;Sous;Rang;Ce que nous voulons;Remarque")
    page = officer_client.post(url(framework), upload(data), follow=True)
    assert "Il manque les colonnes" in text(page)
    assert reverse("admin:axes_framework_model_file", args=["xlsx"]) in text(page)
    answers = {"colonne-code": "0", "colonne-parent": "1", "colonne-level": "2", "colonne-title": "3", "reread": "1"}
    again = officer_client.post(page.request["PATH_INFO"], answers, follow=True)
    assert "Créées : 3" in text(again)
    officer_client.post(again.request["PATH_INFO"], {"apply": "1"})
    assert sorted(Orientation.objects.values_list("code", flat=True)) == ["A", "A.1", "A.1-a"]
    assert ImportJob.objects.filter(content__isnull=False).count() == 0


def test_only_the_last_file_of_somebody_is_kept_and_nobody_else_reads_it_again(officer):
    framework = FrameworkFactory()
    first, second = (create_job(lines(*GOOD), "a.csv", framework, officer) for _ in range(2))
    choices = choices_of({}, second.report["table"], ORIENTATIONS.expected)
    with pytest.raises(NotApplied, match="n’est plus gardé"):
        reread(first, choices, officer)
    with pytest.raises(NotApplied, match="quelqu’un d’autre"):
        reread(second, choices, OfficerFactory())


def test_a_wicked_answer_is_no_choice(officer):
    table = create_job(lines(*GOOD), "a.csv", FrameworkFactory(), officer).report["table"]
    wicked = {"feuille": "99", "colonne-code": "-1", "colonne-title": "A", "header_row": "9"}
    choices = choices_of(wicked, table, ORIENTATIONS.expected)
    assert (choices.sheet, choices.header_row, set(choices.columns.values())) == (0, 1, {None})
    assert [select.name for select in selects({}, ORIENTATIONS.expected)] == []


def test_two_columns_that_claim_to_be_one_are_asked_about():
    plan, _ = examine(lines("A;;T;T2;axe", headers="code;parent;intitulé;nom;niveau"), "a.csv", None)
    assert [(problem.row, problem.column) for problem in plan.problems] == [(1, "titre (D)")]
