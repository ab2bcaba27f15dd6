"""What the installation says of itself: numbered requests, discreet logs, slow queries, error mail, its state."""

import io
import json
import logging
import os
import subprocess
import sys

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.urls import get_resolver, reverse

from cohesion import __version__, slow_queries
from cohesion.audit import AuditKind, record
from cohesion.error_reports import without_secrets
from cohesion.lib.logs import ErrorMail, JsonFormatter, discreet
from cohesion.lib.requests import identity
from projects.models import Message, ProjectImport
from tests.costs import cost
from tests.factories import UserFactory

# --- numbered requests --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_well_formed_number_is_kept_and_another_is_made(client):
    assert client.get("/sante/", headers={"X-Request-ID": "abc-123_DEF"}).headers["X-Request-ID"] == "abc-123_DEF"
    for given in ("", "court", "x" * 65, "a b c d e f g h", "é" * 10, "abcdefgh\x0bX"):
        made = client.get("/sante/", headers={"X-Request-ID": given}).headers["X-Request-ID"]
        assert made != given
        assert len(made) == 32
    assert identity.get() == ""


@pytest.mark.django_db
def test_an_event_bears_the_number_of_its_request(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    client.get(reverse("admin:cohesion_auditevent_export"), headers={"X-Request-ID": "numero-de-requete"})
    from cohesion.models import AuditEvent

    assert AuditEvent.objects.get(kind="export").request == "numero-de-requete"


# --- logs ---------------------------------------------------------------------------------------------------


@pytest.fixture
def lines():
    """What is logged meanwhile, as it is written."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


@pytest.mark.django_db
def test_each_line_is_an_object_with_the_number_of_the_request(client, lines):
    client.get("/nulle-part/", headers={"X-Request-ID": "numero-de-requete"})
    line = next(line for line in lines() if line["logger"] == "django.request")
    assert line["request_id"] == "numero-de-requete"
    assert (line["level"], line["status_code"]) == ("WARNING", 404)
    assert line["at"].endswith("+00:00")


def test_a_trace_is_in_its_line_without_its_secrets(lines):
    try:
        raise ValueError("password=hunter2 reçu")
    except ValueError:
        logging.getLogger("essai").exception("Échec de %s", "token=abc")
    (line,) = lines()
    assert "ValueError" in line["exception"]
    assert "hunter2" not in json.dumps(line)
    assert line["message"] == "Échec de token=…"


@pytest.mark.parametrize(
    "text",
    [
        "password=SESAME",
        "{'password': 'SESAME', 'x': 1}",
        '{"csrf_token": "SESAME"}',
        "Cookie: SESAME",
        "Authorization: Bearer SESAME",
        "sessionid=SESAME; x",
        "postgres://site:SESAME@hote/base",
        "GET /compte/mot-de-passe/oublie/1-SESAME/",
        "GET /invitation/SESAME/",
        "Service Unavailable: /calendrier/SESAME~abc.ics",
        "https://site.example/calendrier/SESAME.ics?x=1",
    ],
)
def test_no_secret_is_written(text):
    assert "SESAME" not in discreet(text)
    assert "…" in discreet(text)


def test_what_is_no_secret_is_written():
    for text in (
        "Not Found: /projets/",
        "/compte/mot-de-passe/oublie/envoye/",
        "/calendrier/?annee=2026",
        "/calendrier/abonnement/",
        "Service Unavailable: /calendrier/calendrier.ics",
        "3 messages, 0 échec",
    ):
        assert discreet(text) == text


def test_every_address_that_opens_something_by_itself_is_hidden():
    opening = [(name, names) for name, names in addresses(get_resolver()) if {"token", "key"} & set(names)]
    assert len(opening) == 4
    for name, names in opening:
        path = reverse(name, kwargs=dict.fromkeys(names, "SESAME"))
        assert "SESAME" not in discreet(f"Service Unavailable: {path}")


def addresses(resolver, inside=""):
    """The name of each address of the site, with what it holds."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            namespace = f"{inside}{pattern.namespace}:" if pattern.namespace else inside
            yield from addresses(pattern, namespace)
        elif pattern.name:
            yield f"{inside}{pattern.name}", [*pattern.pattern.regex.groupindex]


# --- slow queries, errors -----------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("threshold", "expected"), [(0.000001, 1), (60_000, 0)])
def test_a_query_that_lasts_is_written_without_its_values(settings, lines, threshold, expected):
    settings.SLOW_QUERY_MS = threshold
    with connection.execute_wrapper(slow_queries.timed), connection.cursor() as cursor:
        cursor.execute("SELECT %s", ["SESAME"])
    found = [line for line in lines() if line["logger"] == "cohesion.slow_queries"]
    assert len(found) == expected
    assert "SESAME" not in json.dumps(found)


def test_queries_are_timed_only_where_it_is_asked(settings):
    class Connection:
        execute_wrappers: list = []

    settings.SLOW_QUERY_MS = 0
    slow_queries._listen(connection=Connection)
    assert Connection.execute_wrappers == []
    settings.SLOW_QUERY_MS = 100
    slow_queries._listen(connection=Connection)
    slow_queries._listen(connection=Connection)
    assert Connection.execute_wrappers == [slow_queries.timed]


def test_an_error_is_mailed_once_and_without_secrets(settings):
    settings.ADMINS = [("a", "a@exemple.test")]
    logger = logging.Logger("essai")
    logger.addHandler(ErrorMail())
    for _ in range(3):
        logger.error("Échec : password=%s", "SESAME")
    logger.warning("un avertissement")
    (sent,) = mail.outbox
    assert sent.to == ["a@exemple.test"]
    assert "Échec" in sent.subject
    assert "SESAME" not in sent.subject + sent.body


def _settings(code, **environment):
    kept = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    base = {"SECRET_KEY": "x" * 60, "ALLOWED_HOSTS": "cst.example", "DATABASE_URL": "sqlite:///:memory:"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=site.BASE_DIR,
        env=kept | base | {"DJANGO_SETTINGS_MODULE": "cohesion.settings"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_writes_json_and_mails_errors_to_whom_the_environment_says():
    code = (
        "import django, logging; django.setup(); logging.getLogger('essai').warning('bonjour'); "
        "print([type(one).__name__ for one in logging.getLogger().handlers])"
    )
    answer = _settings(code, ADMINS="a@exemple.test")
    assert json.loads(answer.stderr)["message"] == "bonjour"
    assert "ErrorMail" in answer.stdout
    assert "ErrorMail" not in _settings(code).stdout


def test_sentry_without_its_package_is_refused_in_french():
    without = "import sys; sys.modules['sentry_sdk'] = None; import django; django.setup()"
    answer = _settings(without, SENTRY_DSN="https://cle@exemple.test/1")
    assert answer.returncode != 0
    assert "« sentry-sdk » n’est pas installé" in answer.stderr


# --- the page of the state ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_state_says_versions_backup_check_and_what_waits(client, founding):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    page = client.get(reverse("admin:state")).content.decode()
    assert __version__ in page
    assert "Aucune n’est connue." in page
    assert "En retard" in page
    record(AuditKind.BACKUP, on="nuit.zip")
    call_command("check_tree")
    ProjectImport.objects.create(filename="x.csv", digest="0" * 64)
    Message.objects.create(key="a", user=user, title="Essai", path="/", failure="refusé")
    answer = client.get(reverse("admin:state"))
    page = answer.content.decode()
    assert "nuit.zip" in page
    assert "En retard" not in page
    assert "tout est en ordre" in page
    assert {name: number for name, number in answer.context["imports"] if number} == {"Imports de projets": 1}
    assert (answer.context["waiting"], answer.context["failed"]) == (0, 1)


@pytest.mark.django_db
def test_the_state_costs_the_same_whatever_waits(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    address = reverse("admin:state")
    cost(address, client)
    few = cost(address, client)
    for number in range(5):
        record(AuditKind.BACKUP, on=f"{number}.zip")
        ProjectImport.objects.create(filename="x.csv", digest="0" * 64)
    assert cost(address, client) == few


def test_a_report_sent_elsewhere_holds_no_address_that_opens_something():
    event = {"request": {"url": "https://site.example/calendrier/SESAME~abc.ics", "query_string": "token=SESAME"}}
    assert "SESAME" not in str(without_secrets(event, {}))
    assert without_secrets({"message": "sans requête"}, {}) == {"message": "sans requête"}
