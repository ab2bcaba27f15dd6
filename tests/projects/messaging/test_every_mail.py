"""Every mail that the site writes is readable on the page of a demonstration's mails, and none leaves."""

import re
from pathlib import Path

import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings as site
from django.core import mail
from django.test import Client, RequestFactory
from django.utils import timezone

from cohesion import kept_mails
from cohesion.accounts import wording
from cohesion.context import is_demo
from cohesion.lib import mail as lib
from cohesion.models import DemoMark, KeptMail
from projects.messaging import sending
from tests.factories import OrganizationFactory, UserFactory
from tests.site.forms import filled

pytestmark = pytest.mark.django_db
PAGE = "/demo/courriels/"
BACKEND = "cohesion.kept_mails.KeptMailBackend"
FACTS = {
    "password_reset_url": "https://cst.example/compte/choisir/",
    "ip": "192.0.2.1",
    "user_agent": "Firefox",
}


@pytest.fixture(autouse=True)
def _demonstration(settings):
    settings.EMAIL_BACKEND = BACKEND
    settings.BASE_URL = "https://cst.example"
    DemoMark.objects.create()
    is_demo.cache_clear()


@pytest.fixture
def template_names(monkeypatch):
    """The names of the mails that were written."""
    names = set()
    whole = lib.render_to_string

    def noted(name, context):
        names.add(Path(name).stem)
        return whole(name, context)

    monkeypatch.setattr(lib, "render_to_string", noted)
    return names


def invited(address):
    """Somebody is invited on the officers' screen; the link of the mail."""
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    form = "/admin/projects/invitation/add/"
    fields = {"email": address, "organization": OrganizationFactory().pk, "role": "declarant"}
    assert client.post(form, filled(client.get(form)) | fields).status_code == 302


def test_every_kind_of_mail_is_read_on_the_page(client, told, template_names, django_capture_on_commit_callbacks):
    request = RequestFactory().get("/")
    adapter = get_adapter(request)
    subjects = ["Choisir un nouveau mot de passe", "Aucun compte à cette adresse"]
    subjects += [subject for subject, _ in wording.MAILS.values()]
    prefixes = ["account/email/password_reset_key", "account/email/unknown_account", *wording.MAILS]
    with request_context(request):
        for prefix in prefixes:
            adapter.send_mail(prefix, "x@structure.test", {**FACTS, "timestamp": timezone.now()})
    with django_capture_on_commit_callbacks(execute=True):
        invited("invitee@structure.test")
    told(UserFactory(), title="Recevable : Jardin", minutes=60)
    assert sending.send().sent == 1
    told(UserFactory(), title="En attente : Jardin", minutes=1)
    page = client.get(PAGE)
    shown = [one.subject for one in page.context["mails"]]
    assert set(shown) >= {*subjects, "Recevable : Jardin", "En attente : Jardin"}
    assert any(subject.startswith("Invitation : déclarant") for subject in shown)
    assert mail.outbox == []
    # A kind of mail that this test does not walk has a template of its own; that of an erased account is kept nowhere.
    assert template_names == {path.stem for path in (site.BASE_DIR / "templates" / "mail").glob("*.html")} - {
        "frame",
        "left",
    }
    for one in page.context["mails"]:
        assert client.get(one.path).text.lstrip().startswith("<!doctype html>"), one.subject


def test_the_link_of_an_invitation_opens_it_from_the_page(client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        invited("invitee@structure.test")
    text = client.get(PAGE).text
    assert "invitee@structure.test" in text
    path = re.search(r'href="https://cst\.example(/[^"]*invitation[^"]*)"', text)[1]
    answer = client.get(path, follow=True)
    assert answer.status_code == 200
    assert "invitee@structure.test" in answer.text


def test_only_the_latest_are_kept(monkeypatch):
    monkeypatch.setattr(kept_mails, "MOST_KEPT", 3)
    for number in range(5):
        mail.send_mail(f"Essai {number}", "Texte", None, ["x@structure.test"])
    assert [one.subject for one in KeptMail.objects.all()] == ["Essai 4", "Essai 3", "Essai 2"]


def test_outside_a_demonstration_nothing_is_kept():
    DemoMark.objects.all().delete()
    is_demo.cache_clear()
    mail.send_mail("Essai", "Texte", None, ["x@structure.test"])
    assert not KeptMail.objects.exists()
