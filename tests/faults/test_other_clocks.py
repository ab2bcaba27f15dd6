"""The suite itself under other clocks: what holds today held yesterday and holds in a year.

``faketime`` lies to a whole process about the day and the hour; the clock goes on running, and what measures a
duration is left alone. The suite below runs on SQLite whatever this one runs on: no statement of ours asks the
database for the time (``test_the_database_is_never_asked_for_the_time``).
"""

import ast
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

# Moments in UTC, so that those of the change of hour in Paris are told without a doubt; or a distance from now.
CLOCKS = {
    "dans quarante jours": "+40 days",
    "dans quatre cents jours": "+400 days",
    "le 29 février": "2028-02-29 11:00:00",
    "le 31 décembre à 23 h 59": "2028-12-31 22:59:00",
    "la nuit de l’heure d’été": "2028-03-26 00:59:50",
    "la nuit de l’heure d’hiver": "2028-10-29 00:59:50",
}
# What asks the clock: who is logged in, what is open, due, late, told; the years of projects; the demonstration.
TELLING = (
    "tests/accounts/test_invitations.py",
    "tests/accounts/test_sessions.py",
    "tests/faults/test_clocks.py",
    "tests/projects/declaring/test_drafts.py",
    "tests/projects/declaring/test_handing_in.py",
    "tests/projects/instructing",
    "tests/projects/messaging",
    "tests/projects/space",
    "tests/projects/test_demo_calendar.py",
    "tests/projects/test_demo_projects.py",
    "tests/site/test_audit.py",
    "tests/site/test_home.py",
)


def faketime() -> str:
    """Where it is: the package « faketime » of Debian."""
    where = shutil.which("faketime")
    if where is None and not os.environ.get("CI"):
        pytest.skip("Le paquet « faketime » n’est pas installé.")
    assert where, "Le paquet « faketime » n’est pas installé."
    return where


@pytest.mark.slow
@pytest.mark.xdist_group("other_clocks")
@pytest.mark.parametrize("clock", CLOCKS.values(), ids=list(CLOCKS))
def test_the_suite_holds_under_another_clock(clock):
    kept = {key: value for key, value in os.environ.items() if key in {"PATH", "HOME", "LANG", "TMPDIR", "CI"}}
    environment = kept | {"TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    command = [faketime(), "-m", clock, sys.executable, "-m", "pytest", *TELLING]
    options = ["-n", "2", "-m", "not slow and not browser", "-p", "no:cacheprovider"]
    ran = subprocess.run(
        [*command, *options], cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[-6000:] + ran.stderr[-1000:]


def test_the_lie_is_believed():
    """Else the test above would hold for nothing."""
    command = [faketime(), "-m", "2028-02-29 11:00:00", sys.executable, "-c"]
    asked = "import datetime; print(datetime.datetime.now(datetime.UTC).date())"
    environment = {"PATH": os.environ["PATH"], "TZ": "UTC", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    ran = subprocess.run([*command, asked], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "2028-02-29"


# --- the kind, over the source ----------------------------------------------------------------------------------

TESTS = sorted((settings.BASE_DIR / "tests").rglob("test_*.py"))
YEAR = r"20(?:2[4-9]|3\d)"
DAY_WRITTEN = re.compile(rf"\b{YEAR}-\d\d-\d\d|\b\d\d?/\d\d?/{YEAR}\b|date(?:time)?\({YEAR}, ")
# What is told from today: the clock itself, and what the factories date by it.
OF_TODAY = re.compile(r"\b(?:timezone\.now|localdate|date\.today|CampaignFactory|CommitteeFactory|InvitationFactory)\(")
STANDS_STILL = re.compile(r"\btravel\(|\bat\(")


def functions(path):
    """Each test of a file, parsed and as it is written."""
    source = path.read_text(encoding="utf-8")
    lines = source.splitlines()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node, "\n".join(lines[node.lineno - 1 : node.end_lineno])


def test_no_test_compares_a_day_of_the_calendar_with_today():
    """It would hold until that day is past: tell it from today, or say which day it is (the mark ``time_machine``)."""
    mixed = []
    for path in TESTS:
        if "pytest.mark.time_machine(" in path.read_text(encoding="utf-8"):
            continue
        for node, source in functions(path):
            if DAY_WRITTEN.search(source) and OF_TODAY.search(source) and not STANDS_STILL.search(source):
                mixed.append(f"{path.name}: {node.name}")
    assert mixed == []


def test_what_a_visitor_begins_under_another_clock_is_finished_under_it():
    """A session opened last year is over when the clock comes back."""
    left_open = []
    for path in TESTS:
        for node, _ in functions(path):
            for travel in travels(node):
                inside = " ".join(ast.unparse(line) for line in travel.body)
                after = " ".join(ast.unparse(line) for line in node.body if line.lineno > travel.end_lineno)
                if visits(inside) and visits(after):
                    left_open.append(f"{path.name}: {node.name}")
    assert left_open == []


def travels(test):
    blocks = [node for node in ast.walk(test) if isinstance(node, ast.With)]
    return [block for block in blocks if "travel(" in ast.unparse(block.items[0])]


def visits(source):
    return re.search(r"client\.(?:get|post|head|force_login)\(", source) is not None


def test_the_database_is_never_asked_for_the_time():
    """It may stand on another machine, and no clock of the tests moves it."""
    asks = re.compile(r"\bNow\(\)|\bCURRENT_(?:TIMESTAMP|DATE)\b|(?<![\w.])now\(\)")
    ours = [path for app in ("cohesion", "axes", "projects") for path in (settings.BASE_DIR / app).rglob("*.py")]
    assert [str(path) for path in ours if asks.search(path.read_text(encoding="utf-8"))] == []
