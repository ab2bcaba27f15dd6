"""While the database is away, busy or full: a clean 503 in French everywhere, nothing by half, nothing typed lost."""

import errno
import json
import re
import sqlite3
from contextlib import closing, contextmanager

import psycopg2
import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.urls import reverse
from justhtml import JustHTML

from axes.models import Orientation
from cohesion.lib.outages import Outage, outage
from projects.choices import ProjectStatus
from projects.models import Attachment, Declaration, Project, ProjectImport
from tests.factories import OrganizationFactory, ProjectFactory
from tests.faults.failing import as_django_says, failing, failing_commit, postgresql, sqlite
from tests.projects.exchange import jobs
from tests.projects.exchange.test_jobs import data

CAUSES = {
    "arrêt": (postgresql("57P01"), Outage.AWAY),
    "démarrage": (postgresql("57P03"), Outage.AWAY),
    "transaction oubliée": (postgresql("25P03"), Outage.AWAY),
    "serveur en lecture seule": (postgresql("25006"), Outage.AWAY),
    "lock_timeout": (postgresql("55P03"), Outage.BUSY),
    "statement_timeout": (postgresql("57014"), Outage.BUSY),
    "interblocage": (postgresql("40P01"), Outage.BUSY),
    "sérialisation": (postgresql("40001"), Outage.BUSY),
    "disque plein": (postgresql("53100"), Outage.FULL),
    "connexion coupée": (psycopg2.DatabaseError("server closed the connection unexpectedly"), Outage.AWAY),
    "SQLite verrouillée": (sqlite("SQLITE_BUSY", "database is locked"), Outage.BUSY),
    "SQLite pleine": (sqlite("SQLITE_FULL", "database or disk is full"), Outage.FULL),
    "SQLite, disque en panne": (sqlite("SQLITE_IOERR_WRITE", "disk I/O error"), Outage.AWAY),
}
each_cause = pytest.mark.parametrize("name", CAUSES)


def is_clean(response, found):
    """503, when to come back, and the French sentence of what is wrong, on a page that is well-formed."""
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert "no-store" in response.headers["Cache-Control"]
    document = JustHTML(response.text, strict=True, sanitize=False)
    assert document.query("html")[0].attrs["lang"] == "fr"
    assert found.value in response.text
    return document


@each_cause
def test_each_failure_is_known_for_what_it_is(name):
    cause, found = CAUSES[name]
    assert outage(as_django_says(cause)) is found


def test_a_mistake_of_the_software_is_no_outage():
    assert outage(as_django_says(postgresql("22001"))) is None
    assert outage(DatabaseError("Save with update_fields did not affect any rows.")) is None
    assert outage(ValueError("x")) is None
    assert outage(OSError(2, "absent")) is None
    assert outage(None) is None


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    client.raise_request_exception = False
    return client


@pytest.fixture
def typed_page(lead_client, complete):
    """A page of a declaration, and what its form holds."""
    Project.objects.filter(pk=complete.project_id).update(status=ProjectStatus.DRAFT)
    address = reverse("projects:declaration_page", args=[complete.project_id, "action"])
    base = re.search(r'name="base" value="([^"]+)"', lead_client.get(address).text)[1]
    return address, {"title": "Chorale", "summary": "Un <texte> «\u00a0long\u00a0»\nsur deux lignes", "base": base}


@each_cause
def test_what_was_typed_is_given_back_to_be_sent_again(lead_client, typed_page, name):
    address, typed = typed_page
    cause, found = CAUSES[name]
    before = Declaration.objects.values().get()
    with failing(cause, at="UPDATE"):
        document = is_clean(lead_client.post(address, typed), found)
    (form,) = document.query("form[method=post]")
    assert form.attrs["action"] == address
    again = {field.attrs["name"]: field.attrs["value"] for field in form.query("input")}
    assert again == typed
    assert Declaration.objects.values().get() == before
    assert lead_client.post(address, again).status_code == 302
    assert Declaration.objects.get().answers["action"]["summary"].splitlines() == typed["summary"].splitlines()


@each_cause
def test_a_page_that_saves_as_one_types_is_told_in_json(lead_client, typed_page, name):
    cause, found = CAUSES[name]
    with failing(cause, at="UPDATE"):
        response = lead_client.post(*typed_page, headers={"accept": "application/json"})
    assert response.status_code == 503
    assert int(response.headers["Retry-After"]) > 0
    assert found.value in json.loads(response.text)["error"]


def test_a_password_or_a_file_is_never_written_back(client, db):
    client.raise_request_exception = False
    secret = {"login": "a@exemple.test", "password": "un-mot-de-passe-tapé"}
    with failing(postgresql("57P01")):
        response = client.post(reverse("account_login"), secret)
    document = is_clean(response, Outage.AWAY)
    assert secret["password"] not in response.text
    assert not document.query("form")
    assert "Revenez à la page précédente" in response.text


@pytest.mark.django_db(transaction=True)
def test_a_commit_that_fails_keeps_nothing_and_says_so(lead_client, typed_page, monkeypatch):
    address, typed = typed_page
    before = Declaration.objects.values().get()
    with failing_commit(monkeypatch, CAUSES["arrêt"][0]):
        is_clean(lead_client.post(address, typed), Outage.AWAY)
    assert Declaration.objects.values().get() == before


