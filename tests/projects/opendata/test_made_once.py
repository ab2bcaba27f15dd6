"""A public file is made once after a change, whoever asks for it, and is never of what was public under other rules."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import close_old_connections
from django.utils import timezone

from projects.models import OpenFile
from projects.opendata import kept_files, shared_files
from projects.opendata.kept_file import KeptFile
from tests.factories import ProjectFactory


@pytest.fixture(autouse=True)
def nothing_held(monkeypatch):
    monkeypatch.setattr(shared_files, "_held", {})


def other_process():
    """What another process knows: what is in the database."""
    shared_files._held.clear()


def text_file(words):
    return KeptFile.of_text(words.encode(), "text/plain")


def refuse():
    raise AssertionError("made again")


def ask(state, make=refuse, **options):
    return shared_files.shared("essai.csv", "https://site.test", state, make, **options)


@pytest.mark.django_db
def test_what_one_process_made_the_others_read():
    assert ask(1, lambda: text_file("un")).body("") == b"un"
    other_process()
    assert ask(1).body("") == b"un"
    assert ask(1).body("br")  # held from then on


@pytest.mark.django_db
def test_while_one_makes_it_the_others_give_the_one_before():
    ask(1, lambda: text_file("un"))
    OpenFile.objects.update(claimed_at=timezone.now())  # another process makes the next
    given = ask(2)
    assert (given.body(""), given.is_former) == (b"un", True)
    assert not ask(1).is_former


@pytest.mark.django_db
def test_who_died_while_making_it_holds_nobody_up_for_long():
    ask(1, lambda: text_file("un"))
    OpenFile.objects.update(claimed_at=timezone.now() - shared_files.CLAIM - timedelta(seconds=1))
    assert ask(2, lambda: text_file("deux")).body("") == b"deux"


@pytest.mark.django_db
def test_who_fails_leaves_it_to_the_next():
    with pytest.raises(AssertionError):
        ask(1)
    assert ask(1, lambda: text_file("un")).body("") == b"un"


@pytest.mark.django_db
def test_what_other_settings_showed_is_given_by_nobody(monkeypatch):
    ask(1, lambda: text_file("le montant"))
    other_process()
    monkeypatch.setattr(shared_files, "site_stamp", lambda: "autres réglages")
    OpenFile.objects.update(claimed_at=timezone.now())
    assert ask(2, lambda: text_file("sans montant")).body("") == b"sans montant"


@pytest.mark.django_db
def test_what_says_numbers_waits_for_them_rather_than_give_those_of_before(monkeypatch):
    monkeypatch.setattr(shared_files, "PATIENCE", 0.1)
    ask(1, lambda: text_file("un"))
    OpenFile.objects.update(claimed_at=timezone.now())
    assert ask(2, lambda: text_file("deux"), is_exact=True).body("") == b"deux"


@pytest.mark.django_db
def test_a_file_of_before_is_kept_by_nobody_as_if_it_were_of_now(client, founding):
    ProjectFactory(title="Le premier")
    first = client.get("/donnees/projets.csv")
    ProjectFactory(title="Le second")
    OpenFile.objects.filter(name="projets.csv").update(claimed_at=timezone.now())
    before = client.get("/donnees/projets.csv")
    assert before.content == first.content
    assert before.headers["ETag"] == first.headers["ETag"]
    assert "Last-Modified" not in before.headers
    assert not hasattr(before, "kept_under")
    OpenFile.objects.update(claimed_at=None)
    again = client.get("/donnees/projets.csv", headers={"If-None-Match": before.headers["ETag"]})
    assert "Le second" in again.text


@pytest.mark.django_db
def test_another_process_makes_nothing_of_a_table_that_one_has_made(client, founding, monkeypatch):
    ProjectFactory()
    addresses = ("/donnees/projets.csv", "/donnees/projets/", "/donnees/catalogue.jsonld", "/donnees/")
    bodies = [client.get(address).content for address in addresses]
    other_process()
    monkeypatch.setattr(kept_files.TableReading, "rows", property(lambda reading: refuse()))
    assert [client.get(address).content for address in addresses] == bodies


@pytest.mark.django_db(transaction=True)
def test_of_many_who_ask_at_once_for_what_has_changed_one_makes_it():
    ask(1, lambda: text_file("un"))
    made, given = [], []

    def make():
        made.append(1)
        time.sleep(0.3)
        return text_file("deux")

    def someone():
        try:
            given.append(ask(2, make).body(""))
        finally:
            close_old_connections()

    threads = [threading.Thread(target=someone) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert sorted(set(given)) == [b"deux", b"un"]
