"""Spoilt rows: each gets the verdict and the sentence that it deserves, and nothing is written."""

import pytest

from axes.levels import Level
from axes.models import Framework, Orientation
from tests.axes.exchange.files import GOOD, HEADERS, book, lines
from tests.axes.exchange.jobs import examine

pytestmark = pytest.mark.django_db
LONG = "x" * 501
WIDE = "code;parent_code;niveau;titre;titre_corrige;type_priorite;s_applique_a;colonnes;mention;ligne_source"

# what is wrong: rows after the good ones, row, column, piece of the sentence
ROWS = {
    "no code": (";A;enjeu;T", 5, "code (A)", "Il manque le code"),
    "code with a space": ("A 2;A;enjeu;T", 5, "code (A)", "n’est pas un code"),
    "code with an accent": ("É;A;enjeu;T", 5, "code (A)", "sans accent"),
    "code that begins with a dot": (".1;A;enjeu;T", 5, "code (A)", "n’est pas un code"),
    "code of 21 characters": (f"{'a' * 21};A;enjeu;T", 5, "code (A)", "au plus 19"),
    "code with a slash": ("A/2;A;enjeu;T", 5, "code (A)", "n’est pas un code"),
    "code with an underscore": ("A_2;A;enjeu;T", 5, "code (A)", "n’est pas un code"),
    "code with a line break inside": ('"A\n2";A;enjeu;T', 5, "code (A)", "n’est pas un code"),
    "code in error": ("#REF!;A;enjeu;T", 5, "code (A)", "formule en erreur"),
    "same code twice": ("A.1;A;enjeu;T", 5, "code (A)", "déjà à la ligne 3"),
    "unknown parent": ("A.2;Z;enjeu;T", 5, "parent_code (B)", "Aucune orientation ne porte ce code"),
    "parent that is no code": ("A.2;l’axe A;enjeu;T", 5, "parent_code (B)", "n’est pas un code"),
    "parent in another case": ("A.2;a;enjeu;T", 5, "parent_code (B)", "Aucune orientation"),
    "its own parent": ("A.2;A.2;enjeu;T", 5, "parent_code (B)", "sous elle-même"),
    "axis under an axis": ("B;A;axe;T", 5, "parent_code (B)", "Un axe ne se place sous aucune"),
    "challenge without parent": ("A.2;;enjeu;T", 5, "parent_code (B)", "se place sous une autre orientation"),
    "priority without parent": ("A.2;;priorité;T", 5, "parent_code (B)", "Une priorité se place"),
    "no level": ("A.2;A;;T", 5, "niveau (C)", "Il manque le niveau"),
    "unknown level": ("A.2;A;action;T", 5, "niveau (C)", "Ce niveau n’existe pas"),
    "level in English": ("A.2;A;challenge;T", 5, "niveau (C)", "objectif stratégique"),
    "level as a number": ("A.2;A;2;T", 5, "niveau (C)", "Ce niveau n’existe pas"),
    "no title": ("A.2;A;enjeu;", 5, "titre (D)", "Il manque le titre"),
    "title of spaces": ("A.2;A;enjeu; \u00a0 ", 5, "titre (D)", "Il manque le titre"),
    "short row": ("A.2;A;enjeu", 5, "titre (D)", "Il manque le titre"),
    "title of 501 characters": (f"A.2;A;enjeu;{LONG}", 5, "titre (D)", "501 caractères"),
    "control character": ("A.2;A;enjeu;a\x07b", 5, "titre (D)", "U+0007"),
    "NUL": ("A.2;A;enjeu;a\x00b", 5, "titre (D)", "U+0000"),
    "NUL in a code": ("A\x002;A;enjeu;T", 5, "code (A)", "U+0000"),
    "delete character": ("A.2;A;enjeu;a\x7fb", 5, "titre (D)", "U+007F"),
}
ROWS |= {
    f"{level.label} under {above.label}": (
        f"X;A;{above.label};T\nY;X;{level.label};T",
        6,
        "parent_code (B)",
        f"ne se place pas sous {above.noun} (X)" if level != Level.AXIS else "Un axe ne se place sous",
    )
    for level in Level
    for above in Level
    if above != Level.AXIS and above.rank >= level.rank
}
# the same with all columns
WIDE_ROWS = {
    "type of a challenge": ("A.2;A;enjeu;T;;thématique;;;;", "type_priorite (F)", "Seule une priorité"),
    "unknown type": ("A-b;A;priorité;T;;urgente;;;;", "type_priorite (F)", "thématique, territoriale ou renvoi"),
    "long corrected title": (f"A.2;A;enjeu;T;{LONG};;;;;", "titre_corrige (E)", "501 caractères"),
    "applies to the unknown": ("A-b;A;priorité;T;;;Z;;;", "s_applique_a (G)", "Aucune orientation"),
    "applies to itself": ("A-b;A;priorité;T;;;A-b;;;", "s_applique_a (G)", "ne s’applique pas à elle-même"),
    "applies to its own level": ("A-b;A;priorité;T;;;A.1-a;;;", "s_applique_a (G)", "niveau plus large"),
    "applies to the narrower": ("A.2;A;enjeu;T;;;A.1-a;;;", "s_applique_a (G)", "niveau plus large"),
    "applies to no code": ("A-b;A;priorité;T;;;l’enjeu;;;", "s_applique_a (G)", "n’est pas un code"),
    "one of two unknown": ("A-b;A;priorité;T;;;A.1|Z;;;", "s_applique_a (G)", "Aucune orientation"),
    "unknown column": ("A.2;A;enjeu;T;;;;action;;", "colonnes (H)", "n’est pas un niveau"),
    "columns apart": ("A.2;A;enjeu;T;;;;enjeu|priorité;;", "colonnes (H)", "colonnes voisines"),
    "columns without its own": ("A.2;A;enjeu;T;;;;priorité;;", "colonnes (H)", "son propre niveau"),
    "column of an axis": ("B;;axe;T;;;;axe;;", "colonnes (H)", "bande entière"),
    "long mention": (f"A.2;A;enjeu;T;;;;;{'m' * 41};", "mention (I)", "41 caractères"),
    "line that is no number": ("A.2;A;enjeu;T;;;;;;dix", "ligne_source (J)", "pas un numéro de ligne"),
    "negative line": ("A.2;A;enjeu;T;;;;;;-1", "ligne_source (J)", "pas un numéro de ligne"),
    "decimal line": ("A.2;A;enjeu;T;;;;;;1.5", "ligne_source (J)", "pas un numéro de ligne"),
    "enormous line": ("A.2;A;enjeu;T;;;;;;99999999999", "ligne_source (J)", "pas un numéro de ligne"),
    "line 1e400": ("A.2;A;enjeu;T;;;;;;1e400", "ligne_source (J)", "pas un numéro de ligne"),
}
HEADER_ROWS = {
    "no code": ("parent_code;niveau;titre", "« code »"),
    "no parent": ("code;niveau;titre", "« parent_code »"),
    "no level": ("code;parent_code;titre", "« niveau »"),
    "no title": ("code;parent_code;niveau", "« titre »"),
    "none": ("a;b;c;d", "les colonnes « code », « parent_code », « niveau », « titre »"),
    "data first": ("A;;axe;Un axe", "première ligne"),
    "code twice": ("code;parent_code;niveau;titre;code", "déjà en colonne A"),
    "title twice, in another case": ("code;parent_code;niveau;titre;TITRE", "déjà en colonne D"),
    "control character": ("code;parent_code;niveau;ti\x07tre", "U+0007"),
}


