"""Orientations proposed from what a lead writes, with the words that led to them."""

import lzma
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes import document
from axes.levels import LINKABLE_LEVELS, Level
from axes.models import Framework
from projects.suggestion import marked, meaning, suggest, too_high
from projects.suggestion.index import SuggestionIndex
from projects.suggestion.meaning import HEADER
from projects.suggestion.spelling import Spelling
from projects.suggestion.suggesting import _best
from projects.suggestion.thesaurus import BadThesaurus, Leading, parse, thesaurus
from projects.suggestion.words import FIELD_LENGTH, FIELD_WORDS, passages
from tests.factories import FrameworkFactory, OrientationFactory

pytestmark = pytest.mark.django_db


def test_a_damaged_table_of_meanings_leaves_the_words_alone(founding, monkeypatch, tmp_path, caplog):
    for number, content in enumerate((b"rien", lzma.compress(b"rien"), lzma.compress(HEADER.pack(3, 1, 1, 2) + b"ab"))):
        damaged = tmp_path / f"{number}.xz"
        damaged.write_bytes(content)
        for table in (damaged, tmp_path / "missing.xz"):
            monkeypatch.setattr(meaning, "TABLE", table)
            meaning._table.cache_clear()
            caplog.clear()
            assert meaning.meanings() is None
            assert "ne se lit pas" in caplog.text
    assert suggest(founding, {"title": "Médiation sociale"})
    monkeypatch.undo()
    meaning._table.cache_clear()
    assert meaning.meanings() is not None


def codes(found):
    return [one.orientation.code for one in found]


def first(framework, **texts):
    return suggest(framework, texts)[0]


# --- words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    [
        "Médiation sociale",
        "mediation sociale",
        "MÉDIATIONS SOCIALES",
        "De la médiation sociale",
        "Un atelier d’médiation sociale",
        "Me\u0301diation sociale",
        "Médiattion sociale",
    ],
)
def test_inflection_accents_elision_and_a_slip_do_not_matter(founding, title):
    assert first(founding, title=title).orientation.code == "6.1.1"


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Aide aux devoirs", "5.2.1"),
        ("Souvenirs de l’ancien temps", "8.1.4"),
        ("Cours de français pour adultes étrangers", "2.1.3-a"),
        ("Garde d’enfants, crèches et nounous", "5.3.1"),
        ("Des locataires et leur bailleur", "4.1"),
        ("Le QPV", "6.1.1-b"),
    ],
)
def test_the_words_of_the_field_lead_to_those_of_the_framework(founding, title, code):
    assert code in codes(suggest(founding, {"title": title}))[:2]


def test_a_term_of_several_words_takes_them(founding):
    """« auto-école » is about work, not about school."""
    assert codes(suggest(founding, {"title": "Auto-école"}))[0].startswith("3.")
    assert codes(suggest(founding, {"title": "École"}))[0].startswith("5.2.1")


def test_the_words_are_given_back_as_typed_in_their_order_each_once(founding):
    texts = {
        "title": "Santé\u00a0: des DÉPISTAGES",
        "need": "le médecin est parti",
        "description": "Aide\n aux   soins, dépistages",
    }
    found = first(founding, **texts)
    assert found.orientation.code == "7.1.1"
    assert found.matched == ("Santé", "DÉPISTAGES", "médecin", "soins")


def test_the_words_are_marked_where_they_stand(founding):
    text = "Faire l’aide\naux devoirs, et l’AIDE aux devoirs <b>"
    found = first(founding, description=text)
    pieces = marked(text, found)
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.is_hit] == ["aide\naux devoirs", "AIDE aux devoirs"]


def test_a_title_weighs_more_than_a_description(founding):
    one = first(founding, title="Médiation", description="Crèche")
    other = first(founding, title="Crèche", description="Médiation")
    assert one.node.axis.orientation.code == "6"
    assert other.node.axis.orientation.code == "5"


# --- what is proposed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["", "   ", "azerty qsdfgh", "2026 – 12 000 €", "Le projet de l’association", "\x00\x07\u202e", "de la"]
)
def test_nothing_is_proposed_for_what_resembles_nothing(founding, title):
    assert suggest(founding, {"title": title, "need": "", "description": ""}) == []
    assert suggest(founding, {}) == []


def test_only_what_an_action_may_be_linked_to_is_proposed_each_once(founding):
    everything = " ".join(str(node.orientation) for node in document.read_nodes(founding))
    found = suggest(founding, {"description": everything}, 99)
    assert len(found) == len(set(codes(found))) > 1
    assert {one.orientation.level for one in found} <= set(LINKABLE_LEVELS)


