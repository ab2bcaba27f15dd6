"""What an attacker sends to every address, as anybody: never an error of the site, never a stack, nowhere."""

import json
import logging
import re
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.urls import reverse

from cohesion.lib.logs import JsonFormatter, Refusals
from tests.site import wicked
from tests.site.rights import ROLES, named_addresses
from tests.site.test_rights import parameters, people

__all__ = ["parameters", "people"]  # fixtures
pytestmark = pytest.mark.django_db
STACK = re.compile(r"Traceback \(most recent call last\)|File &quot;|/site-packages/")
# They would end the session with which the others are asked.
OUT = {"account_logout", "admin:logout"}


@pytest.fixture
def ask(caplog, monkeypatch):
    """Send a wicked request within a savepoint; returns what is wrong with the answer, or nothing."""
    caplog.set_level(logging.ERROR)
    broken = []

    def fail(sender, request, **kwargs):
        broken.append(request.path)

    got_request_exception.connect(fail)

    def send(client, address, one):
        broken.clear()
        caplog.clear()
        point = transaction.savepoint()
        query = f"?{one.query}" if one.query else ""
        data = {"data": one.body, "content_type": one.content_type} if one.body or one.content_type else {}
        try:
            response = client.generic(one.method, address + query, **data, **one.headers)
            if one.method != "HEAD" and response.headers.get("Content-Type", "").startswith("text/"):
                shown = response.getvalue().decode(errors="replace")
            else:
                shown = ""
        except Exception as error:
            return f"{one.name} : {error!r}"
        finally:
            transaction.savepoint_rollback(point)
        stacks = [
            record.getMessage()[:200] for record in caplog.records if Refusals().filter(record) and record.exc_info
        ]
        if response.status_code >= 500 or broken or STACK.search(shown) or stacks:
            return f"{one.name} : {response.status_code} {stacks}"
        return None

    yield send
    got_request_exception.disconnect(fail)


@pytest.fixture
def site(parameters):
    """Every address with real parameters, and the same with a hole for each parameter."""
    found = {}
    for name, arguments in named_addresses():
        if name in OUT:
            continue
        real = {key: parameters[key](name) for key in arguments}
        address = reverse(name, kwargs=real)
        found[name] = (address, list(arguments), real)
    return found


def spoilt(name, address, arguments, real, piece):
    """The address with its last parameter replaced by something that it should not be."""
    if not arguments:
        return f"{address}{piece}"
    value = quote(str(real[arguments[-1]]), safe="")
    head, found, tail = address.rpartition(f"/{value}") if f"/{value}" in address else address.rpartition(value)
    return f"{head}{found[: len(found) - len(value)]}{piece}{tail}"


def client_of(person):
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person)
    return client


def walk(ask, site, client, *, every, first):
    """Each address meets every so many of the requests, another part at each address."""
    wrong, asked = [], 0
    requests = wicked.everything()
    for rank, (name, (address, arguments, real)) in enumerate(site.items()):
        for one in requests[(first + rank * 7) % every :: every]:
            where = spoilt(name, address, arguments, real, one.piece) if one.piece else address
            fault = ask(client, where, one)
            asked += 1
            if fault:
                wrong.append(f"{name} {where[:200]} : {fault}")
    return asked, wrong


def test_there_are_as_many_as_promised_and_each_is_another():
    made = wicked.everything()
    assert len(made) + len(wicked.addresses()) >= 450
    assert len({one.name for one in made}) == len(made)


def test_every_wicked_request_is_answered_by_a_page_that_reads_it(ask, founding, node):
    """All of them, by the public pages in turn: the quick part."""
    client = client_of(None)
    quick, slow = ("/recherche/", "/territoires/"), ("/projets/", "/couverture/", "/cadre/", "/orientations/2.1.2/")
    pages = [page for one in slow for page in (*quick, one)]
    wrong = []
    for rank, one in enumerate(wicked.everything()):
        page = pages[rank % len(pages)]
        wrong.append(ask(client, f"{page}{one.piece}", one))
    for path in wicked.addresses():
        wrong.append(ask(client, path, wicked.Wicked(path[:60])))
    assert not [fault for fault in wrong if fault], "\n".join(filter(None, wrong))


def test_every_address_stands_some_of_them_whoever_asks(ask, site, people):
    total = 0
    for rank, role in enumerate(ROLES):
        asked, wrong = walk(ask, site, client_of(people[role]), every=1200, first=rank * 171)
        assert not wrong, "\n".join(wrong)
        total += asked
    assert total > 400


def test_an_error_of_the_site_is_seen(ask, monkeypatch):
    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("cohesion.site.pages._about", fail)
    assert "500" in ask(client_of(None), reverse("legal"), wicked.Wicked("rien"))
    assert ask(client_of(None), reverse("robots"), wicked.Wicked("rien")) is None


def test_a_refused_request_is_one_line_without_a_stack_and_no_alarm(client, caplog):
    assert client.get("/", HTTP_HOST="ailleurs.example").status_code == 400
    handler = settings.LOGGING["handlers"]["console"]
    assert handler["filters"] == ["refusals"]
    for record in caplog.records:
        Refusals().filter(record)
        said = json.loads(JsonFormatter().format(record))
        assert ("exception" in said, said["level"], said["status_code"]) == (False, "WARNING", 400)


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_every_address_stands_many_of_them_whoever_asks(ask, site, people, role):
    asked, wrong = walk(ask, site, client_of(people[role]), every=10, first=ROLES.index(role))
    assert asked > 6_000
    assert not wrong, "\n".join(wrong)
