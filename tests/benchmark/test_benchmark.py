"""The benchmark at a tiny size: it works, tells what it compared, and leaves nothing behind."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from axes.models import Framework
from cohesion.lib.text import NBSP
from tests.benchmark import measuring
from tests.benchmark.command import Command
from tests.benchmark.measuring import Figure, quickest, same

pytestmark = pytest.mark.once


@pytest.mark.parametrize("only", ["comptes", pytest.param(None, marks=pytest.mark.slow)])
@pytest.mark.django_db(transaction=True)
def test_each_figure_stands_beside_its_floor_and_the_base_is_left_alone(capsys, monkeypatch, only):
    monkeypatch.setattr(measuring, "BUDGET", 0)
    monkeypatch.setattr(measuring, "FEWEST", 1)
    before = connection.settings_dict["NAME"]
    call_command(Command(), nodes=30, links=60, projects=20, only=only, json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["taille"] == {"nodes": 30, "links": 60, "projects": 20}
    for name, figures in said["mesures"].items():
        assert figures, name
        for figure in figures:
            assert figure["took"] > 0 < figure["floor"]
            assert figure["ratio"] == pytest.approx(figure["took"] / figure["floor"])
            assert figure["floor_name"]
    assert connection.settings_dict["NAME"] == before
    assert not Framework.objects.exists()


def test_a_size_of_nothing_is_refused():
    with pytest.raises(CommandError, match="au moins une orientation"):
        call_command(Command(), nodes=0)


def test_ways_that_disagree_are_not_timed():
    with pytest.raises(AssertionError, match=r"«.+b.+» ne donne pas le même résultat"):
        quickest({"a": lambda: 1, "b": lambda: 2})
    same("a", [1], [1])


def test_a_figure_says_its_ratio():
    assert Figure("cas", 3.0, 2.0, f"plancher{NBSP}nu").ratio == 1.5
