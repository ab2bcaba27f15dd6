"""Sessions: how long they last, what is kept of the pages, and closing them."""

import time

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.factories import MembershipFactory, OfficerFactory

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def log_in(client, user):
    response = client.post("/compte/connexion/", {"login": user.email, "password": "mot-de-passe-de-test"})
    assert response.status_code == 302


@pytest.fixture
def lead():
    return MembershipFactory().user


def is_in(client):
    return client.get("/compte/").status_code == 200


@pytest.mark.parametrize(("who", "idle"), [("staff", 30 * MINUTE), ("lead", 2 * HOUR)])
def test_a_session_left_alone_is_closed(client, lead, who, idle):
    with time_machine.travel("2026-11-25 08:00", tick=True) as clock:
        log_in(client, lead if who == "lead" else OfficerFactory())
        clock.shift(idle - 5)
        assert is_in(client)
        clock.shift(idle - 5)
        assert is_in(client)
        clock.shift(idle + 5)
        assert not is_in(client)
        assert "s’est fermée d’elle-même" in client.get("/compte/connexion/").content.decode()
        assert "s’est fermée d’elle-même" not in client.get("/compte/connexion/").content.decode()


@pytest.mark.parametrize(("who", "whole", "step"), [("staff", 10 * HOUR, 20 * MINUTE), ("lead", 24 * HOUR, HOUR)])
def test_a_session_that_is_used_all_the_time_is_closed_in_the_end(client, lead, who, whole, step):
    with time_machine.travel("2026-11-25 08:00", tick=False) as clock:
        log_in(client, lead if who == "lead" else OfficerFactory())
        for _ in range(whole // step):
            clock.shift(step)
            assert is_in(client)
        clock.shift(step)
        assert not is_in(client)


def test_a_session_is_written_once_a_minute_at_most(client, lead, django_assert_num_queries):
    with time_machine.travel("2026-11-25 08:00", tick=False) as clock:
        log_in(client, lead)
        clock.shift(30)
        with django_assert_num_queries(2):  # the session and the account
            client.get("/robots.txt")
        clock.shift(40)
        client.get("/robots.txt")
        assert UserSession.objects.get().last_seen_at.timestamp() == pytest.approx(time.time(), abs=1)


@pytest.mark.parametrize("address", ["/", "/cadre/", "/projets/", "/compte/", "/page-inconnue/", "/mentions-legales/"])
def test_nobody_keeps_a_page_of_somebody_logged_in(client, lead, founding, address):
    known = client.get(address).headers.get("ETag")
    log_in(client, lead)
    headers = {"If-None-Match": known} if known else {}
    response = client.get(address, headers=headers)
    assert response.status_code != 304
    assert response.headers["Cache-Control"] == "no-store, private"
    assert "ETag" not in response.headers


@pytest.mark.parametrize("address", ["/", "/cadre/", "/projets/", "/mentions-legales/"])
def test_a_page_is_the_same_for_every_visitor_and_again_after_somebody_left(client, lead, founding, address):
    before = client.get(address)
    assert "Se connecter" in before.content.decode()
    assert not before.cookies
    log_in(client, lead)
    inside = client.get(address).content.decode()
    assert "Se déconnecter" in inside
    client.post("/compte/deconnexion/")
    after = Client().get(address)
    assert after.content == before.content
    assert after.headers.get("ETag") == before.headers.get("ETag")


def test_the_header_names_who_is_logged_in_and_links_no_page_that_does_not_exist(client, founding):
    lead = MembershipFactory(user__first_name="Léa", user__last_name="Martin").user
    log_in(client, lead)
    page = client.get("/").content.decode()
    assert "Léa Martin" in page
    assert reverse("account") in page
    assert "Bureau" not in page


def test_one_sees_ones_sessions_and_closes_one(lead):
    here, elsewhere = Client(HTTP_USER_AGENT="Navigateur d’ici"), Client(HTTP_USER_AGENT="Navigateur d’ailleurs")
    log_in(elsewhere, lead)
    log_in(here, lead)
    page = here.get("/compte/sessions/").content.decode()
    assert "Navigateur d’ailleurs" in page
    assert "Fermer cette session" in page
    other = UserSession.objects.get(user_agent="Navigateur d’ailleurs")
    assert here.post(f"/compte/sessions/{other.pk}/fermer/").status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_all_the_others_are_closed_at_once(lead):
    here, elsewhere = Client(), Client()
    log_in(elsewhere, lead)
    log_in(here, lead)
    here.post("/compte/sessions/")
    assert is_in(here)
    assert not is_in(elsewhere)


def test_the_session_of_somebody_else_is_not_found(client, lead):
    other = Client()
    log_in(other, OfficerFactory())
    log_in(client, lead)
    theirs = UserSession.objects.exclude(user=lead).get()
    assert client.post(f"/compte/sessions/{theirs.pk}/fermer/").status_code == 404
    assert is_in(other)


def test_logging_out_asks_first_by_a_link_and_not_by_the_button(client, lead):
    log_in(client, lead)
    assert client.get("/compte/deconnexion/").status_code == 200
    assert is_in(client)
    assert client.post("/compte/deconnexion/").url == reverse("home")
    assert not is_in(client)


def test_an_administrator_closes_the_sessions_of_an_account(client, lead):
    theirs = Client()
    log_in(theirs, lead)
    client.force_login(OfficerFactory(is_superuser=True))
    client.post("/admin/cohesion/user/", {"action": "close_sessions", "_selected_action": [lead.pk]})
    assert not is_in(theirs)
