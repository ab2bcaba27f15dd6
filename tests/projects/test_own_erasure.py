"""Somebody erases their own account: they prove who they are, read what stays, and leave no name behind."""

import time
from smtplib import SMTPException

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from cohesion.audit import AuditKind
from cohesion.models import AuditEvent, KeptMail, User
from projects.catalogue.actions import save_project
from projects.choices import MembershipRole, ProjectStatus
from projects.figures import figures
from projects.models import Message, Project, Review
from projects.search.models import SearchEntry
from projects.search.refreshing import refresh_all
from tests.factories import MembershipFactory, OfficerFactory, ProjectFactory, UserFactory
from tests.projects.somebody import cells

pytestmark = pytest.mark.django_db
PASSWORD = "des lampions sous la halle"
ADDRESS, NAME = "odile.bruyere@exemple.fr", "Odile Bruyère"
PAGE = "/compte/effacer/"
YES = {"password": PASSWORD, "is_understood": "on"}


@pytest.fixture
def odile():
    """A lead who acts alone for a structure that has a file open, and was written to."""
    user = UserFactory(username=ADDRESS, email=ADDRESS, first_name="Odile", last_name="Bruyère")
    user.set_password(PASSWORD)
    user.save()
    project = ProjectFactory(status=ProjectStatus.SUBMITTED, organization__name="La Halle")
    MembershipFactory(user=user, organization=project.organization, role=MembershipRole.SIGNATORY)
    Message.objects.create(key="a", user=user, title=f"Bonjour {NAME}", path="/")
    return user


@pytest.fixture
def hers(odile):
    client = Client()
    client.force_login(odile)
    return client


def traces():
    names = (ADDRESS, NAME, "bruyère odile", "odile bruyere")
    return sorted({place for place, text in cells() if any(name.lower() in text for name in names)})


def test_the_page_says_what_goes_what_stays_and_what_others_would_miss(hers, odile):
    page = hers.get(PAGE).text
    for words in (f"Compte effacé n° {odile.pk}", "Messages", "« La Halle »", "1 dossier en cours"):
        assert words in page.replace("\u00a0", " ")
    assert f'href="{reverse("account_held")}"' in page
    assert f'href="{PAGE}"' in hers.get(reverse("account")).text


def test_whoever_asks_and_proves_it_is_erased_at_once_and_leaves_no_trace(hers, odile, founding):
    public = ProjectFactory(serves=[founding.orientations.first()])
    save_project(project=public, by=odile, reason="essai")
    refresh_all()
    assert SearchEntry.objects.filter(kind="person", key=odile.pk).exists()
    before, rows = figures.kinds(founding), Project.history.count()
    answer = hers.post(PAGE, YES, HTTP_USER_AGENT="Firefox")
    assert (answer.status_code, answer.url) == (302, "/compte/efface/")
    assert "Votre compte est effacé" in hers.get(answer.url).text
    assert hers.get(reverse("account")).status_code == 302  # to the login
    assert traces() == []
    assert (figures.kinds(founding), Project.history.count()) == (before, rows)
    event = AuditEvent.objects.get(kind=AuditKind.ACCOUNT_ERASED)
    assert (event.account, event.who) == (odile.pk, f"Compte effacé n° {odile.pk}")
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [([ADDRESS], "Votre compte est effacé")]
    assert NAME not in mail.outbox[0].body


def test_every_other_session_of_theirs_is_closed_too(hers, odile):
    elsewhere = Client()
    elsewhere.force_login(odile)
    hers.post(PAGE, YES)
    assert elsewhere.get(reverse("account")).status_code == 302


def test_sent_twice_it_is_done_once(hers, odile):
    hers.post(PAGE, YES)
    assert hers.post(PAGE, YES).status_code == 302
    assert AuditEvent.objects.filter(kind=AuditKind.ACCOUNT_ERASED).count() == 1
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"password": "autre", "is_understood": "on"}, "Ce n’est pas votre mot de passe"),
        ({"password": PASSWORD}, "Cochez cette case"),
        ({"is_understood": "on"}, "Tapez votre mot de passe"),
    ],
)
def test_without_the_password_or_the_consent_nothing_is_erased(hers, odile, sent, sentence):
    assert sentence in hers.post(PAGE, sent).text.replace("&#x27;", "’")
    odile.refresh_from_db()
    assert odile.erased_at is None
    assert not mail.outbox


def test_the_password_is_not_tried_without_end(hers, odile, settings):
    settings.LOGIN_FAILURES = {**settings.LOGIN_FAILURES, "from_here": (2, 60)}
    for _ in range(2):
        hers.post(PAGE, YES | {"password": "autre"})
    assert "Trop d’essais" in hers.post(PAGE, YES).text
    odile.refresh_from_db()
    assert odile.erased_at is None


def test_whoever_has_a_second_factor_gives_it_again_first(hers, odile):
    Authenticator.objects.create(user=odile, type="totp", data={"secret": "x"})
    for answer in (hers.get(PAGE), hers.post(PAGE, YES)):
        assert (answer.status_code, answer.url) == (302, "/compte/confirmer/code/?next=%2Fcompte%2Feffacer%2F")
    assert give_factor(hers, odile, ago=0).get(PAGE).status_code == 200
    assert give_factor(hers, odile, ago=3600).get(PAGE).status_code == 302


def give_factor(client, user, ago):
    """As django-allauth notes that a second factor was given, so many seconds ago."""
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time() - ago, "type": "totp"}]
    session.save()
    return client


def test_the_last_administrator_stays(client):
    last = UserFactory(is_staff=True, is_superuser=True)
    last.set_password(PASSWORD)
    last.save()
    client.force_login(last)
    for page in (client.get(PAGE), client.post(PAGE, YES)):
        assert "dernier compte d’administrateur" in page.text
    assert User.objects.get(pk=last.pk).erased_at is None


def test_an_officer_is_told_of_the_files_that_wait_for_them(client):
    officer = OfficerFactory()
    Review.objects.create(project=ProjectFactory(status=ProjectStatus.IN_REVIEW), assigned_to=officer)
    client.force_login(officer)
    assert "1 dossier vous est confié" in client.get(PAGE).text.replace("\u00a0", " ")


def test_a_mail_that_does_not_leave_takes_nothing_back(hers, odile, monkeypatch):
    def refuse(*args, **kwargs):
        raise SMTPException

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", refuse)
    assert hers.post(PAGE, YES).status_code == 302
    odile.refresh_from_db()
    assert odile.erased_at is not None


def test_a_demonstration_keeps_no_address_of_the_mail_that_says_so(hers, odile, settings, monkeypatch):
    settings.EMAIL_BACKEND = "cohesion.kept_mails.KeptMailBackend"
    monkeypatch.setattr("cohesion.kept_mails.is_demo", lambda: True)
    hers.post(PAGE, YES)
    assert KeptMail.objects.exists()
    assert traces() == []
