"""``check_tree`` says what is wrong where, and mends it."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from axes import tree
from axes.models import Orientation

pytestmark = pytest.mark.django_db

# Each writes the table past every guard, as a careless script or a restored backup would.
DAMAGES = {
    "position": "UPDATE axes_orientation SET lft = lft + 7 WHERE code = '5.2'",
    "tree": "UPDATE axes_orientation SET tree_id = 4 WHERE code = '2.1.1'",
    "shared tree": "UPDATE axes_orientation SET tree_id = 1 WHERE code = '2'",
    "depth": "UPDATE axes_orientation SET depth = 9 WHERE code = '7.1'",
    "cycle": (
        "UPDATE axes_orientation SET parent_id = (SELECT id FROM axes_orientation WHERE code = '1.1.1-a')"
        " WHERE code = '1.1'"
    ),
    "level": "UPDATE axes_orientation SET level = 'priority' WHERE code = '1.1.1'",
    "columns": "UPDATE axes_orientation SET columns = '[\"axis\"]' WHERE code = '1.1'",
}


def damage(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_sound_tree_is_said_to_be_sound(founding, capsys):
    call_command("check_tree")
    assert "64\u00a0orientations, 1\u00a0cadre : tout est en ordre." in capsys.readouterr().out


@pytest.mark.parametrize("statement", DAMAGES.values(), ids=DAMAGES)
def test_each_damage_is_named_then_mended_and_no_wording_is_lost(founding, capsys, statement):
    wordings = set(Orientation.objects.values_list("code", "title"))
    damage(statement)
    with pytest.raises(CommandError, match="--repair") as refused:
        call_command("check_tree")
    assert refused.value.returncode == 1
    assert "(cadre" in capsys.readouterr().out

    call_command("check_tree", "--repair")
    said = capsys.readouterr().out
    assert "réparation" in said
    assert "tout est en ordre" in said
    assert tree.check() == []
    assert set(Orientation.objects.values_list("code", "title")) == wordings
    call_command("check_tree")


def test_its_json_names_each_problem(founding, capsys):
    damage(DAMAGES["position"])
    with pytest.raises(CommandError):
        call_command("check_tree", "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["sain"] is False
    assert {problem["code"] for problem in answer["defauts"]} == {"position"}
    assert answer["orientations"] == 64

    call_command("check_tree", "--json", "--repair")
    answer = json.loads(capsys.readouterr().out)
    assert answer["sain"] is True
    assert answer["ecritures"] > 0
    assert answer["defauts_restants"] == []


def test_many_damages_at_once_are_mended_without_loss(founding):
    damage("UPDATE axes_orientation SET level = 'priority', priority_type = '' WHERE level <> 'axis'")
    damage("UPDATE axes_orientation SET lft = 1, rght = 2, tree_id = 1, depth = 0")
    call_command("check_tree", "--repair")
    assert Orientation.objects.count() == 64
    assert tree.check() == []
