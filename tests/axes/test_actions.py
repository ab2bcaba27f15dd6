"""What a person decides about the tree: renumbering, moving by steps, versions."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from axes import actions, document, numbering, tree
from axes.choices import FrameworkStatus
from axes.levels import Level
from axes.models import Framework, Orientation
from tests.factories import FrameworkFactory, OrientationFactory

pytestmark = pytest.mark.django_db


def changes(framework):
    return {p.node.orientation.pk: p.new for p in numbering.propose(document.read_nodes(framework)) if p.changes}


def test_the_codes_of_the_founding_text_are_those_of_their_places(founding):
    assert changes(founding) == {}


def test_renumbering_follows_the_order_and_keeps_codes_unique(founding, node, officer):
    actions.move_orientation(orientation=node("8"), target=node("1"), position="left", by=officer)
    proposed = changes(founding)
    assert len(proposed) == 64
    actions.renumber(framework=founding, expected=proposed, by=officer)
    assert changes(founding) == {}
    assert node("1.E1").title == "Renforcer l'identité du territoire"
    assert node("1").history.latest().history_user == officer
    assert tree.check() == []


def test_a_renumbering_that_is_not_the_one_shown_is_refused(founding, node, officer):
    actions.move_orientation(orientation=node("8"), target=node("1"), position="left", by=officer)
    shown = changes(founding)
    actions.move_orientation(orientation=node("3"), target=node("1"), position="left", by=officer)
    with pytest.raises(ValidationError, match="L’arbre a changé"):
        actions.renumber(framework=founding, expected=shown, by=officer)
    assert node("8").title.startswith("ANIMATION")


def test_an_objective_right_under_an_axis_never_takes_the_code_of_a_strategic_one(founding, node):
    OrientationFactory(parent=node("4"), level=Level.OPERATIONAL, code="X")
    OrientationFactory(parent=node("4"), level=Level.PRIORITY, code="Y")
    assert sorted(changes(founding).values()) == ["4-a", "4.O1"]


@pytest.mark.parametrize(
    ("number", "expected"), [(1, "a"), (26, "z"), (27, "aa"), (52, "az"), (53, "ba"), (703, "aaa")]
)
def test_letters_count_as_the_columns_of_a_spreadsheet(number, expected):
    assert numbering.letters(number) == expected


def test_a_new_child_is_proposed_the_level_of_its_siblings_and_a_free_code(founding):
    nodes = {n.orientation.code: n for n in document.read_nodes(founding)}
    every = list(nodes.values())
    for parent, level, code in [
        ("5", Level.CHALLENGE, "5.E2"),
        ("5.E1", Level.STRATEGIC, "5.4"),
        ("5.2", Level.OPERATIONAL, "5.2.5"),
        ("8.1", Level.PRIORITY, "8.1-c"),
        ("8.1.1", Level.PRIORITY, "8.1.1-a"),
    ]:
        assert numbering.proposed_level(nodes[parent]) == level
        assert numbering.next_code(nodes[parent], level, every) == code
    assert numbering.next_code(None, Level.AXIS, every) == "9"


def test_stepping_up_and_down_stops_at_the_ends(node, officer):
    assert not actions.shift_orientation(orientation=node("1"), step=-1, by=officer)
    assert not actions.shift_orientation(orientation=node("8"), step=1, by=officer)
    assert actions.shift_orientation(orientation=node("5.2.2"), step=1, by=officer)
    siblings = node("5.2").get_children().values_list("code", flat=True)
    assert list(siblings) == ["5.2.1", "5.2.3", "5.2.2", "5.2.4"]
    assert tree.check() == []


def test_a_merged_cell_concerns_wider_orientations_of_its_framework_only(node):
    elsewhere = OrientationFactory()
    for target in (elsewhere, node("5.2.3-a"), node("6.1.1-a")):
        with pytest.raises(ValidationError):
            actions.set_applies_to(orientation=node("5.2.3-a"), targets=[target])
    with pytest.raises(ValidationError), transaction.atomic():
        node("5.2.3-a").merged_priorities.add(node("8.1-a"))
    revision = node("5.2.3-a").framework.revision
    actions.set_applies_to(orientation=node("5.2.3-a"), targets=[node("5.2.3")])
    assert node("5.2.3-a").framework.revision > revision


def test_the_next_version_is_a_copy_that_lives_its_own_life(founding, officer):
    successor = actions.prepare_next_version(framework=founding, by=officer)
    assert successor.status == FrameworkStatus.DRAFT
    assert successor.predecessor == founding
    assert successor.orientations.count() == 64
    successor.orientations.get(code="8").delete()
    assert founding.orientations.count() == 64
    assert tree.check() == []


def test_putting_a_version_in_force_archives_the_former_one(founding, officer):
    successor = actions.prepare_next_version(framework=founding, by=officer)
    former = actions.put_in_force(
        framework=successor, adopted_on=datetime.date(2026, 6, 1), deliberation="D-1", by=officer
    )
    assert former == founding
    assert former.status == FrameworkStatus.ARCHIVED
    assert list(Framework.objects.in_force()) == [successor]


def test_an_empty_framework_is_not_put_in_force(officer):
    with pytest.raises(ValidationError, match="aucune orientation"):
        actions.put_in_force(
            framework=FrameworkFactory(), adopted_on=datetime.date(2026, 6, 1), deliberation="", by=officer
        )


def test_two_frameworks_are_never_in_force_together(founding):
    with pytest.raises(ValidationError, match="déjà en vigueur"):
        FrameworkFactory.build(slug="autre", status=FrameworkStatus.IN_FORCE).full_clean()


def test_deleting_says_how_many_went_and_records_who(founding, node, officer):
    pk = node("5.2.1").pk
    assert actions.delete_orientation(orientation=node("5.2.1"), by=officer, reason="Doublon") == 3
    record = Orientation.history.filter(id=pk).latest()
    assert (record.history_type, record.history_user, record.history_change_reason) == ("-", officer, "Doublon")
