"""Words that count as one word, and words meant by their misspellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib import french


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
