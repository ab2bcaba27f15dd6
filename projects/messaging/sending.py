"""Sending: what is due goes out, one mail a reader, never twice, and is tried again when it did not leave."""

import datetime
import logging
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.utils import timezone

from cohesion.lib.claims import IN_DOUBT, claimable
from projects.choices import MailFrequency
from projects.messaging.mails import QUIET, by_reader, mail_of
from projects.messaging.models import MailChoice, Message
from projects.messaging.refused import tell_otherwise

logger = logging.getLogger(__name__)

# However many follow each other, the first waits no longer.
PATIENCE = datetime.timedelta(minutes=30)
DAILY_AT = datetime.time(7)
# What could not leave in this time is no news any more: it stays in the application.
STALE = datetime.timedelta(days=7)


@dataclass
class Outcome:
    """What a run did, in mails."""

    sent: int = 0
    failed: int = 0


class ServerAway(Exception):
    """The mail server does not answer: the message says why. Nothing was taken in hand."""


def due(now: datetime.datetime | None = None) -> Iterator[list[Message]]:
    """The messages to send now, by reader, the oldest first. What was read in the application is not sent."""
    now = now or timezone.now()
    waiting = Message.objects.to_send().unread().filter(at__gt=now - STALE).select_related("user")
    choices: dict[int | None, str] = dict(MailChoice.objects.values_list("user_id", "frequency"))
    for messages in by_reader(list(waiting)):
        user = messages[0].user
        if user is not None and not (user.is_active and user.email):
            continue
        if ripe := _ripe(messages, choices.get(messages[0].user_id, MailFrequency.SOON), now):
            yield ripe


def send(now: datetime.datetime | None = None) -> Outcome:
    """Send what is due.

    Raises:
        ServerAway: the server cannot be reached.
    """
    outcome, connection = Outcome(), get_connection()
    try:
        for messages in due(now):
            try:
                connection.open()
            except OSError as error:
                raise ServerAway(str(error)) from error
            if claimed := _claim(messages):
                _send(claimed, connection, outcome)
    finally:
        connection.close()
    return outcome


def _send(messages: list[Message], connection: BaseEmailBackend, outcome: Outcome) -> None:
    """Send messages that were claimed; whatever goes wrong, they are given back and the other mails go on."""
    if without_file := [message for message in messages if _lacks_its_file(message)]:
        logger.error("%d message(s) dont le courrier joint n’a plus son fichier", len(without_file))
        _give_back(without_file, FileNotFoundError("le courrier joint n’est plus parmi les fichiers du site"))
        outcome.failed += 1
        messages = [message for message in messages if message not in without_file]
    if not messages:
        return
    try:
        mail = mail_of(messages)
        mail.connection = connection
        mail.send()
    except Exception as error:
        logger.exception("Un courriel n’est pas parti")
        _give_back(messages, error)
        connection.close()
        outcome.failed += 1
    else:
        Message.objects.filter(pk__in=[message.pk for message in messages]).update(failure="")
        outcome.sent += 1


def _lacks_its_file(message: Message) -> bool:
    return message.paper is not None and not message.paper.pdf.storage.exists(message.paper.pdf.name or "")


def _ripe(messages: list[Message], frequency: str, now: datetime.datetime) -> list[Message]:
    if frequency == MailFrequency.NEVER:
        return []
    if frequency == MailFrequency.DAILY:
        last_call = _last_call(now)
        return [message for message in messages if message.at < last_call]
    is_quiet = messages[-1].at <= now - QUIET
    return messages if is_quiet or messages[0].at <= now - PATIENCE else []


def _last_call(now: datetime.datetime) -> datetime.datetime:
    """The last time that it struck seven."""
    here = timezone.localtime(now)
    today = timezone.make_aware(datetime.datetime.combine(here.date(), DAILY_AT))
    return (
        today
        if here >= today
        else timezone.make_aware(datetime.datetime.combine(here.date() - datetime.timedelta(days=1), DAILY_AT))
    )


def _claim(messages: list[Message]) -> list[Message]:
    """Mark as sent those that nobody has sent or read in the meantime, and return them, as they are now."""
    with transaction.atomic():
        free = Message.objects.to_send().unread().filter(pk__in=[message.pk for message in messages])
        whole = free.select_related("user", "project__organization", "paper")
        claimed = list(claimable(whole).order_by("at", "pk"))
        free.filter(pk__in=[message.pk for message in claimed]).update(sent_at=timezone.now(), failure=IN_DOUBT)
    return claimed


def _give_back(messages: list[Message], error: Exception) -> None:
    """The next run tries again; an address that the server refuses for good is not tried again."""
    is_refused = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in error.recipients.values()
    )
    failure = f"{type(error).__name__} : {error}"[:250]
    Message.objects.filter(pk__in=[message.pk for message in messages]).update(
        sent_at=None, failure=failure, mailed=not is_refused
    )
    if is_refused:
        tell_otherwise(messages)
