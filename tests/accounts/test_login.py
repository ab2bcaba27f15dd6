"""The door: who comes in, how many tries, what is said to whom."""

import re
import time

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from cohesion.roles import ELECTED
from tests.at_once import each_at_once
from tests.factories import OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "mot-de-passe-de-test"
LOGIN = "/compte/connexion/"


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


@pytest.fixture
def person():
    return UserFactory(email="lea@exemple.test", first_name="Léa", last_name="Martin")


def log_in(client, email="lea@exemple.test", password=PASSWORD, **headers):
    return client.post(LOGIN, {"login": email, "password": password}, **headers)


def wrong(client, times, email="lea@exemple.test", **headers):
    return [log_in(client, email, "pas-le-bon-mot-de-passe", **headers) for _ in range(times)][-1]


def test_the_address_and_the_password_open_a_session_and_the_case_of_the_address_does_not_matter(client, person):
    response = log_in(client, "Lea@Exemple.TEST")
    assert response.status_code == 302
    assert response.url == reverse("projects:space")
    assert "Léa Martin" in client.get("/compte/").content.decode()


def test_an_agent_arrives_at_the_screens_and_anybody_where_they_were_going(client, person):
    officer = OfficerFactory()
    assert log_in(client, officer.email).url == reverse("admin:index")
    client.logout()
    response = client.get("/admin/projects/action/", follow=True)
    assert response.redirect_chain[-1][0] == f"{LOGIN}?next=/admin/projects/action/"
    response = client.post(LOGIN, {"login": officer.email, "password": PASSWORD, "next": "/admin/projects/action/"})
    assert response.url == "/admin/projects/action/"


@pytest.mark.parametrize("address", ["http://[", "//evil.example℀", "//evil.example", "/\\evil.example"])
def test_an_address_that_leads_elsewhere_or_cannot_be_read_leads_nowhere(client, person, address):
    assert client.get(LOGIN, {"next": address}).status_code == 200
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD, "next": address})
    assert response.url == reverse("projects:space")


def test_the_elected_arrive_on_a_page_of_their_own_not_in_the_officers_queue(client, db):
    elected = UserFactory(email="elu@exemple.test", is_staff=True)
    elected.groups.add(Group.objects.get(name=ELECTED.name))
    assert log_in(client, elected.email).url == reverse("projects:own_page")


def test_nobody_is_sent_elsewhere_by_a_forged_address(client, person):
    response = client.post(LOGIN, {"login": person.email, "password": PASSWORD, "next": "https://ailleurs.example/"})
    assert response.url == reverse("projects:space")


def test_an_unknown_address_and_a_wrong_password_get_the_same_page(client, person):
    pages = [log_in(client, email, "pas-le-bon-mot-de-passe") for email in (person.email, "nul@exemple.test")]
    assert [page.status_code for page in pages] == [200, 200]
    known, unknown = (
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode()).replace(email, "")
        for page, email in zip(pages, (person.email, "nul@exemple.test"), strict=True)
    )
    assert known == unknown
    assert "ne convient pas" in known


