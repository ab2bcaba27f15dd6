"""A server that is killed while it works loses nothing that it had confirmed."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.slow
def test_a_server_killed_at_work_loses_nothing_that_it_had_confirmed():
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR", "TEST_DB"}}
    command = [sys.executable, "-m", "tests.faults.kill", "--rounds", "1"]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=kept, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rien de confirmé n’est perdu" in done.stdout
