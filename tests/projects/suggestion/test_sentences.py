"""By whole sentences: off unless installed and switched on, explained by examples, and nothing typed is kept."""

import logging
from types import SimpleNamespace

import pytest

from projects.suggestion import sentences, suggest
from projects.suggestion.clues import clues_of
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
    index = index_of(founding)
    # Nothing is said by sentences before all of them are read.
    by_words = propose(index, past, TYPED, by_sentence=False)
    assert propose(index, past, TYPED) == by_words
    sentences.vectors(index._sentences, fresh=len(index._sentences))
    first, *_ = propose(index, past, TYPED)
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
    assert all(":" not in name for name in sentences._vectors)  # those of the cache too


def test_what_another_version_of_the_model_read_is_not_kept(settings, monkeypatch):
    numpy = pytest.importorskip("numpy")
    model = SimpleNamespace(passage=lambda texts: [numpy.ones(2, dtype="float32") * len(read_by)])
    settings.SUGGESTIONS_BY_SENTENCE = True
    monkeypatch.setattr(sentences, "_package", lambda: model)
    read_by = []
    for number in ("1", "2", "1"):
        sentences._vectors.clear()
        read_by.append(number)
        monkeypatch.setattr(sentences, "_version", lambda number=number: number)
        (vector,) = sentences.vectors(["a text"])
        assert vector[0] == {"1": 1, "2": 2}[number]


def test_what_other_threads_empty_at_any_time_is_still_answered(settings, monkeypatch):
    class Emptied(dict):
        def get(self, *args):
            value = super().get(*args)
            self.clear()
            return value

    numpy = pytest.importorskip("numpy")
    settings.SUGGESTIONS_BY_SENTENCE = True
    monkeypatch.setattr(sentences, "_package", lambda: SimpleNamespace(passage=lambda texts: [numpy.ones(2)]))
    monkeypatch.setattr(sentences, "_version", lambda: "0")
    monkeypatch.setattr(sentences, "_vectors", Emptied())
    for _ in range(3):
        assert all(vector is not None for vector in sentences.vectors(["a", "b", "c"]))


def test_without_all_wordings_read_the_words_are_weighed_alone(founding, node, settings, monkeypatch):
    past = Examples([PastAction(1, PAST["title"], node("7.1").pk, PAST)])
    index = index_of(founding)
    asked = []
    monkeypatch.setattr(sentences, "typed", lambda texts: object())
    monkeypatch.setattr(index, "near_wordings", lambda sentence: asked.append(sentence) or {})
    clues = clues_of(index, past, TYPED)
    assert len(asked) == 1
    assert (clues.is_by_sentence, clues.meant_alike) == (False, {})
