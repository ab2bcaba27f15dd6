"""An import is applied whole or not at all, once, by its owner, and only if it still means what was shown."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from axes import tree
from axes.exchange.state import states
from axes.models import ImportJob, Orientation
from cohesion.imports.applying import NotApplied, clean_name
from tests.axes.exchange.files import GOOD, HEADERS, lines
from tests.axes.exchange.jobs import apply_job, create_job, examine
from tests.axes.exchange.test_round_trip import fingerprint
from tests.factories import FrameworkFactory, OfficerFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework(officer):
    framework = FrameworkFactory()
    apply_job(create_job(lines(*GOOD), "a.csv", framework, officer), officer)
    framework.refresh_from_db()
    return framework


def node(framework, code):
    return Orientation.objects.get(framework=framework, code=code)


def imported(framework, officer, *rows, headers=HEADERS):
    job = create_job(lines(*rows, headers=headers), "essai.csv", framework, officer)
    assert job.state == "ready", job.report["errors"]
    apply_job(job, officer)
    assert tree.check() == []
    return job.report


def test_an_import_writes_history_versions_and_one_revision(framework, officer):
    before = framework.revision
    report = imported(framework, officer, "A;;axe;Un axe renommé", "A.1;A;enjeu;Un enjeu", "B;;axe;Neuf")
    assert report["counts"] == {"created": 1, "changed": 1, "moved": 0, "missing": 1, "unchanged": 1}
    framework.refresh_from_db()
    assert framework.revision == before + 1
    assert node(framework, "A").version == 2
    assert node(framework, "A.1").version == 1
    record = node(framework, "A").history.first()
    assert (record.title, record.history_user, record.history_type) == ("Un axe renommé", officer, "~")
    assert record.history_change_reason == "Import de « essai.csv »"
    assert node(framework, "B").history.get().history_type == "+"


def test_what_is_not_in_the_file_is_told_and_stays_beside_its_neighbour(framework, officer):
    imported(framework, officer, "A;;axe;Un axe", "B;;axe;B", "C;;axe;C", "D;;axe;D")
    report = imported(framework, officer, "D;;axe;D", "B;;axe;B")
    assert [entry["code"] for entry in report["missing"]] == ["A", "A.1", "A.1-a", "C"]
    roots = framework.orientations.filter(parent=None).in_order().values_list("code", flat=True)
    assert list(roots) == ["A", "D", "B", "C"]


def test_a_move_and_its_branch(framework, officer):
    imported(framework, officer, "A;;axe;Un axe", "B;;axe;B")
    version = node(framework, "A.1").version
    report = imported(framework, officer, "A.1;B;enjeu;Un enjeu")
    assert report["moved"][0] | {"title": ""} == {
        "row": 2, "code": "A.1", "title": "", "level": "enjeu", "kind": "parent", "from": "A", "to": "B",
    }  # fmt: skip
    assert node(framework, "A.1-a").get_ancestors().first().code == "B"
    assert node(framework, "A.1").history.count() == 2
    assert node(framework, "A.1").version == version


def test_only_the_nodes_that_explain_a_new_order_are_told_as_moved(framework, officer):
    imported(framework, officer, *[f"X{n};A;enjeu;T" for n in range(5)])
    report = imported(framework, officer, *[f"X{n};A;enjeu;T" for n in (0, 4, 1, 2, 3)])
    assert [(entry["code"], entry["after"]) for entry in report["moved"]] == [("X4", "X0")]
    assert node(framework, "X4").history.count() == 2
    assert node(framework, "X1").history.count() == 1


def test_an_absent_column_leaves_and_an_empty_cell_empties(framework, officer):
    headers = f"{HEADERS};titre_corrige;type_priorite;mention"
    imported(framework, officer, "A.1-a;A.1;priorité;Une priorité;Corrigé;renvoi;P", headers=headers)
    imported(framework, officer, "A.1-a;A.1;priorité;Une priorité")
    assert node(framework, "A.1-a").corrected_title == "Corrigé"
    assert node(framework, "A.1-a").priority_type == "reference"
    imported(framework, officer, "A.1-a;A.1;priorité;Une priorité;;", headers=f"{HEADERS};titre_corrige;type_priorite")
    assert node(framework, "A.1-a").corrected_title == ""
    assert node(framework, "A.1-a").label == "P"


def test_merged_cells_are_written_and_unwritten(framework, officer):
    headers = f"{HEADERS};s_applique_a"
    imported(framework, officer, "A.2;A;enjeu;T;", "A-b;A;priorité;T;A.1|A.2", headers=headers)
    assert set(node(framework, "A-b").applies_to.values_list("code", flat=True)) == {"A.1", "A.2"}
    imported(framework, officer, "A-b;A;priorité;T;A.2", headers=headers)
    assert set(node(framework, "A-b").applies_to.values_list("code", flat=True)) == {"A.2"}
    assert node(framework, "A-b").version == 2


def test_a_level_changes_with_all_that_hangs_on_it_in_one_file(framework, officer):
    imported(framework, officer, "A;;axe;Un axe", "A.1;A;objectif stratégique;Un enjeu", "A.1-a;A.1;priorité;T")
    assert node(framework, "A.1").level == "strategic"
    plan, _ = examine(lines("A.1;A;priorité;Un enjeu"), "a.csv", framework)
    assert "A.1-a n’est pas dans le fichier et resterait sous A.1" in plan.problems[0].message


def test_a_file_cannot_make_a_circle_with_what_it_does_not_mention(framework):
    plan, _ = examine(lines("A.1;A.1-a;enjeu;T"), "a.csv", framework)
    assert "tournent en rond (A.1 → A.1-a → A.1)" in plan.problems[0].message


def test_a_second_confirmation_writes_nothing(framework, officer):
    job = create_job(lines(*GOOD, "B;;axe;B"), "a.csv", framework, officer)
    assert apply_job(job, officer) == 1
    before = fingerprint()
    with pytest.raises(NotApplied, match="déjà été appliqué"):
        apply_job(ImportJob.objects.get(pk=job.pk), officer)
    assert fingerprint() == before


def test_a_framework_that_changed_meanwhile_is_not_overwritten(framework, officer):
    job = create_job(lines("A;;axe;Autre"), "a.csv", framework, officer)
    axis = node(framework, "A")
    axis.title = "D’un collègue"
    axis.save()
    before = fingerprint()
    with pytest.raises(NotApplied, match="modifié depuis l’aperçu"):
        apply_job(job, officer)
    assert fingerprint() == before
    job.refresh_from_db()
    assert job.state == "ready"


def test_a_change_elsewhere_in_the_framework_does_not_matter(framework, officer):
    imported(framework, officer, "B;;axe;B")
    job = create_job(lines("B;;axe;Autre"), "a.csv", framework, officer)
    axis = node(framework, "A")
    axis.corrected_title = "D’un collègue"
    axis.save()
    assert apply_job(job, officer) == 1
    assert node(framework, "A").corrected_title == "D’un collègue"


def test_only_its_owner_applies_a_job(framework, officer):
    job = create_job(lines("B;;axe;B"), "a.csv", framework, officer)
    with pytest.raises(NotApplied, match="quelqu’un d’autre"):
        apply_job(job, OfficerFactory())
    assert apply_job(job, OfficerFactory(is_superuser=True)) == 1


def test_a_locked_framework_asks_for_a_reason(framework, officer):
    framework.is_locked = True
    framework.save()
    job = create_job(lines("B;;axe;B"), "a.csv", framework, officer)
    before = fingerprint()
    with pytest.raises(ValidationError, match="motif"):
        apply_job(job, officer, " ")
    assert fingerprint() == before
    assert apply_job(job, officer, "Vote du 3 mars") == 1
    assert node(framework, "B").history.get().history_change_reason == "Import de « a.csv » : Vote du 3 mars"


def test_a_refused_or_cancelled_job_is_not_applied(framework, officer):
    refused = create_job(lines("B;;action;B"), "a.csv", framework, officer)
    assert (refused.state, refused.rows) == ("refused", [])
    with pytest.raises(NotApplied, match="refusé"):
        apply_job(refused, officer)
    cancelled = create_job(lines("B;;axe;B"), "a.csv", framework, officer)
    assert cancelled.give_up()
    with pytest.raises(NotApplied, match="abandonné"):
        apply_job(cancelled, officer)


def test_nothing_is_half_written(framework, officer, monkeypatch):
    job = create_job(lines("A;;axe;Autre", "B;;axe;B"), "a.csv", framework, officer)
    before = fingerprint()
    monkeypatch.setattr("axes.tree.rewriting._Rewriting._link", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        apply_job(job, officer)
    assert fingerprint() == before
    job.refresh_from_db()
    assert job.state == "ready"


def test_a_rewriting_never_loses_a_node(framework):
    with pytest.raises(ValidationError, match="seraient perdues"):
        tree.rewrite(framework, [tree.NewNode({"code": "A", "level": "axis", "title": "T"})])
    assert list(states(framework)) == ["A", "A.1", "A.1-a"]


def test_the_names_of_files_are_harmless():
    assert clean_name("C:\\dossier\\a.csv") == "a.csv"
    assert clean_name("../../x\u202e\n.csv") == "x.csv"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=400), name=st.sampled_from(["a.csv", "a.xlsx", "a.ods"]), prefix=st.sampled_from(
    [b"", b"PK\x03\x04", f"{HEADERS}\n".encode(), b"\xff\xfe", b"\xef\xbb\xbf"]
))  # fmt: skip
def test_no_garbage_raises_anything_nor_writes(db, data, name, prefix):
    before = fingerprint()
    plan, _ = examine(prefix + data, name, None)
    assert plan.report()["accepted"] == (not plan.problems)
    assert fingerprint() == before


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(st.tuples(*[st.text(max_size=8)] * 4), min_size=1, max_size=5))
def test_no_table_raises_anything(db, rows):
    from cohesion.lib.spreadsheets import Table, write

    table = Table("F", HEADERS.split(";"), rows)
    plan, _ = examine(write("csv", [table]) if _encodable(rows) else b"", "a.csv", None)
    assert plan.problems or plan.writes


def _encodable(rows):
    return all(text.isprintable() for row in rows for text in row)
