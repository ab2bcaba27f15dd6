"""The second factor: offered to all, asked of agents, replayed by nobody."""

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from tests.accounts.application import code
from tests.factories import MembershipFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mot-de-passe-de-test"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@pytest.fixture
def compulsory(settings):
    settings.STAFF_SECOND_FACTOR = True


def log_in(client, user):
    return client.post("/compte/connexion/", {"login": user.email, "password": PASSWORD})


def confirm(client, user):
    client.post("/compte/confirmer/", {"password": PASSWORD})


def test_an_agent_without_one_is_led_to_set_one_before_any_page(client, compulsory, founding):
    officer = OfficerFactory()
    log_in(client, officer)
    for address in ("/admin/", "/admin/projects/action/", "/projets/", "/", "/invitation/"):
        response = client.get(address)
        assert (response.status_code, response.url) == (302, reverse("mfa_index")), address
    assert client.post("/admin/projects/scheme/add/", {"code": "X"}).url == reverse("mfa_index")
    page = client.get("/compte/securite/").content.decode()
    assert "choisissez-en un pour continuer" in page
    confirm(client, officer)
    secret = client.get("/compte/securite/application/").context["form"].secret
    response = client.post("/compte/securite/application/", {"code": code(secret)})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("who", ["lead", "visitor"])
def test_nobody_else_is_asked_for_one(client, compulsory, founding, who):
    if who == "lead":
        log_in(client, MembershipFactory().user)
    assert client.get("/").status_code == 200


def test_it_is_asked_of_nobody_where_the_setting_says_so(client):
    log_in(client, OfficerFactory())
    assert client.get("/admin/").status_code == 200


def test_without_the_code_one_is_not_in(client):
    officer = OfficerFactory()
    TOTP.activate(officer, SECRET)
    assert log_in(client, officer).url.startswith(reverse("mfa_authenticate"))
    assert client.get("/admin/").status_code == 302
    assert "ne convient pas" in client.post("/compte/connexion/code/", {"code": "000000"}).content.decode()
    assert client.get("/admin/").status_code == 302
    assert client.post("/compte/connexion/code/", {"code": code(SECRET)}).url == reverse("admin:index")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("later", [0, 20, 35, 50])
def test_a_code_serves_once_for_as_long_as_the_clock_would_accept_it(client, later):
    officer = OfficerFactory()
    TOTP.activate(officer, SECRET)
    with time_machine.travel("2026-11-25 09:00:05", tick=False) as clock:
        shown = code(SECRET)
        log_in(client, officer)
        assert client.post("/compte/connexion/code/", {"code": shown}).status_code == 302
        client.post("/compte/deconnexion/")
        clock.shift(later)
        log_in(client, officer)
        for typed in (shown, f"{shown[:3]} {shown[3:]}"):
            assert "ne convient pas" in client.post("/compte/connexion/code/", {"code": typed}).content.decode()
        clock.shift(60)
        assert client.post("/compte/connexion/code/", {"code": code(SECRET)}).status_code == 302


def test_a_recovery_code_serves_once(client):
    officer = OfficerFactory()
    TOTP.activate(officer, SECRET)
    recovery = RecoveryCodes.activate(officer).get_unused_codes()[0]
    log_in(client, officer)
    assert client.post("/compte/connexion/code/", {"code": recovery}).status_code == 302
    client.post("/compte/deconnexion/")
    log_in(client, officer)
    assert client.post("/compte/connexion/code/", {"code": recovery}).status_code == 200


def test_the_sixth_wrong_code_is_not_looked_at(client):
    officer = OfficerFactory()
    TOTP.activate(officer, SECRET)
    log_in(client, officer)
    for _ in range(5):
        client.post("/compte/connexion/code/", {"code": "000000"})
    page = client.post("/compte/connexion/code/", {"code": code(SECRET)})
    assert page.status_code == 200
    assert "Trop d’essais" in page.content.decode()


def test_setting_one_asks_for_the_password_again(client):
    user = UserFactory()
    log_in(client, user)
    assert client.get("/compte/securite/application/").url.startswith(reverse("account_reauthenticate"))
    assert "pas le vôtre" in client.post("/compte/confirmer/", {"password": "autre chose"}).content.decode()


def test_whoever_must_have_one_does_not_give_up_the_last(client, compulsory):
    officer = OfficerFactory()
    TOTP.activate(officer, SECRET)
    log_in(client, officer)
    client.post("/compte/connexion/code/", {"code": code(SECRET)})
    confirm(client, officer)
    page = client.post("/compte/securite/application/retirer/")
    assert "doit garder un second facteur" in page.content.decode()
    assert Authenticator.objects.filter(user=officer, type=Authenticator.Type.TOTP).exists()


def key_of(user, name):
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data={"name": name, "credential": {}}
    )


def test_a_last_key_is_not_given_up_either(client, compulsory):
    officer = OfficerFactory()
    key = key_of(officer, "clé du bureau")
    client.force_login(officer)
    confirm(client, officer)
    client.post(f"/compte/securite/cles/{key.pk}/retirer/")
    assert Authenticator.objects.filter(pk=key.pk).exists()
    key_of(officer, "clé de secours")
    client.post(f"/compte/securite/cles/{key.pk}/retirer/")
    assert not Authenticator.objects.filter(pk=key.pk).exists()


def test_the_key_of_somebody_else_is_not_found(client):
    key = key_of(UserFactory(), "la sienne")
    user = UserFactory()
    client.force_login(user)
    confirm(client, user)
    for verb in ("retirer", "renommer"):
        assert client.post(f"/compte/securite/cles/{key.pk}/{verb}/", {"name": "x"}).status_code == 404


def test_a_lead_who_has_one_may_give_it_up_and_is_told_by_mail(client, compulsory):
    lead = MembershipFactory().user
    TOTP.activate(lead, SECRET)
    log_in(client, lead)
    client.post("/compte/connexion/code/", {"code": code(SECRET)})
    confirm(client, lead)
    client.post("/compte/securite/application/retirer/")
    assert not Authenticator.objects.filter(user=lead).exists()
    assert mail.outbox[-1].subject == "L’application de codes est retirée de votre compte"


def test_an_administrator_takes_away_a_lost_one_and_reads_no_secret(client):
    officer = OfficerFactory()
    TOTP.activate(officer, SECRET)
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert SECRET not in client.get(f"/admin/cohesion/user/{officer.pk}/change/").content.decode()
    assert client.get("/admin/mfa/authenticator/").status_code == 404
    client.post("/admin/cohesion/user/", {"action": "forget_second_factor", "_selected_action": [officer.pk]})
    assert not Authenticator.objects.exists()


def test_the_pages_of_keys_run_under_the_strict_policy(client):
    response = client.get("/compte/connexion/")
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    page = response.content.decode()
    scripts = [part.split(">")[0] for part in page.split("<script")[1:]]
    assert scripts
    assert all("src=" in script or 'type="application/json"' in script for script in scripts)