def refused(data: bytes, filename: str) -> list[dict]:
    plan, _ = examine(data, filename, None)
    assert not plan.is_good
    assert not plan.writes
    assert not Framework.objects.exists()
    assert not Orientation.objects.exists()
    errors = plan.report()["errors"]
    assert all(error["message"].endswith((".", "?", "!")) for error in errors), errors
    return errors


def as_workbook(data: bytes) -> bytes:
    import csv
    import io

    return book(*csv.reader(io.StringIO(data.decode(), newline=""), delimiter=";"))


@pytest.mark.parametrize("name", ROWS)
def test_a_spoilt_row_is_named(name):
    row, number, column, sentence = ROWS[name]
    errors = refused(lines(*GOOD, row), "essai.csv")
    assert any(e["row"] == number and e["column"] == column and sentence in e["message"] for e in errors), errors


@pytest.mark.parametrize("name", [n for n, (row, *_) in ROWS.items() if not set(row) & set("\x00\x07#")])
def test_a_spoilt_row_of_a_workbook_is_named(name):
    row, number, column, sentence = ROWS[name]
    errors = refused(as_workbook(lines(*GOOD, row)), "essai.xlsx")
    assert any(e["row"] == number and e["column"] == column and sentence in e["message"] for e in errors), errors


@pytest.mark.parametrize("name", WIDE_ROWS)
def test_a_spoilt_cell_of_an_optional_column_is_named(name):
    row, column, sentence = WIDE_ROWS[name]
    good = [f"{line};;;;;;" for line in GOOD]
    errors = refused(lines(*good, row, headers=WIDE), "essai.csv")
    assert any(e["row"] == 5 and e["column"] == column and sentence in e["message"] for e in errors), errors


@pytest.mark.parametrize("name", HEADER_ROWS)
def test_spoilt_headers_are_named(name):
    headers, sentence = HEADER_ROWS[name]
    errors = refused(lines(*GOOD, headers=headers), "essai.csv")
    assert any(e["row"] == 1 and sentence in e["message"] for e in errors), errors


@pytest.mark.parametrize("length", [2, 3, 40])
def test_parents_that_turn_in_a_circle_are_named(length):
    ring = [f"R{n};R{(n + 1) % length};enjeu;T" for n in range(length)]
    errors = refused(lines(*GOOD, *ring), "essai.csv")
    assert len(errors) == length
    assert all("tournent en rond (R" in error["message"] for error in errors)


def test_all_errors_are_told_at_once_and_counted_beyond_two_hundred():
    plan, _ = examine(lines(*[f"A{n};;action;T" for n in range(300)]), "essai.csv", None)
    report = plan.report()
    assert (len(report["errors"]), report["errors_total"]) == (200, 300)
    assert [error["row"] for error in report["errors"][:3]] == [2, 3, 4]


def test_a_row_may_have_several_errors():
    errors = refused(lines("A B;;action;"), "essai.csv")
    assert [error["column"] for error in errors] == ["code (A)", "niveau (C)", "titre (D)"]


def test_headers_alone_are_refused():
    assert "n’a que des en-têtes" in refused(HEADERS.encode(), "essai.csv")[0]["message"]


def test_codes_that_differ_by_case_are_a_warning():
    plan, _ = examine(lines(*GOOD, "a;;axe;Un autre axe"), "essai.csv", None)
    assert plan.is_good
    assert "ne diffèrent que par la casse" in plan.warnings[0]
