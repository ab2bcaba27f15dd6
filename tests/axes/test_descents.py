"""What an orientation becomes where its identity does not say it: decided, undone, refused once adopted."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from axes import actions
from axes.adoption import descend, descent_state, lineage, undo_descent
from axes.levels import Level
from axes.models import Descent
from cohesion.together.states import ChangedMeanwhile
from tests.factories import FrameworkFactory, OfficerFactory, OrientationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(db):
    """A framework in force of three roots, and a draft that keeps the first and has two new ones."""
    former, draft = FrameworkFactory(status="in_force"), FrameworkFactory()
    a, b, c = (OrientationFactory(framework=former, code=code) for code in "123")
    kept = OrientationFactory(framework=draft, code="1", uid=a.uid)
    new, other = (OrientationFactory(framework=draft, code=code) for code in "45")
    return former, draft, (a, b, c), (kept, new, other)


def keys(*nodes):
    return tuple(node.pk for node in nodes)


def test_a_lineage_is_told_by_identity_and_by_what_was_decided(pair, officer):
    former, draft, (a, b, c), (kept, new, other) = pair
    assert lineage(former, draft) == {a.pk: keys(kept), b.pk: (), c.pk: ()}
    descend(former=b, successors=[other, new, other], framework=draft, by=officer, note=" en  deux ")
    descend(former=a, successors=[new], framework=draft, by=officer)
    descend(former=c, successors=[], framework=draft, by=officer)
    assert lineage(former, draft) == {a.pk: keys(kept, new), b.pk: keys(new, other), c.pk: ()}
    assert {(row.note, row.decided_by) for row in b.descents.all()} == {("en deux", officer)}
    descend(former=b, successors=[new], framework=draft, by=officer)
    assert lineage(former, draft)[b.pk] == keys(new)


def test_a_decision_is_undone_as_if_never_made_and_the_history_keeps_both(pair, officer):
    former, draft, (_, b, _), (_, new, _) = pair
    before, revision = lineage(former, draft), draft.revision
    descend(former=b, successors=[new], framework=draft, by=officer)
    draft.refresh_from_db()
    assert draft.revision > revision
    assert undo_descent(former=b, framework=draft, by=officer) == 1
    assert undo_descent(former=b, framework=draft, by=officer) == 0
    assert lineage(former, draft) == before
    assert not Descent.objects.exists()
    rows = Descent.history.order_by("history_id").values_list("history_type", "history_user")
    assert list(rows) == [("+", officer.pk), ("-", officer.pk)]


def test_what_makes_no_sense_is_refused_and_nothing_is_written(pair, officer):
    _, draft, (a, b, c), (_, new, _) = pair
    third = OrientationFactory(framework=FrameworkFactory())
    refused = [
        (a, [], "est gardée"),
        (b, [c], "n’est pas du cadre qui vient"),
        (new, [new], "cadre adopté"),
        (third, [new], "cadre adopté"),
        (b, [third], "n’est pas du cadre qui vient"),
    ]
    for node, successors, sentence in refused:
        with pytest.raises(ValidationError, match=sentence):
            descend(former=node, successors=successors, framework=draft, by=officer)
    descend(former=b, successors=[], framework=draft, by=officer)
    with pytest.raises(ValidationError, match="ne devient rien d’autre"):
        Descent(framework=draft, former=b, successor=new).full_clean()
    for twice in ({"successor": None}, {"successor": b}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Descent.objects.create(framework=draft, former=b, **twice)
    assert Descent.objects.count() == 1


def test_of_two_officers_the_second_reads_what_the_first_decided(pair, officer):
    _, draft, (_, b, _), (_, new, other) = pair
    seen = descent_state(b, draft)
    descend(former=b, successors=[new], framework=draft, by=officer, seen=seen)
    for act in (
        lambda: descend(former=b, successors=[other], framework=draft, by=OfficerFactory(), seen=seen),
        lambda: undo_descent(former=b, framework=draft, by=OfficerFactory(), seen=seen),
    ):
        with pytest.raises(ChangedMeanwhile, match="entre-temps"):
            act()
    assert [row.successor for row in b.descents.all()] == [new]


def test_nothing_is_decided_any_more_once_the_framework_is_adopted(pair, officer):
    _, draft, (_, b, _), (_, new, _) = pair
    actions.put_in_force(framework=draft, adopted_on=datetime.date(2027, 1, 15), deliberation="D-1", by=officer)
    for act in (
        lambda: descend(former=b, successors=[new], framework=draft, by=officer),
        lambda: undo_descent(former=b, framework=draft, by=officer),
    ):
        with pytest.raises(ValidationError, match="adopté"):
            act()


def test_what_is_deleted_from_a_draft_takes_along_what_was_said_of_it(pair, officer):
    former, draft, (_, b, c), (_, new, other) = pair
    under = OrientationFactory(parent=new, level=Level.OPERATIONAL)
    descend(former=b, successors=[under, other], framework=draft, by=officer)
    descend(former=c, successors=[], framework=draft, by=officer)
    actions.delete_orientation(orientation=new, by=officer)
    assert lineage(former, draft)[b.pk] == keys(other)
    for root in draft.orientations.all():
        actions.delete_orientation(orientation=root, by=officer)
    draft.delete()
    assert not Descent.objects.exists()
