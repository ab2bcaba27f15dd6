"""The demonstration: one command, a database of its own, and never anybody else's."""

import datetime
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing

import pytest
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command

from axes import tree
from axes.models import Framework
from cohesion import demo
from cohesion.models import User
from projects.models import Contribution
from tests.databases import dump, execute, fresh_database, manage, migrated_database


@pytest.fixture
def address(tmp_path) -> Iterator[str]:
    with fresh_database(tmp_path) as found:
        yield found


@pytest.fixture
def migrated_address(tmp_path) -> Iterator[str]:
    with migrated_database(tmp_path) as found:
        yield found


@pytest.mark.slow
def test_run_twice_it_changes_nothing_and_reset_rebuilds(address):
    first = manage("demo", "--check", address=address)
    assert first.returncode == 0, first.stderr
    assert demo.PASSWORD in first.stdout
    assert all(account.email in first.stdout for account in demo.ACCOUNTS)
    before = dump(address)

    second = manage("demo", "--check", address=address)
    assert second.returncode == 0
    assert "rien n’a changé" in second.stdout
    assert dump(address) == before

    execute(address, "UPDATE axes_framework SET name = 'Abîmé'")
    assert manage("demo", "--check", "--reset", address=address).returncode == 0
    assert execute(address, "SELECT count(*) FROM axes_framework WHERE name = 'Abîmé'") == [(0,)]
    assert {table: len(rows) for table, rows in dump(address).items()} == {
        table: len(rows) for table, rows in before.items()
    }


def test_a_database_that_is_only_migrated_is_accepted_and_one_with_an_account_refused(migrated_address):
    address = migrated_address
    execute(address, _an_account())
    before = dump(address)
    for arguments in (["demo", "--check"], ["demo", "--check", "--reset"]):
        refused = manage(*arguments, address=address)
        assert refused.returncode == 1
        assert "pas une base de démonstration" in refused.stderr
        assert "comptes" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert dump(address) == before

    execute(address, "DELETE FROM cohesion_user")
    assert manage("demo", "--check", address=address).returncode == 0


def _an_account() -> str:
    return (
        "INSERT INTO cohesion_user (password, is_superuser, username, first_name, last_name, email, is_staff,"
        " is_active, date_joined) VALUES ('!', FALSE, 'quelqu-un', '', '', '', FALSE, TRUE, '2026-01-01')"
    )


def test_a_database_of_another_programme_is_refused_untouched(address):
    execute(address, "CREATE TABLE factures (numero INTEGER)")
    before = dump(address)
    refused = manage("demo", "--check", address=address)
    assert refused.returncode == 1
    assert "factures" in refused.stderr
    assert dump(address) == before


def test_a_file_that_is_no_database_is_refused_in_french(tmp_path):
    (tmp_path / "lettre.sqlite3").write_text("Ceci n’est pas une base de données.\n" * 100)
    refused = manage("demo", "--check", address=f"sqlite:///{tmp_path / 'lettre.sqlite3'}")
    assert refused.returncode == 1
    assert "La base de données ne répond pas" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.slow
def test_one_that_has_aged_is_put_aside_and_made_anew_at_todays_dates(address):
    manage("demo", "--check", address=address, check=True)
    execute(address, "UPDATE cohesion_demomark SET created_at = '2025-03-04 12:00:00+00:00'")
    execute(address, "UPDATE projects_campaign SET name = 'Appel que quelqu’un a renommé'")
    moved = manage("demo", "--check", address=address)
    assert moved.returncode == 0, moved.stderr
    assert "avait vieilli" in moved.stdout
    (put_aside,) = re.findall(r"est dans (\S+\.zip)", moved.stdout)
    assert put_aside.endswith("2025-03-04.zip")
    names = "SELECT name FROM projects_campaign"
    assert "démonstration" in execute(address, names)[0][0]
    assert "rien n’a changé" in manage("demo", "--check", address=address).stdout
    manage("restore", "--replace", put_aside, address=address, check=True)
    assert execute(address, names) == [("Appel que quelqu’un a renommé",)]
    os.remove(put_aside)


