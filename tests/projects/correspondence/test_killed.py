"""Papers that are being made when the machine dies: no number lacks, none is double, the rest is made afterwards."""

import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from tests.databases import execute, manage, migrated_database

NUMBER, DEATHS = 24, 3
PATIENCE = 60  # seconds
ARRANGED = f"""
import datetime
from projects.models import Decision, Issuing, IssuingLine
from tests.factories import CommitteeFactory, OfficerFactory, ProjectFactory
officer, meeting = OfficerFactory(), CommitteeFactory()
typed = {{"signataire": "Mme Roy", "qualite du signataire": "Vice-présidente"}}
asked = Issuing.objects.create(committee=meeting, typed=typed, by=officer)
for _ in range({NUMBER}):
    project = ProjectFactory(status="retained", requested=9000)
    day = datetime.date(2026, 2, 2)
    Decision.objects.create(
        project=project, outcome="retained", amount=8500, deliberation="1", decided_on=day, by=officer
    )
    IssuingLine.objects.create(issuing=asked, project=project, kind="notification")
"""


@pytest.mark.slow
def test_papers_that_are_killed_at_work_leave_no_hole_and_no_double(tmp_path):
    with migrated_database(tmp_path) as address:
        about = {"ATTACHMENTS_ROOT": str(tmp_path / "pieces"), "SITE_AUTHORITY": "Agglomération d’essai"}
        manage("shell", "-c", ARRANGED, address=address, check=True, **about)
        for death in range(DEATHS):
            two = [started(address, about) for _ in range(2)]
            wait_for(address, 5 * (death + 1))
            for process in two:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            execute(address, "UPDATE projects_issuingline SET taken_at = NULL")  # as if two minutes had gone by
        assert execute(address, "SELECT count(*) FROM projects_paper")[0][0] < NUMBER  # there was something left to do
        manage("make_papers", address=address, check=True, **about)
        numbers = [row[0] for row in execute(address, "SELECT number FROM projects_paper ORDER BY number")]
        assert numbers == list(range(1, NUMBER + 1))
        assert execute(address, "SELECT last FROM projects_papernumber") == [(NUMBER,)]
        assert execute(address, "SELECT count(*) FROM projects_issuingline WHERE paper_id IS NULL") == [(0,)]


def wait_for(address, number):
    """Until so many papers are made."""
    until = time.monotonic() + PATIENCE
    while execute(address, "SELECT count(*) FROM projects_paper")[0][0] < number:
        assert time.monotonic() < until
        time.sleep(0.02)


def started(address, about):
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR"}}
    environment = {**kept, **about, "DATABASE_URL": address, "MAINTENANCE": "1"}
    command = [sys.executable, "manage.py", "make_papers"]
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.DEVNULL)
