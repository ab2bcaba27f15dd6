"""Plain texts as pages show them, and codes as people count."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st
from justhtml import JustHTML

from cohesion.lib.natural import natural_key
from cohesion.lib.prose import prose


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("Une phrase.", "<p>Une phrase.</p>"),
        ("Un.\n\n\nDeux.", "<p>Un.</p><p>Deux.</p>"),
        ("Une ligne\nune autre", "<p>Une ligne<br>une autre</p>"),
        ("Trois :\n- un\n• deux\n– trois", "<p>Trois\u00a0:</p><ul><li>un</li><li>deux</li><li>trois</li></ul>"),
        ("1. un\n2) deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("2026 - une année", "<p>2026 - une année</p>"),
        ("-10 degrés", "<p>-10 degrés</p>"),
    ],
)
def test_paragraphs_and_lists_are_shown_as_they_were_typed(text, shown):
    assert prose(text) == shown


@given(st.text(alphabet=st.sampled_from("a<>&\"'/=- \n•1.)é"), max_size=60))
def test_nothing_of_a_text_is_html(text):
    shown = prose(text)
    JustHTML(f"<!DOCTYPE html><title>x</title>{shown}", strict=True)
    tags = {"<p>", "</p>", "<ul>", "</ul>", "<ol>", "</ol>", "<li>", "</li>", "<br>"}
    for tag in tags:
        shown = shown.replace(tag, "")
    assert "<" not in shown
    assert ">" not in shown


@pytest.mark.parametrize(
    "codes",
    [
        ["2026-2", "2026-9", "2026-10", "2026-a", "2027-1"],
        ["PST-1", "PST-02", "PST-10"],
        ["A", "A-1", "A-1-b", "A-2", "B"],
        ["9", "10", "100", "a"],
    ],
)
def test_codes_are_sorted_as_people_count(codes):
    assert sorted(set(codes), key=natural_key) == codes


@given(st.from_regex(r"[0-9A-Za-z][0-9A-Za-z._\-]{0,29}", fullmatch=True))
def test_the_key_of_a_code_fits_its_column_and_has_no_sign_that_databases_sort_apart(code):
    key = natural_key(code)
    assert len(key) <= 60
    assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())


@pytest.mark.parametrize("typed", ["01/09/2027", "1/9/2027", "1/9/27", "01092027", "1.9.2027", "2027-09-01"])
def test_a_form_takes_a_day_as_the_french_write_it(typed):
    assert forms.DateField().clean(typed).isoformat() == "2027-09-01"
