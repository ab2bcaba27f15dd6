"""The officers' screens of import and export."""

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from axes.models import ImportJob, Orientation
from tests.axes.exchange.files import GOOD, lines
from tests.axes.exchange.jobs import create_job
from tests.axes.exchange.test_round_trip import fingerprint
from tests.factories import FrameworkFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def framework(db):
    return FrameworkFactory(slug="essai")


@pytest.fixture
def reader_client(client):
    """Somebody of the staff who may read only."""
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_framework", "view_orientation"]))
    client.force_login(user)
    return client


def url(framework, job=None):
    name = "admin:axes_framework_import_job" if job else "admin:axes_framework_import"
    return reverse(name, args=[framework.pk, job.pk] if job else [framework.pk])


def upload(data: bytes, name: str = "essai.csv") -> dict:
    return {"file": SimpleUploadedFile(name, data)}


def text(response) -> str:
    return response.content.decode()


def test_a_file_is_previewed_then_applied(officer_client, framework):
    before = fingerprint()
    response = officer_client.post(url(framework), upload(lines(*GOOD)), follow=True)
    assert "Créées : 3" in text(response)
    assert fingerprint() == before
    response = officer_client.post(response.request["PATH_INFO"], {"apply": "1"}, follow=True)
    assert "L’import est appliqué : 3\u00a0orientations écrites." in text(response)
    assert framework.orientations.count() == 3
    again = officer_client.post(response.request["PATH_INFO"], {"apply": "1"}, follow=True)
    assert "déjà été appliqué" in text(again)
    assert framework.orientations.count() == 3


def test_a_refused_file_shows_where_to_mend_it(officer_client, framework):
    response = officer_client.post(url(framework), upload(lines("A;;action;<b>T</b>", "B;;axe;")), follow=True)
    page = text(response)
    assert "Le fichier est refusé : 2\u00a0erreurs" in page
    assert '<a href="#erreur-1">niveau (C)</a>' in page
    assert '<tr id="erreur-1">' in page
    assert 'name="apply"' not in page
    job = ImportJob.objects.get()
    assert "a été refusé" in text(officer_client.post(url(framework, job), {"apply": "1"}, follow=True))
    assert not Orientation.objects.exists()


def test_values_are_escaped(officer_client, framework):
    response = officer_client.post(url(framework), upload(lines("<script>;;axe;T"), "<i>.csv"), follow=True)
    assert "<script>;" not in text(response)
    assert "&lt;script&gt;" in text(response)
    assert "<i>" not in text(response).replace("<i>.csv", "")


def test_no_file_is_a_sentence(officer_client, framework):
    assert "Choisissez un fichier CSV, XLSX, ODS, DOCX ou JSON." in text(officer_client.post(url(framework), {}))
    assert "est vide" in text(officer_client.post(url(framework), upload(b""), follow=True))


def test_all_kinds_of_differences_are_shown(officer_client, founding):
    rows = ["1.1.1;2.1;objectif opérationnel;Autre titre", "9;;axe;Neuf"]
    response = officer_client.post(url(founding), upload(lines(*rows)), follow=True)
    page = response.request["PATH_INFO"]
    assert "Absentes du fichier : 63" in text(response)
    assert "de 1.1 vers 2.1" in text(officer_client.get(page, {"montrer": "moved"}))
    assert "<ins>Autre titre</ins>" in text(officer_client.get(page, {"montrer": "changed"}))
    assert "un import ne supprime rien" in text(officer_client.get(page, {"montrer": "missing"}))
    assert officer_client.get(page, {"montrer": "n'importe quoi", "page": "x"}).status_code == 200


def test_giving_up_writes_nothing(officer_client, framework):
    officer_client.post(url(framework), upload(lines(*GOOD)))
    job = ImportJob.objects.get()
    assert "abandonné" in text(officer_client.post(url(framework, job), {"cancel": "1"}, follow=True))
    officer_client.post(url(framework, job), {"apply": "1"})
    assert not Orientation.objects.exists()


def test_a_locked_framework_asks_for_a_reason(officer_client, officer):
    framework = FrameworkFactory(is_locked=True)
    job = create_job(lines(*GOOD), "a.csv", framework, officer)
    assert "Ce cadre est verrouillé" in text(officer_client.post(url(framework, job), {"apply": "1"}, follow=True))
    assert not Orientation.objects.exists()
    officer_client.post(url(framework, job), {"apply": "1", "reason": "Vote"})
    assert framework.orientations.count() == 3


def test_another_officer_does_not_see_the_job(officer_client, framework):
    job = create_job(lines(*GOOD), "a.csv", framework, OfficerFactory())
    assert officer_client.get(url(framework, job)).status_code == 404
    assert officer_client.post(url(framework, job), {"apply": "1"}).status_code == 404
    assert officer_client.get(url(FrameworkFactory(), job)).status_code == 404


def test_a_reader_exports_but_does_not_import(reader_client, framework):
    job = create_job(lines(*GOOD), "a.csv", framework, UserFactory())
    assert reader_client.get(url(framework)).status_code == 403
    assert reader_client.post(url(framework), upload(lines(*GOOD))).status_code == 403
    assert reader_client.post(url(framework, job), {"apply": "1"}).status_code == 403
    assert reader_client.get(reverse("admin:axes_framework_export", args=[framework.pk, "csv"])).status_code == 200


def test_a_stranger_is_sent_to_the_login(client, framework):
    for address in (url(framework), reverse("admin:axes_framework_export", args=[framework.pk, "csv"])):
        assert client.get(address).status_code == 302


def test_a_forged_post_is_refused(officer, framework):
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    assert client.post(url(framework), upload(lines(*GOOD))).status_code == 403


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods", "json"])
def test_exports_are_downloaded(officer_client, framework, format):
    response = officer_client.get(reverse("admin:axes_framework_export", args=[framework.pk, format]))
    assert response["Content-Disposition"] == f'attachment; filename="essai.{format}"'


@pytest.mark.parametrize("format", ["csv", "xlsx", "ods"])
def test_model_files_are_downloaded(officer_client, format):
    response = officer_client.get(reverse("admin:axes_framework_model_file", args=[format]))
    assert response["Content-Disposition"] == f'attachment; filename="modele-orientations.{format}"'


def test_an_unknown_format_is_not_found(officer_client, framework):
    assert officer_client.get(reverse("admin:axes_framework_export", args=[framework.pk, "exe"])).status_code == 404
    assert officer_client.get(reverse("admin:axes_framework_model_file", args=["json"])).status_code == 404


def test_the_screens_have_no_inline_style_nor_script(officer_client, officer, founding):
    job = create_job(lines("1;;axe;T"), "a.csv", founding, officer)
    for address in (url(founding), url(founding, job)):
        page = text(officer_client.get(address))
        assert "style=" not in page
        assert " onclick" not in page
