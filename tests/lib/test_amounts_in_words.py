"""Amounts in words: the rules of French, said by cases."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib.amounts_in_words import LARGEST, euros_in_words, number_in_words

CASES = {
    0: "zéro",
    1: "un",
    16: "seize",
    21: "vingt-et-un",
    61: "soixante-et-un",
    70: "soixante-dix",
    71: "soixante-et-onze",
    77: "soixante-dix-sept",
    80: "quatre-vingts",
    81: "quatre-vingt-un",
    91: "quatre-vingt-onze",
    99: "quatre-vingt-dix-neuf",
    100: "cent",
    101: "cent-un",
    200: "deux-cents",
    201: "deux-cent-un",
    280: "deux-cent-quatre-vingts",
    1_000: "mille",
    1_100: "mille-cent",
    2_300: "deux-mille-trois-cents",
    80_000: "quatre-vingt-mille",
    200_000: "deux-cent-mille",
    1_000_000: "un-million",
    80_000_000: "quatre-vingts-millions",
    200_000_001: "deux-cents-millions-un",
    3_000_000_000: "trois-milliards",
}


@pytest.mark.parametrize(("number", "words"), CASES.items())
def test_numbers_are_written_as_french_writes_them(number, words):
    assert number_in_words(number) == words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "zéro euro"),
        ("1", "un euro"),
        ("1200", "mille-deux-cents euros"),
        ("23000.50", "vingt-trois-mille euros et cinquante centimes"),
        ("12.01", "douze euros et un centime"),
        ("1000000", "un-million d’euros"),
        ("1200000", "un-million-deux-cent-mille euros"),
    ],
)
def test_euros_say_their_cents_and_their_de(amount, words):
    assert euros_in_words(Decimal(amount)) == words


@given(st.integers(0, int(LARGEST)), st.integers(0, int(LARGEST)))
def test_two_numbers_never_have_the_same_words(one, other):
    assert (number_in_words(one) == number_in_words(other)) == (one == other)
