"""Words that count as one word, and words meant by their misspellings."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib import french

BASE_DIR = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("éducatif", "éducative"),
        ("éducatif", "educatives"),
        ("santé", "SANTÉ"),
        ("santé", "sante"),
        ("priorités", "priorite"),
        ("œuvre", "oeuvre"),
        ("Œuvres", "oeuvre"),
        ("emplois", "emploi"),
        ("actions", "Action"),
        ("sociaux", "social"),
        ("sociaux", "sociales"),
        ("projets", "projet"),
        ("enjeux", "enjeu"),
        ("réseaux", "reseau"),
        ("égalité", "egalite"),
        ("développement", "developper"),
        ("e\u0301ducation", "éducation"),
    ],
)
def test_two_forms_of_a_word_share_a_key(one, other):
    assert french.keys(one) & french.keys(other)


@pytest.mark.parametrize(
    ("one", "other"), [("habitat", "habitants"), ("emploi", "employeur"), ("lieu", "lien"), ("action", "acteur")]
)
def test_two_different_words_share_none(one, other):
    assert not french.keys(one) & french.keys(other)


def test_an_apostrophe_of_either_kind_ends_a_word():
    for text in ("l'emploi", "l’emploi"):
        assert [token.word for token in french.tokens(text)] == ["l", "emploi"]


def test_stop_words_are_left_out_unless_there_is_nothing_else():
    assert [token.word for token in french.significant("l’accès de tous à la santé")] == ["accès", "santé"]
    assert [token.word for token in french.significant("de la")] == ["de", "la"]


@given(st.text())
def test_tokens_stand_in_order_at_the_places_that_they_state(text):
    end = 0
    for token in french.tokens(text):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.word
        end = token.end


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("snaté", "santé"), ("habitents", "habitants"), ("logemment", "logement"), ("médation", "médiation")],
)
def test_a_mistyped_word_is_recognised(typed, meant):
    assert french.Speller(["santé", "habitants", "logement", "médiation", "emploi"]).nearest(typed) == meant


def test_a_word_that_resembles_nothing_has_no_nearest():
    assert french.Speller(["santé", "emploi"]).nearest("xylophone") is None


def test_a_shortened_text_does_not_end_on_a_word_that_calls_for_the_next():
    assert french.shortened("Agir en faveur de l’accès aux soins", 5) == "Agir en faveur…"
    assert french.shortened("Santé", 5) == "Santé"


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (385, 1000, "39\u00a0%"),
        (5, 1000, "moins de\u00a01\u00a0%"),
        (1, 100, "1\u00a0%"),
        (0, 7, "0\u00a0%"),
        (7, 7, "100\u00a0%"),
        (997, 1000, "plus de\u00a099\u00a0%"),
        (985, 1000, "99\u00a0%"),
        (25, 10, "250\u00a0%"),
        (3, 0, ""),
        (Decimal("12.5"), Decimal(100), "13\u00a0%"),
    ],
)
def test_a_share_is_rounded_half_away_from_zero_and_is_never_nothing_by_rounding(part, whole, said):
    assert french.percent(part, whole) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0"),
        (3, "3"),
        (0.25, "0,3"),
        (Decimal("0.25"), "0,3"),
        (0.15, "0,2"),
        (2.05, "2,1"),
        (-0.25, "-0,3"),
        (0.04, "moins de\u00a00,1"),
        (0.96, "1"),
        (Decimal("1250.50"), "1\u202f250,5"),
    ],
)
def test_a_number_has_one_decimal_rounded_half_away_from_zero(number, said):
    assert french.decimal_fr(number) == said


def test_no_other_rounding_writes_a_number_that_is_read():
    """Python's own rounds half to even: what one page says would not be what the other does."""
    sources = [path for app in ("axes", "cohesion", "projects") for path in (BASE_DIR / app).rglob("*.py")]
    written = re.compile(r"\{round\(|:\.\d[f%]\}[^\n]*(?:NBSP|habitants|heures)")
    rounding = [path for path in sources if written.search(path.read_text())]
    assert {path.name for path in rounding} <= {"text.py"}  # a length of the layout
    templates = [path for path in (BASE_DIR / "templates").rglob("*.html") if "floatformat" in path.read_text()]
    assert not templates
