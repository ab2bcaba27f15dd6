"""The machine dies while a framework is adopted or the desk decides: nothing is there by half, all is resumed."""

import signal
import sys

import pytest

from tests.databases import execute, manage, migrated_database

ARRANGED = """
from tests.projects.test_succession_killed import arrange
arrange()
"""
# Ends its own process, as SIGKILL does, before the write of that number.
KILLED = """
import os, signal
from django.db import connection
left = {number}
def kill(run, sql, parameters, many, context):
    global left
    left -= sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return run(sql, parameters, many, context)
from tests.projects import test_succession_killed as here
with connection.execute_wrapper(kill):
    here.{deed}()
"""
TABLES = ("axes_descent", "projects_linkdecision", "projects_uncarriedlink", "projects_contribution")
HISTORIES = ("axes_historicaldescent", "projects_historicalcontribution", "cohesion_auditevent")
POINTS = (0, 2, 5, 9, 14)


def arrange():
    from tests.projects.test_succession_properties import World

    drawn = [("kept", "strategic"), ("split", "operational"), ("dropped", "priority"), ("undecided", "operational")]
    World(drawn, [[0, 1], [1, 2], [2, 3], [3]]).descend()


def adopt():
    import datetime

    from django.contrib.auth import get_user_model

    from axes import actions
    from axes.models import Framework

    coming = Framework.objects.get(status="draft")
    day = datetime.date(2026, 3, 1)
    actions.put_in_force(framework=coming, adopted_on=day, deliberation="D", by=get_user_model().objects.earliest("pk"))


def decide():
    """Undo all that was decided, and drop what was not: in one transaction, as the desk does."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    from axes import adoption
    from axes.adoption import desk
    from axes.models import Framework

    coming, by = Framework.objects.get(status="draft"), get_user_model().objects.earliest("pk")
    succession = adoption.succession(Framework.objects.get(status="in_force"), coming)
    fates = {node: [] for node in succession.undecided}
    with transaction.atomic():
        desk.decide_all(
            succession=succession, fates=fates, by=by, seen=desk.descent_states(succession), note="Abandonnée"
        )


def state(address):
    rows = [execute(address, f"SELECT * FROM {table} ORDER BY id") for table in TABLES]
    counts = [execute(address, f"SELECT count(*) FROM {table}") for table in HISTORIES]
    return rows, counts, execute(address, "SELECT id, status, revision FROM axes_framework ORDER BY id")


@pytest.mark.slow
@pytest.mark.parametrize("deed", ["adopt", "decide"])
def test_a_machine_that_dies_at_the_desk_leaves_nothing_by_half(tmp_path, deed):
    with migrated_database(tmp_path) as address:
        manage("shell", "-c", ARRANGED, address=address, check=True)
        before, deaths = state(address), 0
        for number in POINTS:
            ended = manage("shell", "-c", KILLED.format(number=number + 1, deed=deed), address=address)
            if ended.returncode == 0:
                break
            assert ended.returncode == -signal.SIGKILL, (sys.platform, ended.stderr)
            assert state(address) == before
            deaths += 1
        else:
            manage("shell", "-c", KILLED.format(number=10_000, deed=deed), address=address, check=True)
        assert deaths
        assert state(address) != before
