"""A framework as it stood on an evening is what was noted that evening."""

import datetime
import json
import random

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from mptt.exceptions import InvalidMove

from axes import actions, as_of, document, numbering, tree
from axes.exchange.applying import OrientationImporter
from axes.exchange.export import export
from axes.levels import Level
from axes.models import Framework, Orientation, Outline
from tests.factories import OfficerFactory

pytestmark = pytest.mark.django_db
FIRST = datetime.date(2026, 3, 1)
DEEDS = ("create", "reword", "move", "shift", "delete", "recode", "import", "merge", "retitle", "level", "twice")


def noted(framework):
    """All that a reader of this moment could see of it, read from the tables by the simplest means."""
    row = Framework.objects.get(pk=framework.pk)
    seen = []
    for node in Orientation.objects.filter(framework=framework).order_by("tree_id", "lft"):
        merged = sorted(node.applies_to.values_list("pk", flat=True))
        seen.append((node.pk, node.parent_id, node.level, node.code, node.title, list(node.columns), merged))
    return (row.name, row.status, row.ends_on, seen)


def rebuilt(framework, evening):
    past = as_of.past_tree(framework, evening)
    if past is None:
        return None
    seen = []
    for node in past.nodes:
        orientation = node.orientation
        merged = sorted(target.pk for target in node.applies_to)
        values = orientation.level, orientation.code, orientation.title, list(orientation.columns), merged
        seen.append((node.pk, orientation.parent_id, *values))
    return (past.framework.name, past.framework.status, past.framework.ends_on, seen)


def act(chance, framework, officer):
    """One thing that the product lets people do to a framework, drawn at random; what a rule refuses is not done."""
    nodes = list(framework.orientations.in_order())
    node, other = chance.choice(nodes), chance.choice(nodes)
    deed, reason = chance.choice(DEEDS), "Relu"
    try:
        if deed == "create":
            level = chance.choice(list(Level))
            new = Orientation(framework=framework, parent=node, level=level, code=f"N{chance.random():.8f}", title="Né")
            actions.save_orientation(orientation=new, by=officer, reason=reason)
        elif deed in ("reword", "level"):
            values = {"reword": {"title": f"Texte {chance.random()}"}, "level": {"level": chance.choice(list(Level))}}
            for name, value in values[deed].items():
                setattr(node, name, value)
            actions.save_orientation(orientation=node, by=officer, reason=reason)
        elif deed == "move":
            position = chance.choice(("first-child", "last-child", "left", "right"))
            actions.move_orientation(orientation=node, target=other, position=position, by=officer, reason=reason)
        elif deed == "shift":
            actions.shift_orientation(orientation=node, step=chance.choice((-1, 1)), by=officer, reason=reason)
        elif deed == "delete" and len(nodes) > 20:
            actions.delete_orientation(orientation=chance.choice(nodes[10:]), by=officer, reason=reason)
        elif deed == "recode":
            codes = {row.node.pk: row.new for row in numbering.propose(document.read_nodes(framework)) if row.changes}
            actions.renumber(framework=framework, expected=codes, by=officer, reason=reason)
        elif deed == "import":
            rewrite(chance, framework, officer)
        elif deed == "merge":
            targets = chance.sample(nodes, 2) if chance.random() < 0.8 else []
            actions.set_applies_to(orientation=node, targets=targets, by=officer, reason=reason)
        elif deed == "retitle":
            framework.name = f"Cadre {chance.random()}"
            framework.save()
        elif deed == "twice":
            with tree.locked():
                act(chance, framework, officer)
                act(chance, framework, officer)
    except (ValidationError, InvalidMove, ProtectedError):
        return


def rewrite(chance, framework, officer):
    """A file that gives siblings another order, and some of them another text."""
    content = json.loads(export(framework, "json")[0])
    rows = content["orientations"]
    for row in rows:
        row["titre"] = f"Importé {chance.random()}" if chance.random() < 0.2 else row["titre"]
    chance.shuffle(rows)
    importer = OrientationImporter(framework)
    plan = importer.compare(importer.read_file(json.dumps(content).encode(), "cadre.json"))
    assert not plan.problems, plan.problems[:2]
    importer.write(plan, "cadre.json", by=officer, reason="Relu")


def lived(founding, time_machine, days, deeds, seed):
    """A history drawn at random, and what was noted on each of its evenings."""
    time_machine.move_to("2026-03-01 12:00+01:00", tick=False)
    officer, chance = OfficerFactory(), random.Random(seed)
    seen = {}
    for number in range(days):
        day = FIRST + datetime.timedelta(days=number)
        last_minute = datetime.datetime.combine(day, datetime.time(23, 59), timezone.get_current_timezone())
        time_machine.move_to(last_minute, tick=False)
        for _ in range(chance.randint(0, deeds)):
            act(chance, Framework.objects.get(pk=founding.pk), officer)
        seen[day] = noted(founding)
        time_machine.move_to(last_minute + datetime.timedelta(minutes=1), tick=False)
        act(chance, Framework.objects.get(pk=founding.pk), officer)
    return seen


def check_evenings(founding, seen):
    framework = Framework.objects.get(pk=founding.pk)
    for day, state in seen.items():
        assert rebuilt(framework, day) == state, day
        assert as_of.past_tree(framework, day).has_order
    assert len({repr(state) for state in seen.values()}) > len(seen) / 2


@pytest.fixture
def founding_then(time_machine, request):
    """The founding framework, whose history begins on the first day."""
    time_machine.move_to("2026-03-01 08:00+01:00", tick=False)
    return request.getfixturevalue("founding")


def test_each_evening_is_rebuilt_as_it_was_noted(founding_then, time_machine):
    founding = founding_then
    seen = lived(founding, time_machine, days=7, deeds=3, seed=5)
    check_evenings(founding, seen)
    assert Outline.objects.filter(framework=founding).count() <= 8
    assert rebuilt(founding, FIRST - datetime.timedelta(days=1)) is None
    assert as_of.first_evening(founding) == as_of.public_evening(founding) == FIRST


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_each_evening_of_a_nasty_history_is_rebuilt(founding_then, time_machine, seed):
    check_evenings(founding_then, lived(founding_then, time_machine, days=20, deeds=12, seed=seed))
