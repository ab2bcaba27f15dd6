"""Which words of a text became which others."""

from cohesion.lib.changed_words import TextRun, changed_words


def test_the_words_that_changed_are_told_from_those_that_are_kept():
    old = "Développer la prévention et la médiation dans les quartiers"
    new = "Développer la prévention et la tranquillité dans tous les quartiers"
    assert changed_words(old, new) == [
        TextRun("Développer la prévention et la"),
        TextRun("médiation", is_gone=True),
        TextRun("tranquillité", is_new=True),
        TextRun("dans"),
        TextRun("tous", is_new=True),
        TextRun("les quartiers"),
    ]


def test_two_other_texts_and_short_ones_are_read_one_after_the_other():
    assert changed_words("En cours", "Bilan reçu") == []
    assert changed_words("un deux trois quatre cinq six", "sept huit neuf dix onze douze") == []
