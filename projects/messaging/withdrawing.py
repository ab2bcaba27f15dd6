"""What was told of a step that is taken back: how far it went, and what of it will not leave."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q

from cohesion.lib.dates import clock
from projects.catalogue.models import TransitionLog
from projects.instructing.recalling import news_reached, news_withdrawn
from projects.messaging.models import Message, MessageQuerySet


def connect() -> None:
    news_reached.connect(_reached, dispatch_uid="projects.messaging.withdrawing")
    news_withdrawn.connect(_withdraw, dispatch_uid="projects.messaging.withdrawing")


def _told_of(log: TransitionLog) -> MessageQuerySet:
    return Message.objects.filter(Q(key__startswith=f"step:{log.pk}:") | Q(key__startswith=f"unreachable:{log.pk}:"))


def _reached(sender: object, log: TransitionLog, **kwargs: Any) -> str:
    messages = _told_of(log).filter(Q(sent_at__isnull=False) | Q(read_at__isnull=False)).order_by("sent_at", "read_at")
    message = messages.first()
    if message is None:
        return ""
    if message.sent_at:
        return f"le courriel est parti à {clock(message.sent_at)}"
    return f"le message a été lu à {clock(message.read_at)}"


def _withdraw(sender: object, log: TransitionLog, **kwargs: Any) -> None:
    """Take away what did not leave, under its lock: a mail that is leaving at this moment is not called back."""
    keys = [message.pk for message in _told_of(log).select_for_update().order_by("pk")]
    if sentence := _reached(sender, log):
        raise ValidationError(f"Ce qui a été demandé ne s’annule plus : {sentence}.", code="heard")
    Message.objects.filter(pk__in=keys).delete()