def test_the_best_come_first_and_no_more_than_asked(founding):
    texts = {"title": "Aide aux devoirs, sport et loisirs pour les jeunes et leurs familles"}
    found = suggest(founding, texts, limit=3)
    assert len(found) == 3
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert codes(suggest(founding, texts))[:3] == codes(found)


def test_what_is_far_behind_is_still_in_order_and_what_is_as_good_in_that_of_the_document():
    assert _best({1: 1e-8, 2: 2e-8, 4: 1.0, 3: 1.0 - 1e-9}) == [3, 4, 2, 1]


def test_an_orientation_is_also_about_what_it_stands_under(founding):
    """« Maillage territorial de cette fonction » says nothing by itself."""
    texts = {"title": "Un point d’information pour les jeunes et leurs familles, itinérant dans toute la campagne"}
    assert "5.1.1-a" in codes(suggest(founding, texts))[:2]


def test_a_merged_cell_is_about_all_objectives_that_it_applies_to_and_comes_once(founding):
    sport = codes(suggest(founding, {"title": "Sport et loisirs des enfants d’un quartier prioritaire"}))
    assert sport.count("5.2.3-a") == 1


def test_a_change_of_the_framework_is_seen_at_once(founding, node):
    assert suggest(founding, {"title": "Apiculture"}) == []
    orientation = node("8.1.4")
    orientation.title = "Développer l’apiculture"
    orientation.save()
    assert codes(suggest(Framework.objects.get(pk=founding.pk), {"title": "Apiculture"})) == ["8.1.4"]


def test_a_framework_without_orientations_proposes_nothing():
    assert suggest(FrameworkFactory(), {"title": "Emploi"}) == []


# --- a link too high ------------------------------------------------------------------------------------------


def test_a_link_too_high_is_told_with_what_says_more_under_it(founding, node):
    texts = {"title": "Cours de français pour adultes", "description": "Ateliers linguistiques"}
    found = too_high(founding, node("2.1"), texts)
    assert codes(found)[0] == "2.1.3-a"
    assert all(code.startswith("2.1.") for code in codes(found))
    assert found[0].matched
    assert codes(too_high(founding, node("2.1.3"), texts)) == ["2.1.3-a"]


def test_merged_cells_count_as_under_the_objectives_that_they_apply_to(founding, node):
    texts = {"title": "Sport dans le quartier prioritaire"}
    assert "5.2.3-a" in codes(too_high(founding, node("5.2.2"), texts))


def test_a_link_that_is_narrow_enough_is_not_told(founding, node):
    texts = {"title": "Cours de français pour adultes"}
    assert too_high(founding, node("2.1.3-a"), texts) == []
    assert too_high(founding, node("7.1"), texts) == []
    assert too_high(founding, node("2.1"), {"title": "qsdfgh"}) == []
    assert too_high(founding, OrientationFactory(), texts) == []


def test_a_read_node_serves_as_well_as_an_orientation(founding, node):
    texts = {"title": "Cours de français pour adultes"}
    read = next(one for one in document.read_nodes(founding) if one.orientation.code == "2.1")
    assert too_high(founding, read, texts) == too_high(founding, node("2.1"), texts) != []


# --- bounds ---------------------------------------------------------------------------------------------------


def test_a_framework_is_read_once_for_each_of_its_states(founding):
    texts = {"title": "Aide aux devoirs"}
    suggest(founding, texts)
    with CaptureQueriesContext(connection) as queries:
        for _ in range(3):
            suggest(founding, texts)
            too_high(founding, document.kept(founding)[1], texts)
    assert len(queries) == 6  # each time the council's own words, and nothing else


def test_the_first_time_costs_the_reading_of_the_framework(founding):
    founding.save()
    with CaptureQueriesContext(connection) as queries:
        suggest(founding, {"title": "Emploi"})
    # The council's own words, the framework, its orientations, what was retained.
    assert len(queries) == 4


def test_no_more_is_read_than_a_declaration_holds():
    (one,) = passages({"description": "mot " * 20_000})
    assert len(one.text) == FIELD_LENGTH
    assert len(one.words) <= FIELD_WORDS


def test_a_long_paste_is_answered_at_once(founding):
    text = " ".join(f"mot{number}x emploi\x00" for number in range(2_000))[:20_000]
    suggest(founding, {"title": "Emploi"})
    start = time.perf_counter()
    found = suggest(founding, {"title": "Emploi", "need": text, "description": text})
    assert time.perf_counter() - start < 1
    assert found[0].matched == ("Emploi",)