@pytest.mark.slow
def test_two_demonstrations_prepared_at_once_make_one(address):
    command = [sys.executable, "manage.py", "demo", "--check"]
    environment = {"PATH": os.environ["PATH"], "DATABASE_URL": address}
    both = [
        subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], answers
    assert sorted("rien n’a changé" in out for out, _ in answers) == [False, True]
    assert execute(address, "SELECT count(*) FROM cohesion_demomark") == [(1,)]


@pytest.mark.django_db
def test_a_preparation_that_was_cut_short_leaves_nothing_and_is_done_again(monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(tree, "copy", lambda *args, **kwargs: (_ for _ in ()).throw(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            demo.seed()
    assert not Framework.objects.exists()
    assert not User.objects.exists()
    demo.seed()
    assert Framework.objects.count() == 2
    assert (demo.add_programme(), demo.add_programme()) == (True, False)
    assert Framework.objects.standing().count() == 2
    assert Contribution.objects.of(Framework.objects.beside().get()).count() > 10
    assert tree.check() == []


@pytest.mark.django_db
def test_what_it_invents_says_so():
    demo.seed()
    in_force, draft = Framework.objects.in_force().get(), Framework.objects.get(status="draft")
    assert "démonstration" in in_force.deliberation
    assert "démonstration" in draft.name
    assert draft.orientations.count() == in_force.orientations.count() == 64
    assert all(user.email.endswith(".example") for user in User.objects.all())


@pytest.mark.django_db
def test_every_account_opens_with_the_password_shown():
    demo.seed()
    for account in demo.ACCOUNTS:
        opens(account)


def opens(account):
    user = authenticate(username=account.email, password=demo.PASSWORD)
    assert user.is_staff == (not account.acts_for)
    assert user.is_superuser == (account == demo.ACCOUNTS[0])
    acts_for = user.memberships.values_list("organization__name", "role")
    assert list(acts_for) == ([(account.acts_for, account.function)] if account.acts_for else [])
    assert [group.name for group in user.groups.all()] == ([account.role.name] if account.role else [])
    validate_password(demo.PASSWORD, user)


@pytest.mark.once
def test_it_serves_keeps_its_key_and_stops_without_a_traceback(migrated_address):
    address = migrated_address
    port = _free_port()
    command = [sys.executable, "manage.py", "demo", "--port", str(port)]
    server = subprocess.Popen(
        command,
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": address},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    reader = http.client.HTTPConnection("127.0.0.1", port)
    try:
        page = _wait_for(f"http://127.0.0.1:{port}/compte/connexion/")
        assert page.status == 200
        assert _wait_for(f"http://127.0.0.1:{port}/static/admin/css/base.css").status == 200
        reader.request("GET", "/robots.txt")  # a browser that keeps its connection must not hold the server up
        reader.getresponse().read()
        second = manage("demo", "--port", str(port), address=address)
        assert second.returncode == 1
        assert f"Le port {port} est déjà occupé" in second.stderr
        assert demo.SECRET_KEY_FILE.stat().st_mode & 0o077 == 0
    finally:
        os.killpg(server.pid, signal.SIGINT)
        out, err = server.communicate(timeout=20)
    assert server.returncode == 0, err
    assert "Traceback" not in out + err
    assert re.search(rf"http://127\.0\.0\.1:{port}/", out)


def _free_port() -> int:
    with closing(socket.socket()) as attempt:
        attempt.bind(("127.0.0.1", 0))
        return attempt.getsockname()[1]


def _wait_for(url: str):
    deadline = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                answer.read()
                return answer
        except (ConnectionError, urllib.error.URLError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.mark.parametrize("port", ["0", "-1", "70000"])
def test_a_port_that_is_none_is_refused_in_a_sentence(port):
    with pytest.raises(CommandError, match="de 1 à 65535"):
        call_command("demo", f"--port={port}")


@pytest.mark.parametrize("has_programmes", [False, True])
def test_whoever_asks_for_a_second_programme_has_it(monkeypatch, capsys, has_programmes):
    asked = {}

    def prepare(**options):
        asked.update(options)
        return demo.Prepared(created=True, reference_day=datetime.date(2026, 11, 30))

    monkeypatch.setattr(demo, "prepare", prepare)
    call_command("demo", "--check", *(["--programmes"] if has_programmes else []))
    assert asked == {"reset": False, "has_programmes": has_programmes}
