"""Search finds what was meant, best first, and says where it found it."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes import tree
from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.search import QUERY_LENGTH, clean, search
from tests.factories import FrameworkFactory, OrientationFactory

pytestmark = pytest.mark.django_db


def codes(results):
    return [hit.orientation.code for hit in results.hits]


def found_words(hit):
    return [segment.text for segment in hit.wording if segment.is_hit]


@pytest.mark.parametrize(
    "spellings",
    [
        ["éducatif", "éducative", "educatifs", "ÉDUCATIVES"],
        ["santé", "sante", "SANTÉ", "Santé"],
        ["priorités", "priorite", "Priorité"],
        ["œuvre", "oeuvre", "OEUVRES"],
        ["l’emploi", "l'emploi", "emploi", "emplois", "de l’emploi"],
        ["actions", "action", "l’action"],
        ["sociaux", "social", "sociale"],
        ["projets", "projet", "les projets"],
        ["quartiers prioritaires", "quartier prioritaire", "QUARTIERS  PRIORITAIRES"],
    ],
)
def test_accents_case_plurals_and_inflection_do_not_matter(founding, spellings):
    first, *others = [codes(search(founding, spelling)) for spelling in spellings]
    assert first
    assert all(other == first for other in others)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("5.2", "5.2"),
        ("axe 5", "5"),
        ("Axe n° 5", "5"),
        ("5.2.3-a", "5.2.3-a"),
        ("5.2.3-A", "5.2.3-a"),
        ("« 5.2 »", "5.2"),
        ("priorité 5.2.3‑a", "5.2.3-a"),
        ("5.e1", "5.E1"),
    ],
)
def test_a_code_finds_the_one_orientation_that_bears_it(founding, typed, code):
    assert codes(search(founding, typed)) == [code]


def test_a_code_with_a_word_looks_in_its_branch_first(founding):
    assert codes(search(founding, "axe 7 habitants"))[:2] == ["7.E1", "7"]


def test_a_number_that_stands_in_a_wording_is_found_there_too(founding):
    assert codes(search(founding, "3")) == ["3", "2.1.3-a"]


@pytest.mark.parametrize(
    ("acronym", "expansion", "code"),
    [
        ("PST", "projet social de territoire", "1.1.1"),
        ("ASV", "atelier santé ville", "7.1.1-a"),
        ("FSIH", "fonds de soutien aux initiatives des habitants", "2.1.2-b"),
        ("AVSL", "ateliers de vie sociaux linguistiques", "2.1.3-a"),
        ("REP", "réseau d’éducation prioritaire", "5.2.1-a"),
        ("PLH", "programme local de l’habitat", "4.1-a"),
        ("ZUS", "zones urbaines sensibles", "2.1.3-a"),
    ],
)
def test_an_acronym_and_its_meaning_find_each_other(founding, acronym, expansion, code):
    assert code in codes(search(founding, acronym))
    results = search(founding, expansion)
    assert code in codes(results)[: results.complete]
    assert set(codes(search(founding, acronym))) <= set(codes(results)[: results.complete])


def test_an_acronym_without_a_known_meaning_is_found_as_it_is(founding):
    assert set(codes(search(founding, "prh"))) == {"1.1.3", "1.1.3-a", "2.1.2-a"}


def test_stop_words_are_ignored_unless_the_query_has_nothing_else(founding):
    assert codes(search(founding, "la santé")) == codes(search(founding, "santé"))
    assert "7" in codes(search(founding, "à la"))


def test_the_last_word_may_be_unfinished_but_not_the_first(founding):
    assert "6.1.1" in codes(search(founding, "média"))
    assert "2.1.3" in codes(search(founding, "savoirs fond"))
    assert not any("médiation" in found_words(hit) for hit in search(founding, "média sociale").hits)


def test_words_between_quotation_marks_are_found_side_by_side_only(founding):
    for typed in ("« lien social »", '"lien social"', "“LIEN SOCIAL”"):
        assert set(codes(search(founding, typed))) == {"6", "6.1", "5.2.1-a", "5.2.3", "8.1"}
    assert codes(search(founding, "« social lien »")) == []


def test_orientations_with_all_the_words_come_before_those_with_some(founding):
    results = search(founding, "habitants santé")
    complete = [hit.is_complete for hit in results.hits]
    assert complete == sorted(complete, reverse=True)
    assert codes(results)[0] == "7.E1"
    assert 0 < results.complete < len(results.hits)


def test_a_rarer_word_weighs_more(founding):
    results = search(founding, "parentale projets")
    assert codes(results)[0] == "5.2.4"


def test_the_displayed_form_comes_before_the_adopted_one_then_short_then_the_document_order():
    framework = FrameworkFactory()
    for code, title, corrected in [
        ("A", "Le jardin ancien", "Le parc ancien"),
        ("B", "Un grand et très vaste jardin partagé", ""),
        ("C", "Le jardin neuf", ""),
        ("D", "Le jardin clos", ""),
    ]:
        OrientationFactory(framework=framework, code=code, title=title, corrected_title=corrected)
    framework.refresh_from_db()
    assert codes(search(framework, "jardin")) == ["C", "D", "B", "A"]


def test_the_adopted_wording_is_searched_and_shown_where_only_it_matches(founding):
    (hit,) = search(founding, "tranquilite").hits
    assert hit.orientation.code == "6"
    assert found_words(hit) == []
    assert [segment.text for segment in hit.adopted if segment.is_hit] == ["TRANQUILITE"]
    (hit,) = search(founding, "tranquillité").hits
    assert found_words(hit) == ["Tranquillité"]
    assert hit.adopted == []


def test_marked_pieces_give_the_wording_back(founding):
    for typed in ("habitants", "« lien social »", "FSIH", "5.2", "à la", "l’accès"):
        for hit in search(founding, typed).hits:
            assert "".join(segment.text for segment in hit.wording) == hit.orientation.display_title


def test_a_hit_knows_its_path_to_the_axis(founding):
    (hit,) = search(founding, "5.2.3-a").hits
    assert [orientation.code for orientation in hit.path] == ["5", "5.E1", "5.2", "5.2.3"]
    assert hit.axis.code == "5"


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("snaté", "santé"),
        ("logemment", "logement"),
        ("santé des habitents", "santé des habitants"),
        ("5.2.9", "5.2"),
        ("5.2.3-z", "5.2.3"),
    ],
)
def test_a_mistyped_query_gets_a_suggestion_that_finds_something(founding, typed, suggested):
    results = search(founding, typed)
    assert results.suggestion == suggested
    assert search(founding, suggested).hits


def test_a_known_query_and_a_hopeless_one_get_no_suggestion(founding):
    assert search(founding, "santé").suggestion == ""
    assert search(founding, "xylophone").suggestion == ""


def test_facets_count_what_choosing_them_would_show(founding):
    results = search(founding, "social")
    for axis, count in results.axes.items():
        assert len(search(founding, "social", axes=[axis]).hits) == count
    for level, count in results.levels.items():
        assert len(search(founding, "social", levels=[level]).hits) == count
    narrowed = search(founding, "social", axes=["5", "6"], levels=[Level.PRIORITY])
    assert {hit.axis.code for hit in narrowed.hits} <= {"5", "6"}
    assert {hit.orientation.level for hit in narrowed.hits} == {Level.PRIORITY}
    assert narrowed.levels == search(founding, "social", axes=["5", "6"]).levels


def test_what_was_changed_a_moment_ago_is_found(founding, node):
    assert not search(founding, "ludothèque").hits
    changed = node("7.1")
    changed.corrected_title = "Ouvrir une ludothèque"
    changed.save()
    founding.refresh_from_db()
    assert codes(search(founding, "ludothèque")) == ["7.1"]


def test_searching_again_costs_no_query(founding, django_assert_num_queries):
    with django_assert_num_queries(2):
        search(founding, "santé")
    with django_assert_num_queries(0):
        search(founding, "habitants logement")


def test_an_unknown_query_an_empty_one_and_an_empty_framework_find_nothing(founding):
    assert codes(search(founding, "xylophone")) == codes(search(founding, "")) == codes(search(founding, "?!…")) == []
    assert codes(search(FrameworkFactory(), "santé")) == []


def test_ten_thousand_orientations_are_searched_alike():
    framework = FrameworkFactory(status=FrameworkStatus.DRAFT)
    axes = [tree.NewNode({"code": f"A{n}", "level": Level.AXIS, "title": f"Axe {n} du territoire"}) for n in range(20)]
    for number in range(980):
        axes[number % 20].children.append(
            tree.NewNode({"code": f"P{number}", "level": Level.PRIORITY, "title": f"Priorité sociale {number}"})
        )
    tree.load(framework, axes)
    framework.refresh_from_db()
    assert len(search(framework, "social").hits) == 980
    assert codes(search(framework, "P979")) == ["P979"]
    assert codes(search(framework, "sociale 17"))[0] == "P17"


def test_a_query_is_cut_and_cleaned():
    assert clean("  santé\x00\u202e\n des  jeunes ") == "santé des jeunes"
    assert len(clean("é" * 5_000)) == QUERY_LENGTH


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(
    typed=st.text(max_size=60)
    | st.lists(st.sampled_from(["santé", "«", "»", '"', "5.2", "axe", "PST", "-", "de"])).map(" ".join)
)
def test_nothing_that_can_be_typed_breaks_the_search(founding, typed):
    results = search(founding, typed)
    for hit in results.hits:
        assert "".join(segment.text for segment in hit.wording) == hit.orientation.display_title
    assert sum(results.axes.values()) == sum(results.levels.values()) == len(results.hits)
