"""An open page asks who is logged in and for how long; asking is no activity, staying is."""

import pytest
import time_machine
from django.test import Client

from tests.accounts.test_sessions import is_in, log_in
from tests.factories import LeadFactory, OfficerFactory

pytestmark = pytest.mark.django_db
MINUTE, HOUR = 60, 3600
PRESENCE = "/compte/presence/"


def test_it_says_who_is_there_and_gives_the_present_token(lead_client, lead):
    said = lead_client.get(PRESENCE)
    assert said.headers["Cache-Control"] == "no-store, private"
    assert (said.json()["account"], said.json()["name"]) == (lead.pk, "Léa Martin")
    checked = client_checks(lead)
    token = checked.get(PRESENCE).json()["token"]
    assert checked.post(PRESENCE, headers={"X-CSRFToken": token}).json()["account"] == lead.pk
    assert checked.post(PRESENCE).status_code == 403


def client_checks(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.fixture
def lead(db):
    return LeadFactory(first_name="Léa", last_name="Martin")


@pytest.fixture
def lead_client(client, lead):
    client.force_login(lead)
    return client


def test_to_nobody_it_says_nobody_and_touches_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(PRESENCE)
    assert answer.json() == {"account": None}
    assert not answer.cookies


def test_it_costs_the_session_and_the_account(lead_client, django_assert_num_queries):
    with django_assert_num_queries(2):
        lead_client.get(PRESENCE)


def test_to_ask_is_no_activity_and_to_stay_is(client):
    with time_machine.travel("2026-11-25 08:00", tick=False) as clock:
        log_in(client, OfficerFactory())
        clock.shift(20 * MINUTE)
        said = client.get(PRESENCE).json()
        assert (said["idle"], said["whole"]) == (10 * MINUTE, 10 * HOUR - 20 * MINUTE)
        said = client.post(PRESENCE).json()
        assert said["idle"] == 30 * MINUTE
        clock.shift(29 * MINUTE)
        assert client.get(PRESENCE).json()["idle"] == MINUTE
        clock.shift(2 * MINUTE)
        assert client.get(PRESENCE).json() == {"account": None}
        assert not is_in(client)


def test_the_longest_time_is_told_when_it_comes_first(client):
    with time_machine.travel("2026-11-25 08:00", tick=False) as clock:
        log_in(client, OfficerFactory())
        for _ in range(28):
            clock.shift(21 * MINUTE)
            said = client.post(PRESENCE).json()
        assert said["idle"] == said["whole"] == 10 * HOUR - 28 * 21 * MINUTE


@pytest.mark.parametrize("path", ["/espace/", "/compte/", "/instruction/", "/admin/", "/"])
def test_every_page_of_somebody_logged_in_knows_when_it_ends_and_no_other_does(client, founding, path):
    assert "typed.js" not in client.get(path, follow=True).content.decode()
    with time_machine.travel("2026-11-25 08:00", tick=False):
        client.force_login(OfficerFactory())
        page = client.get(path).content.decode()
    assert page.count("typed.js") == 1
    assert 'data-limit="1800"' in page
    assert 'data-idle="1800"' in page
