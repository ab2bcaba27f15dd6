"""By whole sentences: off unless installed and switched on, explained by examples, and nothing typed is kept."""

import logging

import pytest

from projects.suggestion import sentences, suggest
from projects.suggestion.examples import Examples, PastAction
from projects.suggestion.index import index_of
from projects.suggestion.suggesting import propose

pytestmark = pytest.mark.django_db
TYPED = {"title": "Sucre, sel, gras", "description": "Cuisiner avec une diététicienne"}
PAST = {"title": "Bien manger", "description": "Des repas équilibrés préparés avec une nutritionniste"}


def test_without_the_package_the_words_are_enough_and_the_log_says_so(founding, settings, monkeypatch, caplog):
    wanted = suggest(founding, {"title": "Médiation sociale"})
    assert sentences.typed(TYPED) is None
    settings.SUGGESTIONS_BY_SENTENCE = True
    monkeypatch.setattr(sentences, "PACKAGE", "a_package_that_nobody_has")
    sentences._package.cache_clear()
    with caplog.at_level(logging.WARNING, "projects.suggestion.sentences"):
        assert suggest(founding, {"title": "Médiation sociale"}) == wanted != []
    assert "n’est pas installé" in caplog.text
    sentences._package.cache_clear()


def test_what_is_told_in_other_words_is_like_a_past_action_and_nothing_typed_is_kept(founding, node, settings):
    pytest.importorskip(sentences.PACKAGE)
    settings.SUGGESTIONS_BY_SENTENCE = True
    sentences._vectors.clear()
    past = Examples([PastAction(1, PAST["title"], node("7.1").pk, PAST)])
    assert past.like(TYPED) == {}  # not a word is shared
    first, *_ = propose(index_of(founding), past, TYPED)
    assert (first.orientation.code, first.example.title) == ("7.1", "Bien manger")
    near = past.meant_like(sentences.typed(TYPED), TYPED)
    sentences._vectors.clear()  # as another process: what is public is in the cache
    assert past.meant_like(sentences.typed(TYPED), TYPED)[node("7.1").pk].nearness == pytest.approx(
        near[node("7.1").pk].nearness, abs=0.001
    )
    assert len(sentences._vectors) == 1  # of the past action, and not of what was typed


def test_so_many_texts_are_read_while_somebody_waits(settings):
    pytest.importorskip(sentences.PACKAGE)
    settings.SUGGESTIONS_BY_SENTENCE = True
    sentences._vectors.clear()
    assert [vector is None for vector in sentences.vectors(["a", "b", "c"], fresh=2)] == [False, False, True]
    assert all(vector is not None for vector in sentences.vectors(["a", "b", "c"], fresh=2))