# Words that lead somewhere, among others that do not, in whatever order.
written = st.sampled_from(
    [
        "l’emploi",
        "SANTÉ",
        "sante\u0301",
        "devoirs",
        "aide",
        "aux",
        "de",
        "vie\n",
        "parents-enfants",
        "QPV",
        "œuvre",
        "ﬁn",
        "İ",
    ]
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=st.text(max_size=200) | written,
    description=st.lists(written | st.text(max_size=40), max_size=40).map(" ".join),
)
def test_whatever_is_typed_is_answered_and_marked(founding, title, description):
    texts = {"title": title, "description": description}
    for one in suggest(founding, texts):
        assert one.matched
        assert "".join(piece.text for piece in marked(description, one)) == description
    for one in too_high(founding, document.kept(founding)[1], texts):
        assert one.orientation.level != Level.AXIS


# --- the thesaurus --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("emploi travail", "ligne 2 : « = » manque."),
        ("emploi =", "ligne 2 : «\u00a0\u00a0» n’a aucun mot qui compte."),
        ("emploi = travail, de la", "ligne 2 : « de la » n’a aucun mot qui compte."),
        ("= travail", "ligne 2 : «\u00a0\u00a0» n’a aucun mot qui compte."),
    ],
)
def test_a_line_of_the_thesaurus_that_says_nothing_is_refused(line, sentence):
    with pytest.raises(BadThesaurus, match="Thésaurus") as refusal:
        parse(f"# des mots\n{line}\n")
    assert str(refusal.value).endswith(sentence)


def test_the_thesaurus_knows_no_code(founding):
    known = {node.orientation.code for node in document.read_nodes(founding)}
    heads = {key for head, *_ in thesaurus().heads for keys in head for key in keys}
    assert heads.isdisjoint(known)


def test_every_head_of_the_thesaurus_leads_somewhere_in_the_founding_text(founding):
    heads = [head for head, *_ in thesaurus().heads]
    numbered = parse("")
    numbered.heads = [Leading(head, [(frozenset({f"rang{rank}"}),)]) for rank, head in enumerate(heads)]
    filed = SuggestionIndex(founding, numbered)._heads
    assert [head for rank, head in enumerate(heads) if f"rang{rank}" not in filed] == []


# --- slips ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("slip", ["logment", "loggement", "logemant", "logemnet"])
def test_a_letter_too_many_too_few_changed_or_exchanged_is_a_slip(slip):
    assert Spelling(["logement", "emploi"]).nearest(slip) == "logement"


@pytest.mark.parametrize("word", ["parlent", "logis", "emplo", "mogement", "logarithme", ""])
def test_another_word_is_no_slip(word):
    assert Spelling(["logement", "emploi", "parent"]).nearest(word) is None


def test_two_slips_are_forgiven_in_a_long_word_only():
    known = Spelling(["accompagnement", "logement"])
    assert known.nearest("acompagnememt") == "accompagnement"
    assert known.nearest("logmant") is None


def test_a_word_that_french_knows_is_no_slip():
    known = Spelling(["scolaires", "logement", "mediation"])
    assert [known.nearest(word) for word in ("solaires", "logement", "meditation")] == [None, None, None]


# --- when to be silent ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "texts",
    [
        {"title": "Panneaux solaires", "description": "Sur le toit de la salle"},
        {"title": "Repas annuel des chasseurs", "description": "Gibier et tombola"},
        {"title": "Vente de bois de chauffage", "description": "Livré à domicile"},
        {"title": "Plumes", "description": "Une qualification, des plumes et du goudron"},
    ],
)
def test_one_ordinary_word_is_never_enough(founding, texts):
    assert suggest(founding, texts) == []


def test_an_acronym_is_no_beginning_of_a_word(founding):
    assert not any(code.startswith("7") for code in codes(suggest(founding, {"title": "Café des parents"})))
    assert "5.2.1-a" not in codes(suggest(founding, {"title": "Repas, repos et parents"}))
    for title in ("Projet avec le REP", "projet avec le rep", "PROJET AVEC LE REP"):
        assert codes(suggest(founding, {"title": title}))[0] == "5.2.1-a"


def test_a_priority_whose_parents_subject_is_absent_does_not_attract(founding):
    """« Logement », « emploi » stand in a priority about the social projects, that says so above only."""
    assert "1.1.1-b" not in codes(suggest(founding, {"title": "Logement", "description": "Un logement, un bail"}))
    with_it = {"title": "Logement et PST", "description": "Le PST et le logement, un nouveau chantier"}
    assert "1.1.1-b" in codes(suggest(founding, with_it))
