"""What changes for those who use the site: dated, in their words, and marked until it is read."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cohesion.models import User
from cohesion.site import news
from tests.costs import cost
from tests.factories import UserFactory
from tests.pages import squeezed

pytestmark = pytest.mark.django_db
PAGE = "/nouveautes/"
READERS = {
    "Pour tous",
    "Pour les porteurs",
    "Pour les chargés de mission",
    "Pour les élus",
    "Pour ceux qui ont un compte",
}


def days_before_all(days=1):
    return news.entries()[-1].day - datetime.timedelta(days=days)


@pytest.fixture
def reader():
    """Somebody whose account is older than every entry."""
    moment = timezone.make_aware(datetime.datetime.combine(days_before_all(), datetime.time(12)))
    return UserFactory(date_joined=moment)


@pytest.fixture
def reading(client, reader):
    client.force_login(reader)
    return client


def test_the_entries_are_short_and_say_whom_they_concern():
    entries = news.entries()
    assert len(entries) >= 5
    assert [entry.day for entry in entries] == sorted((entry.day for entry in entries), reverse=True)
    for entry in entries:
        assert entry.readers in READERS
        assert len(entry.title) <= 80
        assert len(entry.text) <= 300
        assert entry.text.endswith(".")


def test_anybody_reads_them_all_and_is_not_sent_them_again(client):
    answer = client.get(PAGE)
    for entry in news.entries():
        assert entry.title.replace("'", "’") in answer.text.replace("&#x27;", "’")
    assert client.get(PAGE, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert "pas encore lu" not in answer.text


def test_who_has_not_read_them_is_told_on_every_page_until_they_have(reading, reader):
    number = len(news.entries())
    assert f">{number}\u00a0nouveautés</a>" in squeezed(reading.get("/compte/").text)
    assert reading.get(PAGE).text.count("pas encore lu") == number
    assert "nouveautés</a>" not in squeezed(reading.get("/compte/").text)
    assert "pas encore lu" not in reading.get(PAGE).text


def test_to_ask_for_the_headers_only_is_not_to_read(reading):
    reading.head(PAGE)
    assert "nouveautés</a>" in squeezed(reading.get("/compte/").text)


def test_what_was_there_before_the_account_is_no_news_to_it(client):
    after = news.entries()[0].day + datetime.timedelta(days=1)
    with time_machine.travel(datetime.datetime.combine(after, datetime.time(12))):
        client.force_login(UserFactory())
        assert "nouveautés</a>" not in squeezed(client.get("/compte/").text)


def test_one_entry_more_is_one_that_is_not_read(reading, reader, monkeypatch):
    reading.get(PAGE)
    latest = news.entries()[0].day
    more = [news.NewsEntry(latest + datetime.timedelta(days=1), "Une de plus", "Texte.", "Pour tous"), *news.entries()]
    monkeypatch.setattr(news, "entries", lambda: more)
    assert ">1\u00a0nouveauté</a>" in squeezed(reading.get("/compte/").text)
    User.objects.filter(pk=reader.pk).update(news_read_on=latest + datetime.timedelta(days=1))
    assert "nouveauté</a>" not in squeezed(reading.get("/compte/").text)


def test_the_mark_asks_the_database_nothing(reading):
    reading.get("/compte/")
    marked = cost("/compte/", reading)
    reading.get(PAGE)
    assert cost("/compte/", reading) == marked


def test_nobody_has_no_mark(founding):
    assert "nouveautés</a>" not in squeezed(Client().get("/").text)
