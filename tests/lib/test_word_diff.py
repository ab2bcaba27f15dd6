"""Two wordings compared word by word."""

from hypothesis import given
from hypothesis import strategies as st

from cohesion.lib.word_diff import WordChange, WordPiece, word_diff
from cohesion.templatetags.cohesion_text import redline

WORDINGS = st.lists(st.sampled_from(["soutenir", "les", "familles", "l’", "emploi", " ", ",", "(PST)"]), max_size=12)


@given(WORDINGS.map(" ".join), WORDINGS.map(" ".join))
def test_each_wording_can_be_read_out_of_what_changed(before, after):
    pieces = word_diff(before, after)

    assert "".join(piece.text for piece in pieces if piece.change != WordChange.ADDED) == before
    assert "".join(piece.text for piece in pieces if piece.change != WordChange.REMOVED) == after


def test_what_changed_is_told_in_whole_words_and_neighbours_together():
    assert word_diff("Soutenir les projets des jeunes", "Soutenir toute initiative des jeunes") == [
        WordPiece(WordChange.SAME, "Soutenir "),
        WordPiece(WordChange.REMOVED, "les projets"),
        WordPiece(WordChange.ADDED, "toute initiative"),
        WordPiece(WordChange.SAME, " des jeunes"),
    ]
    elided = [piece.text for piece in word_diff("Soutenir les actions d’éveil", "Soutenir l’éveil")]
    assert elided == ["Soutenir ", "les actions d’", "l’", "éveil"]


def test_a_page_tells_it_without_colours_and_escapes_what_was_typed():
    shown = redline("a <b>", "a c")

    assert "[retiré\u00a0: </span>&lt;b&gt;<" in shown
    assert "[ajouté\u00a0: </span>c<" in shown