def test_a_session_that_cannot_be_written_is_an_outage_and_not_a_mistake_of_the_reader(lead_client, lead, settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    with failing(CAUSES["arrêt"][0], at='UPDATE "django_session"'):
        is_clean(lead_client.get("/espace/"), Outage.AWAY)


@pytest.mark.django_db(transaction=True)
def test_a_move_of_a_branch_whose_commit_fails_moves_nothing(officer_client, node, monkeypatch):
    officer_client.raise_request_exception = False
    before = list(Orientation.objects.values())
    address = reverse("admin:axes_orientation_move", args=[node("2").pk])
    fields = {"place": f"left:{node('1').pk}", "reason": "Essai"}
    with failing_commit(monkeypatch, CAUSES["sérialisation"][0]):
        is_clean(officer_client.post(address, fields), Outage.BUSY)
    assert list(Orientation.objects.values()) == before


@each_cause
def test_the_admin_answers_as_the_site_does(officer_client, founding, name):
    officer_client.raise_request_exception = False
    cause, found = CAUSES[name]
    with failing(cause, at="SELECT"):
        is_clean(officer_client.get(reverse("admin:axes_orientation_changelist")), found)


# --- what is sent while it is made ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_watched_import_says_that_it_stopped_and_may_be_applied_again(officer_client, officer, node, monkeypatch):
    OrganizationFactory(name="Les Deux Rives")
    node("1")
    monkeypatch.setattr("projects.exchange.admin.AT_ONCE", 0)
    job = jobs.create_import(data(), "projets.csv", officer)
    address = reverse("admin:projects_projectimport_change", args=[job.pk])

    def away(*args, **kwargs):
        raise as_django_says(CAUSES["arrêt"][0])

    with monkeypatch.context() as patch:
        patch.setattr("projects.exchange.writing._Writer.write", away)
        said = officer_client.post(address, {"apply": "1"}).getvalue().decode()
    assert Outage.AWAY.value in said
    assert "appliquez-le de nouveau" in said
    assert not Project.objects.exists()
    page = officer_client.get(address).text
    assert "s’est arrêtée avant la fin" in page
    assert "Appliquer l’import" in page
    assert "Abandonner" in page
    assert "1\u00a0projet écrit" in officer_client.post(address, {"apply": "1"}).getvalue().decode()
    assert ProjectImport.objects.get().state == "applied"


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_an_export_is_whole_or_unavailable(client, founding, format):
    """The rows are read before anything is sent: a server would end what is cut as if it were whole."""
    client.raise_request_exception = False
    ProjectFactory(status=ProjectStatus.RUNNING)
    address = f"/projets/export.{format}"
    with failing(CAUSES["arrêt"][0], at='SELECT "projects_'):
        is_clean(client.get(address), Outage.AWAY)
    assert client.get(address).status_code == 200


# --- a transaction that somebody left open ----------------------------------------------------------------------


@contextmanager
def held_by_another(project):
    """Somebody else's transaction holds the project (on SQLite, the only place of a writer); we wait for a moment."""
    if connection.vendor == "sqlite":
        connection.cursor().execute("PRAGMA busy_timeout = 50")
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    connection.cursor().execute("SET lock_timeout = '50ms'")
    with closing(connection.copy()) as other:
        cursor = other.cursor()
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM projects_project WHERE id = %s FOR UPDATE", [project])
        yield


@pytest.mark.django_db(transaction=True)
def test_a_forgotten_transaction_makes_writers_come_back_later_and_leaves_readers_alone(
    lead_client, typed_page, complete
):
    address, typed = typed_page
    with held_by_another(complete.project_id):
        is_clean(lead_client.post(address, typed), Outage.BUSY)
        assert lead_client.get(address).status_code == 200
    assert lead_client.post(address, typed).status_code == 302
    connection.close()  # its impatience goes with it


# --- the disk ---------------------------------------------------------------------------------------------------

PDF = b"%PDF-1.7\n%%EOF\n"


def send_file(client, declaration):
    Project.objects.filter(pk=declaration.project_id).update(status=ProjectStatus.DRAFT)
    upload = SimpleUploadedFile("statuts.pdf", PDF)
    address = reverse("projects:attachment_add", args=[declaration.project_id])
    return client.post(address, {"kind": "other", "file": upload}, follow=True)


def test_a_file_for_which_there_is_no_room_leaves_neither_row_nor_bytes(lead_client, complete, tmp_path, monkeypatch):
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))
    keep = FileSystemStorage._save

    def full(self, name, content):
        keep(self, name, content)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(FileSystemStorage, "_save", full)
        page = send_file(lead_client, complete)
    assert page.status_code == 200
    assert "Le disque du site est plein" in page.text
    assert not Attachment.objects.exists()
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]
    assert "est joint" in send_file(lead_client, complete).text


def test_a_file_whose_row_is_lost_leaves_no_bytes(lead_client, complete, tmp_path, monkeypatch):
    monkeypatch.setattr(Attachment._meta.get_field("file"), "storage", FileSystemStorage(tmp_path))
    with failing(CAUSES["disque plein"][0], at='INSERT INTO "PROJECTS_ATTACHMENT"'):
        is_clean(send_file(lead_client, complete), Outage.FULL)
    assert not Attachment.objects.exists()
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_a_temporary_folder_that_is_full_makes_the_page_unavailable(lead_client, complete, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0  # every file goes through the folder

    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk", full)
    is_clean(send_file(lead_client, complete), Outage.FULL)
