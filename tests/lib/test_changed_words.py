"""Which words of a text became which others."""

from cohesion.lib.changed_words import Piece, changed_words


def test_the_words_that_changed_are_told_from_those_that_are_kept():
    old = "Développer la prévention et la médiation dans les quartiers"
    new = "Développer la prévention et la tranquillité dans tous les quartiers"
    assert changed_words(old, new) == [
        Piece("Développer la prévention et la"),
        Piece("médiation", is_gone=True),
        Piece("tranquillité", is_new=True),
        Piece("dans"),
        Piece("tous", is_new=True),
        Piece("les quartiers"),
    ]


def test_two_other_texts_and_short_ones_are_read_one_after_the_other():
    assert changed_words("En cours", "Bilan reçu") == []
    assert changed_words("un deux trois quatre cinq six", "sept huit neuf dix onze douze") == []