def test_an_unknown_address_costs_a_hash_of_the_password_too(client, person, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    person.set_password(PASSWORD)
    person.save()

    def seconds(email):
        start = time.perf_counter()
        log_in(client, email, "pas-le-bon-mot-de-passe")
        return time.perf_counter() - start

    seconds(person.email)
    known, unknown = seconds(person.email), seconds("nul@exemple.test")
    assert 0.5 < unknown / known < 2


def test_the_sixth_failure_in_a_quarter_of_an_hour_is_not_looked_at_and_then_the_door_opens_again(client, person):
    with time_machine.travel("2026-11-25 09:00", tick=True) as clock:
        assert "ne convient pas" in wrong(client, 5).content.decode()
        assert "Trop d’essais" in log_in(client).content.decode()
        clock.shift(15 * 60 + 1)
        assert log_in(client).status_code == 302


def test_failures_from_one_address_do_not_close_the_door_to_the_owner_elsewhere(client, person):
    wrong(client, 6, REMOTE_ADDR="198.51.100.7")
    assert log_in(client, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_twenty_failures_an_hour_close_an_account_whatever_address_they_come_from(client, person):
    with time_machine.travel("2026-11-25 09:00", tick=True) as clock:
        for number in range(4):
            wrong(client, 5, REMOTE_ADDR=f"198.51.100.{number}")
        assert "Trop d’essais" in log_in(client, REMOTE_ADDR="203.0.113.9").content.decode()
        assert log_in(client, OfficerFactory().email, REMOTE_ADDR="203.0.113.9").status_code == 302
        client.logout()
        clock.shift(3601)
        assert log_in(client, REMOTE_ADDR="203.0.113.9").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_failures_at_once_are_counted_together_by_all_who_serve(person):
    """Each thread has its own connection, as each process has: what they share is the table."""

    def try_once(number):
        return "ne convient pas" in wrong(Client(), 1).content.decode()

    looked_at = each_at_once(try_once, range(24))
    assert 1 <= looked_at.count(True) <= 5
    assert "Trop d’essais" in log_in(Client()).content.decode()


def test_the_counts_of_some_are_not_pushed_out_by_the_many(client, person, settings):
    assert settings.CACHES["default"]["BACKEND"].endswith("DatabaseCache")
    wrong(client, 5)
    cache.set_many({f"autre-{number}": number for number in range(400)})
    assert "Trop d’essais" in log_in(client).content.decode()


def test_a_login_that_succeeds_is_no_failure(client, person):
    for _ in range(8):
        assert log_in(client).status_code == 302
        client.logout()


def test_a_login_that_succeeds_takes_no_failure_away(client, person):
    """Else whoever guesses begins afresh each time that the owner comes in."""
    wrong(client, 4)
    for _ in range(3):
        assert log_in(client).status_code == 302
        client.logout()
    assert "ne convient pas" in wrong(client, 1).content.decode()
    assert "Trop d’essais" in log_in(client).content.decode()


def test_an_address_that_the_visitor_writes_is_not_believed_without_frontals(client, person):
    for number in range(5):
        wrong(client, 1, HTTP_X_FORWARDED_FOR=f"198.51.100.{number}")
    assert "Trop d’essais" in log_in(client, HTTP_X_FORWARDED_FOR="203.0.113.9").content.decode()


def test_behind_one_frontal_only_the_last_address_is_believed(client, person, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(5):
        wrong(client, 1, HTTP_X_FORWARDED_FOR=f"10.0.0.{number}, 198.51.100.7")
    assert "Trop d’essais" in log_in(client, HTTP_X_FORWARDED_FOR="10.0.0.9, 198.51.100.7").content.decode()
    assert log_in(client, HTTP_X_FORWARDED_FOR="198.51.100.7, 203.0.113.9").status_code == 302


def test_nobody_opens_an_account_alone(client):
    page = client.get("/compte/inscription/").content.decode()
    assert "sur invitation" in page
    client.post("/compte/inscription/", {"email": "moi@exemple.test", "password1": PASSWORD, "password2": PASSWORD})
    assert not type(UserFactory.build()).objects.exists()


def test_a_closed_account_is_told_so_only_to_whoever_knows_its_password(client, person):
    person.is_active = False
    person.save()
    assert "ne convient pas" in wrong(client, 1).content.decode()
    assert log_in(client).url == reverse("account_inactive")
    assert client.get("/compte/").status_code == 302


# --- a forgotten password ---------------------------------------------------------------------------------


def ask_reset(client, email):
    return client.post("/compte/mot-de-passe/oublie/", {"email": email})


def link():
    return re.search(r"https://testserver(/\S+)", mail.outbox[-1].body)[1]


def test_the_answer_is_the_same_for_a_known_and_an_unknown_address_and_each_gets_one_mail(client, person):
    for email in (person.email, "nul@exemple.test"):
        response = ask_reset(client, email)
        assert response.url == reverse("account_reset_password_done")
    assert [message.to for message in mail.outbox] == [[person.email], ["nul@exemple.test"]]
    assert "aucun compte" in mail.outbox[1].body


def test_the_link_does_not_repeat_what_the_request_calls_the_site(client, person, settings):
    settings.ALLOWED_HOSTS = ["cst.example", "autre.example"]
    client.post("/compte/mot-de-passe/oublie/", {"email": person.email}, HTTP_HOST="autre.example")
    assert "https://cst.example/compte/" in mail.outbox[0].body
    settings.BASE_URL = "https://cohesion.example"
    client.post("/compte/mot-de-passe/oublie/", {"email": person.email}, HTTP_HOST="autre.example")
    assert "https://cohesion.example/compte/" in mail.outbox[1].body


def choose(client, address, password):
    page = client.get(address, follow=True)
    path = page.redirect_chain[-1][0] if page.redirect_chain else address
    return client.post(path, {"password1": password, "password2": password})


def test_a_reset_link_serves_once(client, person):
    ask_reset(client, person.email)
    address = link()
    assert choose(client, address, "quatre tournesols et un vélo").url == reverse(
        "account_reset_password_from_key_done"
    )
    assert log_in(client, password="quatre tournesols et un vélo").status_code == 302
    client.logout()
    assert "n’est plus valable" in client.get(address, follow=True).content.decode()


def test_a_reset_link_serves_one_hour(client, person):
    with time_machine.travel("2026-11-25 09:00", tick=True) as clock:
        ask_reset(client, person.email)
        clock.shift(3590)
        assert "n’est plus valable" not in client.get(link(), follow=True).content.decode()
        clock.shift(20)
        client.cookies.clear()
        assert "n’est plus valable" in client.get(link(), follow=True).content.decode()


def test_the_key_of_a_reset_does_not_stay_in_the_address(client, person):
    ask_reset(client, person.email)
    key = link().rstrip("/").rpartition("-")[2]
    assert key not in client.get(link(), follow=True).redirect_chain[-1][0]


def test_a_reset_opens_the_door_that_failures_had_closed(client, person):
    wrong(client, 6)
    ask_reset(client, person.email)
    choose(client, link(), "quatre tournesols et un vélo")
    assert log_in(client, password="quatre tournesols et un vélo").status_code == 302


def test_a_changed_password_closes_the_other_sessions_and_is_told_by_mail(client, person):
    other = Client()
    log_in(other)
    log_in(client)
    new = "quatre tournesols et un vélo"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/compte/mot-de-passe/", fields).status_code == 302
    assert client.get("/compte/").status_code == 200
    assert other.get("/compte/").status_code == 302
    assert mail.outbox[-1].subject == "Votre mot de passe a changé"
