"""What other programs are told: public facts, signed, on the public internet alone, again until they are received."""

import contextlib
import datetime
import hashlib
import hmac
import http.client
import json
import socket
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils import timezone

from axes import actions
from cohesion.lib.sealing import sealed
from projects.choices import OrganizationKind, ProjectStatus
from projects.instructing.deciding import Ruling, decide
from projects.models import Message, Webhook, WebhookDelivery
from projects.webhooks import guard, sending
from tests.factories import OrganizationFactory, ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db
SECRET = "le-secret-de-l-essai"


@pytest.fixture
def webhook(db):
    return Webhook.objects.create(
        name="Essai",
        url="https://recoit.test/avis?x=1",
        events=["decision", "project_published", "framework_changed"],
        secret=sealed(SECRET),
    )


class Receiver:
    """A server on this machine that keeps what it gets, and answers ``status``."""

    def __init__(self):
        self.got, self.status = [], 204
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((self.path, dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", "/ailleurs")
                self.end_headers()

            def log_message(self, *args):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver(monkeypatch):
    made = Receiver()
    port = made.server.server_port
    monkeypatch.setattr(sending, "connection_to", lambda url: http.client.HTTPConnection("127.0.0.1", port, timeout=5))
    yield made
    made.server.shutdown()
    made.server.server_close()


def _published(**options):
    return ProjectFactory(status=ProjectStatus.RUNNING, **options)


def test_a_project_that_becomes_public_is_told_once_and_signed(webhook, receiver):
    project = _published(granted=None)
    sent = sending.send()
    assert sent.received == 1
    assert sending.send().received == 0
    ((path, headers, body),) = receiver.got
    assert path == "/avis?x=1"
    message = json.loads(body)
    assert message["evenement"] == "project_published"
    assert message["donnees"]["code"] == project.code
    moment, _, digest = headers["X-Cohesion-Signature"].removeprefix("t=").partition(",v1=")
    expected = hmac.new(SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(digest, expected)


def test_what_is_not_public_is_told_to_nobody(webhook, officer, founding):
    for status in (ProjectStatus.DRAFT, ProjectStatus.SUBMITTED, ProjectStatus.REFUSED):
        ProjectFactory(status=status)
    draft = actions.prepare_next_version(framework=founding, by=officer)
    WebhookDelivery.objects.all().delete()
    node = draft.orientations.get(code="5.2")
    node.title = "Autre"
    actions.save_orientation(orientation=node, by=officer)
    assert not WebhookDelivery.objects.exists()


def test_a_hidden_amount_is_told_to_nobody(webhook, settings):
    settings.PUBLIC_AMOUNTS = []
    _published(granted=500)
    assert "accorde" not in WebhookDelivery.objects.get().payload


def test_a_decision_is_told_with_what_it_makes_public(webhook, officer):
    project = ProjectFactory(status=ProjectStatus.PROPOSED, requested=1000)
    decide(
        project,
        Ruling(outcome=ProjectStatus.RETAINED, amount=800, decided_on=timezone.localdate(), deliberation="D1"),
        by=officer,
    )
    told = {delivery.event: delivery.payload for delivery in WebhookDelivery.objects.all()}
    assert set(told) == {"decision", "project_published"}
    assert float(told["decision"]["accorde"]) == 800


def test_changes_of_a_framework_that_wait_are_one(webhook, founding, node, officer):
    for words in ("Un", "Deux"):
        changed = node("5.2")
        changed.title = words
        actions.save_orientation(orientation=changed, by=officer)
    deliveries = WebhookDelivery.objects.filter(subject=f"cadre {founding.slug}")
    assert deliveries.count() == 1


def test_what_is_not_received_is_tried_ever_later_then_given_up_and_administrators_hear(webhook, receiver):
    administrator = UserFactory(is_superuser=True, is_staff=True)
    receiver.status = 500
    _published()
    now = timezone.now()
    waits = []
    for _ in range(len(sending.DELAYS) + 1):
        sending.send(now)
        delivery = WebhookDelivery.objects.get()
        assert sending.send(now + datetime.timedelta(seconds=1)).failed == 0
        waits.append(delivery.next_at - now)
        now = max(now, delivery.next_at)
    delivery.refresh_from_db()
    assert delivery.given_up_at
    assert delivery.status == 500
    assert waits[: len(sending.DELAYS)] == list(sending.DELAYS)
    assert Message.objects.filter(user=administrator, title__contains="Essai").count() == 1
    sending.send_again(delivery)
    receiver.status = 200
    assert sending.send().received == 1


def test_a_redirection_is_not_followed(webhook, receiver):
    receiver.status = 302
    _published()
    assert sending.send().failed == 1
    assert len(receiver.got) == 1


def test_what_was_claimed_is_not_sent_by_another(webhook, receiver):
    _published()
    assert sending._claimed(timezone.now()) is not None
    assert sending.send().received == 0
    assert sending.send(timezone.now() + sending.LEASE).received == 1


def test_an_inactive_address_is_told_nothing(webhook):
    Webhook.objects.update(is_active=False)
    _published()
    assert not WebhookDelivery.objects.exists()


PRIVATE = ("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.0")  # noqa: S104
PRIVATE += ("::1", "fe80::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "224.0.0.1", "zzz")
PRIVATE += ("::a00:1", "::127.0.0.1", "64:ff9b:1::a00:1", "fec0::1", "::")


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_that_is_not_public_is_none(address):
    assert not guard.is_public(address)


@pytest.mark.parametrize("url", ["http://exemple.fr/", "https://moi:mot@exemple.fr/", "https:///x", "https://a:99999/"])
def test_only_https_without_a_name_is_an_address(url):
    with pytest.raises(ValidationError):
        guard.validate_target(url)


def _leads_to(monkeypatch, *addresses):
    monkeypatch.setattr(
        guard.socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (address, 443)) for address in addresses]
    )


def test_a_name_that_also_leads_inside_is_refused(monkeypatch):
    _leads_to(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(ValidationError):
        guard.validate_target("https://exemple.fr/")


def test_a_name_that_has_come_to_lead_inside_is_not_sent_to(webhook, monkeypatch):
    _leads_to(monkeypatch, "10.0.0.1")
    _published()
    assert sending.send().failed == 1
    assert "internet public" in WebhookDelivery.objects.get().failure


def test_one_connects_to_the_address_that_was_looked_at(monkeypatch):
    _leads_to(monkeypatch, "8.8.8.8")
    link = sending.connection_to("https://exemple.fr/avis")
    assert (link.host, link.address) == ("exemple.fr", "8.8.8.8")


def test_the_secret_is_shown_once_and_kept_sealed(client, monkeypatch):
    _leads_to(monkeypatch, "8.8.8.8")
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    form = {"name": "Outil", "url": "https://exemple.fr/avis", "events": ["decision"], "is_active": "on"}
    answer = client.post("/admin/projects/webhook/add/", form)
    made = Webhook.objects.get(name="Outil")
    first = client.get(answer.url).text
    words = made.key.decode()
    assert words
    assert words in first
    assert words not in client.get(answer.url).text
    assert words not in made.secret
    refused = client.post("/admin/projects/webhook/add/", form | {"name": "B", "url": "http://exemple.fr/"})
    assert "Donnez une adresse en https." in refused.text


def test_an_administrator_sends_again_from_the_log(client, webhook):
    _published()
    WebhookDelivery.objects.update(given_up_at=timezone.now(), attempts=7)
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    pk = WebhookDelivery.objects.get().pk
    client.post("/admin/projects/webhookdelivery/", {"action": "send_again", "_selected_action": [pk]})
    assert WebhookDelivery.objects.waiting().filter(attempts=0).count() == 1


def test_the_command_says_what_it_did(webhook, receiver, capsys):
    _published()
    call_command("send_webhooks")
    assert "1 avis reçu" in capsys.readouterr().out.replace("\u00a0", " ")


def test_who_may_be_somebody_is_named_to_no_other_program(webhook):
    _published(organization=OrganizationFactory(name="Jeanne Untel", kind=OrganizationKind.OTHER))
    assert "Jeanne Untel" not in json.dumps(WebhookDelivery.objects.get().payload)


class Dripping:
    """A server that answers a byte at a time, for ever."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._drip, daemon=True).start()

    def _drip(self):
        with contextlib.suppress(OSError):
            peer, _ = self.listening.accept()
            with peer:
                peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ")
                while True:
                    peer.sendall(b"2")
                    time.sleep(0.02)


def test_whoever_answers_a_byte_at_a_time_is_cut_off(webhook, monkeypatch):
    dripping = Dripping()
    port = dripping.listening.getsockname()[1]
    monkeypatch.setattr(sending, "connection_to", lambda url: http.client.HTTPConnection("127.0.0.1", port, timeout=5))
    monkeypatch.setattr(sending, "WHOLE", 0.2)
    _published()
    begun = time.monotonic()
    assert sending.send().failed == 1
    assert time.monotonic() - begun < 2
    dripping.listening.close()


def test_an_address_that_does_not_answer_is_tried_once_in_a_run(webhook, monkeypatch):
    tried = []

    def away(url):
        tried.append(url)
        raise TimeoutError

    monkeypatch.setattr(sending, "connection_to", away)
    for _ in range(3):
        _published()
    assert sending.send().failed == 1
    assert len(tried) == 1
    assert WebhookDelivery.objects.filter(attempts=0).count() == 2


def test_what_a_long_run_takes_late_is_taken_by_nobody_else(webhook):
    """A lease begins as it is taken: the run may have begun long before."""
    _published()
    begun = timezone.now() - sending.LEASE
    WebhookDelivery.objects.update(next_at=begun)
    assert sending._claimed(begun) is not None
    assert sending._claimed(timezone.now()) is None


def test_a_name_server_that_never_answers_holds_nobody_up(webhook, monkeypatch):
    ends = threading.Event()
    monkeypatch.setattr(guard, "LOOK_UP", 0.05)
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *a, **k: [ends.wait(30)][:0])
    _published()
    began = time.monotonic()
    assert sending.send().failed == 1
    with pytest.raises(ValidationError):
        guard.validate_target("https://exemple.fr/")
    assert time.monotonic() - began < 5
    assert "ne répond pas" in WebhookDelivery.objects.get().failure
    ends.set()
