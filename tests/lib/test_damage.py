"""What spreadsheets and bad conversions do to a text is recognised; what people really write is left alone."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cohesion.lib import pasted
from cohesion.lib.spreadsheets import damage

# Without « Œ »: inside a word in small letters, it is what is left of « î » (« maŒtre »).
FRENCH = "abcdeéèêëàâçîïôœùûüÿ ÉÈÀÇ’«»–—…€°-,;.:!?'0123456789"


@pytest.mark.parametrize(
    "word",
    ["#REF!", "#N/A", "#NOM?", "#NOM ?", "#DIV/0!", "#VALEUR!", "#NUL!", "#NOMBRE!", "#name?", "Err:502", "####"],
)
def test_an_error_of_a_spreadsheet_is_known(word):
    assert damage.is_error_word(word)


@pytest.mark.parametrize("word", ["-", "?", "0", "n/a", "N/A", "…", "à compléter", "nan", " ", "0,00"])
def test_what_stands_for_a_name_that_nobody_knew_is_known(word):
    assert damage.is_placeholder(word)


@pytest.mark.parametrize("word", ["CAF", "2026", "A", "#1 des jeunes", "E", "École", "Aucune exclusion"])
def test_a_name_is_a_name(word):
    assert not damage.is_placeholder(word)
    assert not damage.is_error_word(word)


@pytest.mark.parametrize("code", ["janv-26", "Jan-26", "1-mai", "mars-26", "01/01/01", "2026-01-01 00:00:00"])
def test_a_date_in_place_of_a_code_is_known(code):
    assert damage.is_date(code)


@pytest.mark.parametrize("code", ["7,75672E+13", "1E05", "1e5", "2,0E-01"])
def test_an_exponent_in_place_of_a_code_is_known(code):
    assert damage.is_exponent(code)


@pytest.mark.parametrize("code", ["1", "1.1.1", "3.10", "2026-014", "2026-05", "MAI-26", "1.E1", "A-b", "2026-a", "E5"])
def test_a_code_is_a_code(code):
    assert not damage.is_date(code)
    assert not damage.is_exponent(code)


def test_codes_that_are_one_number_for_a_spreadsheet():
    assert damage.twins("3.1", ["3.1", "3.10", "3.2", "3.1.1"]) == ["3.10"]
    assert damage.twins("1.0", ["1", "2"]) == ["1"]
    assert damage.twins("1", ["01", "1.1"]) == ["01"]
    assert damage.twins("A", ["A", "B"]) == []


@given(st.text(FRENCH, max_size=40), st.sampled_from(["cp1252", "latin-1"]), st.integers(1, 2))
def test_a_text_encoded_twice_is_found_again(text, encoding, times):
    spoilt = text
    try:
        for _ in range(times):
            spoilt = spoilt.encode().decode(encoding)
    except UnicodeDecodeError:
        return  # this reading would have stopped, not spoilt it
    assert damage.undo_twice(spoilt) == text


@given(st.text(FRENCH, max_size=60))
def test_what_the_french_write_is_no_damage(text):
    assume("â€" not in text)  # nobody writes a euro glued to such a letter: that is what damage looks like
    assert damage.undo_twice(text) == text
    assert damage.undo_cp850(text) == text


@pytest.mark.parametrize(
    ("spoilt", "meant"),
    [
        ("R‚ussite", "Réussite"),
        ("‚ducation", "éducation"),
        ("activit‚ sportive", "activité sportive"),
        ("fran‡ais", "français"),
    ],
)
def test_accents_of_another_age_are_known(spoilt, meant):
    assert damage.undo_cp850(spoilt) == meant


def test_letters_that_became_question_marks():
    assert damage.has_lost_letters("R?ussite")
    assert damage.has_lost_letters("R?USSITE ÉDUCATIVE")
    assert damage.has_lost_letters("l’?ducation")
    for text in ("Pourquoi ? Comment ?", "Quoi?Comment", "https://a.fr/x?page=1", "Et après?", "??"):
        assert not damage.has_lost_letters(text), text


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("so\u00adcial", "social"),
        ("a\u200bb\u200cc\ufeffd\u2060e", "abcde"),
        ("\u202egauche\u202c\u2066x\u2069", "gauchex"),
        ("\uf0b7\tune puce\n\uf0a7 une autre", "•\tune puce\n• une autre"),
        ("une\x0bdeux\u2028trois\u2029quatre", "une\ndeux\ntrois\nquatre"),
        ("aide\x1eménagère\x1f", "aide-ménagère"),
        ("e\u0301cole", "école"),
        ("a\u200db", "ab"),
        ("👨\u200d👩\u200d👧 ✔️ 1️⃣", "👨\u200d👩\u200d👧 ✔️ 1️⃣"),
        ("10\u202f000\u00a0€", "10\u202f000\u00a0€"),
        ("\x00\x07", "\x00\x07"),
    ],
)
def test_what_is_pasted_is_cleaned(typed, cleaned):
    assert pasted.clean(typed) == cleaned


@given(st.text(max_size=40))
def test_cleaning_is_done_once_and_says_what_it_takes_away(text):
    cleaned = pasted.clean(text)
    assert pasted.clean(cleaned) == cleaned
    assert pasted.unseen(cleaned) == []
    assert len(cleaned) == len(text) or pasted.unseen(text) or len(cleaned) < len(text)
