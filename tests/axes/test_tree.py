"""The rules of the tree hold through every door."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from mptt.exceptions import InvalidMove

from axes import tree
from axes.levels import Level
from axes.models import Orientation
from tests.factories import FrameworkFactory, OrientationFactory

pytestmark = pytest.mark.django_db


def test_the_founding_text_makes_a_sound_tree(founding):
    assert tree.check() == []
    counts = [founding.orientations.filter(level=level).count() for level in Level]
    assert counts == [8, 4, 10, 19, 23]


@pytest.mark.parametrize("parent_level", list(Level))
@pytest.mark.parametrize("level", list(Level))
def test_a_child_is_of_a_strictly_lower_level_than_its_parent(level, parent_level):
    axis = OrientationFactory(code="A")
    parent = axis if parent_level == Level.AXIS else OrientationFactory(parent=axis, level=parent_level, code="P")
    attempt = Orientation(framework=axis.framework, parent=parent, level=level, code="N", title="Nouvelle")
    if level.rank > parent_level.rank:
        attempt.save()
        assert tree.check() == []
    else:
        with pytest.raises(ValidationError) as refused:
            attempt.save()
        assert "parent" in refused.value.message_dict
        assert not Orientation.objects.filter(code="N").exists()


def test_only_an_axis_is_a_root():
    with pytest.raises(ValidationError, match="se place sous une autre orientation"):
        OrientationFactory(level=Level.PRIORITY)


def test_the_database_itself_refuses_a_root_that_is_no_axis():
    axis = OrientationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        QuerySet(Orientation).filter(pk=axis.pk).update(level="priority")


@pytest.mark.parametrize(
    ("moved", "target", "position"),
    [
        ("1.1", "2.1", "last-child"),
        ("1.1.1", "2.1.1-a", "last-child"),
        ("1", "2", "last-child"),
        ("1.1", None, "last-child"),
        ("1.1", "2", "left"),
        ("5.2", "5.2.1", "last-child"),
        ("5.E1", "5.E1", "left"),
        ("5.E1", "5.2", "first-child"),
        ("1.1.1", "1.1.1-a", "right"),
        ("1.1.1", "2", "au-dessus"),
    ],
)
def test_an_illegal_move_is_refused_with_a_sentence_and_changes_nothing(node, moved, target, position):
    before = list(Orientation.objects.order_by("pk").values_list("pk", "parent", "tree_id", "lft", "rght"))
    with pytest.raises(InvalidMove) as refused:
        Orientation.objects.move_node(node(moved), node(target) if target else None, position)
    assert str(refused.value).endswith(".")
    assert list(Orientation.objects.order_by("pk").values_list("pk", "parent", "tree_id", "lft", "rght")) == before


def test_a_move_to_another_framework_is_refused(node):
    elsewhere = OrientationFactory(code="Z")
    with pytest.raises(InvalidMove, match="autre cadre"):
        Orientation.objects.move_node(node("1.1"), elsewhere)
    with pytest.raises(InvalidMove, match="autre cadre"):
        Orientation.objects.move_node(node("1"), elsewhere, "right")


def test_a_legal_move_takes_the_branch_along_and_raises_the_revision(node, founding):
    revision = founding.revision
    node("1.1.1").move_to(node("2.1"), "first-child")
    assert list(node("2.1").get_children().values_list("code", flat=True)) == ["1.1.1", "2.1.1", "2.1.2", "2.1.3"]
    assert node("1.1.1-a").parent == node("1.1.1")
    founding.refresh_from_db()
    assert founding.revision == revision + 1
    assert tree.check() == []


def test_axes_are_reordered_among_themselves(node, founding):
    Orientation.objects.move_node(node("8"), node("1"), "left")
    assert list(founding.orientations.filter(parent=None).in_order().values_list("code", flat=True)) == list("81234567")
    assert tree.check() == []


def test_a_node_read_before_another_move_does_not_break_the_tree(node):
    stale = node("5.2.1")
    node("5.1").move_to(node("5.E1"), "last-child")
    node("1.1.2").move_to(node("2.1"), "last-child")
    stale.corrected_title = "Lu avant, enregistré après"
    stale.save()
    assert tree.check() == []


def test_saving_a_wording_does_not_undo_a_colleagues_move(node):
    stale = node("1.1.1")
    node("1.1.1").move_to(node("2.1"))
    stale.corrected_title = "Corrigé"
    stale.save()
    assert node("1.1.1").parent == node("2.1")
    assert tree.check() == []


def test_the_second_of_two_editors_is_told(node):
    first, second = node("7.1"), node("7.1")
    first.corrected_title = "Du premier"
    first.save()
    second.corrected_title = "Du second"
    with pytest.raises(tree.OrientationConflict) as conflict:
        second.save()
    assert conflict.value.current.corrected_title == "Du premier"
    assert node("7.1").corrected_title == "Du premier"


def test_deleting_a_node_closes_the_tree_behind_its_branch(node):
    node("5.2").delete()
    assert not Orientation.objects.filter(code__startswith="5.2").exists()
    assert tree.check() == []


def test_deleting_a_queryset_closes_the_tree(founding):
    founding.orientations.filter(level=Level.PRIORITY).delete()
    founding.orientations.filter(code__in=["5.2", "3"]).delete()
    assert tree.check() == []


def test_bulk_writes_of_the_structure_are_refused(node, founding):
    with pytest.raises(InvalidMove):
        Orientation.objects.filter(code="1.1").update(parent=node("2"))
    with pytest.raises(InvalidMove):
        Orientation.objects.bulk_create([Orientation(framework=founding, level="axis", code="9", title="x")])
    changed = node("1.1")
    changed.level = Level.CHALLENGE
    with pytest.raises(InvalidMove):
        Orientation.objects.bulk_update([changed], ["level"])
    with pytest.raises(InvalidMove):
        Orientation.objects.filter(code="1.1").update(title="Sans historique")
    with pytest.raises(InvalidMove):
        Orientation.objects.rebuild()
    with pytest.raises(InvalidMove), Orientation.objects.delay_mptt_updates():
        pass
    with pytest.raises(InvalidMove), Orientation.objects.disable_mptt_updates():
        pass
    with pytest.raises(InvalidMove):
        Orientation(framework=founding, level="axis", code="9", title="x").insert_at(None)


def test_the_doors_that_django_opens_by_itself_are_guarded(node):
    elsewhere = OrientationFactory(code="Z")
    with pytest.raises(InvalidMove):
        node("1.1.1-a").children.add(node("5.2"))
    with pytest.raises(InvalidMove):
        elsewhere.framework.orientations.add(node("1.1"))
    assert tree.check() == []


def test_a_partial_save_writes_the_whole_node_or_nothing(node):
    moved = node("1.1.1")
    moved.parent, moved.code = node("2.1"), "2.1.9"
    moved.save(update_fields=["title"])
    assert (node("2.1.9").parent, tree.check()) == (node("2.1"), [])


@pytest.mark.parametrize(("code", "level"), [("8.1-a", Level.OPERATIONAL), ("5.2.2", Level.PRIORITY)])
def test_a_level_that_a_merged_cell_forbids_is_refused(node, code, level):
    changed = node(code)
    changed.level, changed.priority_type = level, ""
    with pytest.raises(ValidationError, match="cellule fusionnée"):
        changed.save()
    assert tree.check() == []


@pytest.mark.parametrize("reason", ["nul \x00", "bidi \u202e", "x" * 301])
def test_an_unreadable_reason_is_refused(node, reason):
    changed = node("1.1")
    changed._change_reason = reason
    with pytest.raises(ValidationError):
        changed.save()


def test_a_merged_cell_of_a_locked_framework_asks_why(founding, node):
    founding.is_locked = True
    founding.save()
    with pytest.raises(ValidationError, match="motif"), transaction.atomic():
        node("5.2.3-a").applies_to.clear()


def test_loaddata_is_refused(node, tmp_path):
    from django.core import serializers
    from django.core.management import call_command

    dump = tmp_path / "orientations.json"
    dump.write_text(serializers.serialize("json", [node("1")]), encoding="utf-8")
    with pytest.raises(Exception, match="import_orientations"):
        call_command("loaddata", str(dump), verbosity=0)


def test_an_old_state_does_not_come_back_over_a_newer_one(node):
    edited = node("7.1")
    edited.corrected_title = "Nouvelle forme"
    edited.save()
    node("7").move_to(node("1"), "left")
    oldest = node("7.1").history.earliest()
    with pytest.raises(tree.OrientationConflict):
        oldest.instance.save()
    assert tree.check() == []


def test_a_level_cannot_become_narrower_than_a_child(node):
    strategic = node("5.2")
    strategic.level = Level.PRIORITY
    with pytest.raises(ValidationError) as refused:
        strategic.save()
    assert "5.2.1" in refused.value.message_dict["level"][0]


def test_a_code_is_unique_in_its_framework_only(founding):
    with pytest.raises(ValidationError, match="déjà pris"):
        OrientationFactory(framework=founding, code="1")
    assert OrientationFactory(code="1").pk


@pytest.mark.parametrize("code", ["", " 1", "é", "-1", "1/2", "1" * 21, "1_2", "1\n", "１"])
def test_a_malformed_code_is_refused(code, db):
    with pytest.raises(ValidationError):
        OrientationFactory(code=code)


@pytest.mark.parametrize("title", ["", "x" * 501, "nul \x00", "bidi \u202e", "deux\nlignes", "invisible \u200b"])
def test_a_title_that_cannot_be_shown_is_refused(title, db):
    with pytest.raises(ValidationError):
        OrientationFactory(title=title)


def test_a_locked_framework_asks_why(founding, node):
    founding.is_locked = True
    founding.save()
    edited = node("1.1")
    edited.corrected_title = "Autre forme"
    with pytest.raises(ValidationError, match="motif"):
        edited.save()
    with pytest.raises(InvalidMove, match="motif"):
        node("1.1.1").move_to(node("2.1"))
    with pytest.raises(ValidationError, match="motif"):
        node("1.1.1").delete()
    with pytest.raises(ValidationError, match="motif"):
        OrientationFactory(framework=founding, code="9")
    edited._change_reason = "Délibération du 3 mars"
    edited.save()
    assert edited.history.latest().history_change_reason == "Délibération du 3 mars"


def test_the_database_has_the_index_of_the_document_order(db):
    from django.db import connection

    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, Orientation._meta.db_table)
    assert any(c["index"] and c["columns"] == ["tree_id", "lft"] for c in found.values())


def _break(pk, **values):
    """Write past every rule, as a faulty script would."""
    from django.db import connection

    with connection.cursor() as cursor:
        for column, value in values.items():
            cursor.execute(f"UPDATE axes_orientation SET {column} = %s WHERE id = %s", [value, pk])


@pytest.mark.parametrize(
    ("code", "damage", "kind"),
    [
        ("5.2.1", {"lft": 900, "rght": 901}, "position"),
        ("5.2.1", {"depth": 7}, "position"),
        ("1", {"tree_id": 1000}, "position"),
        ("5.2.1-a", {"level": "axis_wrong"}, None),
        ("5.2.1", {"level": "challenge"}, "level"),
        ("5.2", {"columns": '["priority"]'}, "columns"),
    ],
)
def test_check_says_what_is_wrong_and_repair_mends_it(node, code, damage, kind):
    if kind is None:
        with pytest.raises(IntegrityError), transaction.atomic():
            _break(node(code).pk, **damage)
        return
    _break(node(code).pk, **damage)
    assert kind in {problem.code for problem in tree.check()}
    assert tree.repair() > 0
    assert tree.check() == []
    assert Orientation.objects.count() == 64


def test_repair_mends_a_circle_of_parents_without_losing_a_node(node):
    _break(node("5.2").pk, parent_id=node("5.2.4").pk)
    assert "cycle" in {problem.code for problem in tree.check()}
    tree.repair()
    assert tree.check() == []
    assert Orientation.objects.count() == 64
    assert node("5.2").parent.level == Level.AXIS


def test_two_frameworks_live_side_by_side(founding, node):
    draft = FrameworkFactory()
    tree.copy(founding, draft)
    assert tree.check() == []
    assert list(draft.orientations.in_order().values_list("code", "title", "uid")) == list(
        founding.orientations.in_order().values_list("code", "title", "uid")
    )
    twin = draft.orientations.get(code="5.2.3-a")
    assert list(twin.applies_to.in_order().values_list("code", flat=True)) == ["5.2.2", "5.2.3"]
    assert {n.framework for n in twin.applies_to.all()} == {draft}
