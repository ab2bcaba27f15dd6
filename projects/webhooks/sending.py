"""Sending: what is due goes out signed, never by two senders at once, and is tried again ever later, then given up."""

import datetime
import hashlib
import hmac
import http.client
import json
import logging
import socket
import ssl
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cohesion import __version__
from cohesion.lib.claims import IN_DOUBT, claimable
from cohesion.models import User
from projects.messaging import readers, telling
from projects.webhooks.guard import PORT, public_address
from projects.webhooks.models import WebhookDelivery

logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds, for each of what the other side does
WHOLE = 30  # seconds, for all that it does: a byte at a time holds nobody up
# After each failure, how long before the next attempt; after the last, it is given up.
DELAYS = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 5, 30, 2 * 60, 8 * 60, 24 * 60))
LEASE = datetime.timedelta(minutes=10)  # whoever took it in hand and died has lost it after that
MOST = 200  # in one run
SIGNATURE, EVENT, NUMBER = "X-Cohesion-Signature", "X-Cohesion-Evenement", "X-Cohesion-Avis"
KEPT = datetime.timedelta(days=90)  # the log of what was told


@dataclass
class WebhookRun:
    """What a run did."""

    received: int = 0
    failed: int = 0
    given_up: int = 0
    silent: set[int] = field(default_factory=set)  # the addresses that did not answer: one attempt of each is enough


class PinnedConnection(http.client.HTTPSConnection):
    """To an address that was looked at, under the name that its certificate must bear."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self.address, self.secured = address, ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT, context=self.secured)

    def connect(self) -> None:
        name, self.host = self.host, self.address
        try:
            http.client.HTTPConnection.connect(self)
        finally:
            self.host = name
        self.sock = self.secured.wrap_socket(self.sock, server_hostname=name)


def connection_to(url: str) -> http.client.HTTPConnection:
    """A connection to where an address leads now, which must be public still.

    Raises:
        ValidationError: it leads into a network that is not public.
        OSError: it leads nowhere.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORT
    return PinnedConnection(host, port, public_address(host, port))


def send(now: datetime.datetime | None = None) -> WebhookRun:
    """Send what is due."""
    now, sent = now or timezone.now(), WebhookRun()
    WebhookDelivery.objects.filter(created_at__lt=now - KEPT).exclude(sent_at=None, given_up_at=None).delete()
    for _ in range(MOST):
        delivery = _claimed(now, sent.silent)
        if delivery is None:
            break
        _send(delivery, now, sent)
    return sent


def _claimed(now: datetime.datetime, silent: Collection[int] = ()) -> WebhookDelivery | None:
    """The next that is due, to an address that is not ``silent``, which nobody else will take for a while.

    The while begins as it is taken, not when the run began: those before it may have been slow.
    """
    with transaction.atomic():
        due = (
            WebhookDelivery.objects.waiting()
            .filter(next_at__lte=now, webhook__is_active=True)
            .exclude(webhook__in=silent)
        )
        delivery = claimable(due).select_related("webhook").order_by("next_at", "pk").first()
        if delivery is not None:
            delivery.attempts += 1
            delivery.next_at = max(now, timezone.now()) + LEASE
            delivery.failure = IN_DOUBT
            delivery.save(update_fields=["attempts", "next_at", "failure"])
    return delivery


def _send(delivery: WebhookDelivery, now: datetime.datetime, sent: WebhookRun) -> None:
    try:
        delivery.status = _posted(delivery)
        delivery.failure = "" if 200 <= delivery.status < 300 else f"L’adresse a répondu {delivery.status}."
    except ValidationError as error:
        delivery.status, delivery.failure = None, error.messages[0][:200]
    except (OSError, http.client.HTTPException, ValueError) as error:
        logger.warning("Un avis n’est pas parti : %s", delivery.pk, exc_info=error)
        delivery.status, delivery.failure = None, f"L’adresse ne répond pas ({type(error).__name__})."
        sent.silent.add(delivery.webhook_id)
    if not delivery.failure:
        delivery.sent_at = now
        sent.received += 1
    elif delivery.attempts > len(DELAYS):
        delivery.given_up_at = now
        sent.given_up += 1
        _give_notice(delivery)
    else:
        delivery.next_at = now + DELAYS[delivery.attempts - 1]
        sent.failed += 1
    delivery.save(update_fields=["status", "failure", "sent_at", "given_up_at", "next_at"])


def _posted(delivery: WebhookDelivery) -> int:
    """Post it; returns what was answered. Nothing that it answers is followed, nor read beyond its status."""
    body = body_of(delivery)
    parts = urlsplit(delivery.webhook.url)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    link = connection_to(delivery.webhook.url)
    try:
        with _cut_after(link, WHOLE):
            link.request("POST", path, body, headers_of(delivery, body))
            return link.getresponse().status
    finally:
        link.close()


@contextmanager
def _cut_after(link: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """End what the other side makes last: each byte of it would else have a time of its own."""

    def cut() -> None:
        with suppress(OSError):
            if link.sock is not None:
                link.sock.shutdown(socket.SHUT_RDWR)

    timer = Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def body_of(delivery: WebhookDelivery) -> bytes:
    message: dict[str, Any] = {
        "numero": delivery.pk,
        "evenement": delivery.event,
        "le": delivery.created_at,
        "donnees": delivery.payload,
    }
    return json.dumps(message, ensure_ascii=False, cls=DjangoJSONEncoder).encode()


def headers_of(delivery: WebhookDelivery, body: bytes) -> dict[str, str]:
    moment = str(int(timezone.now().timestamp()))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": f"Cohesion/{__version__}",
        EVENT: delivery.event,
        NUMBER: str(delivery.pk),
        SIGNATURE: f"t={moment},v1={signature(delivery.webhook.key, moment, body)}",
    }


def signature(key: bytes, moment: str, body: bytes) -> str:
    """What proves who sends, what, and when: the HMAC of the moment, a point, and the body."""
    return hmac.new(key, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def _give_notice(delivery: WebhookDelivery) -> None:
    """Administrators hear that an address was told in vain."""
    webhook = delivery.webhook
    path = reverse("admin:projects_webhookdelivery_changelist")
    title = f"« {webhook.name} » ne reçoit plus ses avis"
    text = f"Après {delivery.attempts} essais, l’avis n° {delivery.pk} est abandonné. {delivery.failure}"
    news = telling.News(f"webhook:{delivery.pk}", title, text, path)
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    telling.tell((news, readers.account(administrator)) for administrator in administrators)


def send_again(delivery: WebhookDelivery) -> None:
    """As if it had just happened."""
    WebhookDelivery.objects.filter(pk=delivery.pk).update(
        attempts=0, next_at=timezone.now(), sent_at=None, given_up_at=None, status=None, failure=""
    )
