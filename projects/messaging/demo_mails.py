"""``/demo/courriels/``: every mail of a demonstration, since nothing leaves it."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohesion.context import is_demo
from cohesion.models import KeptMail
from projects.messaging.mails import batches, by_reader, mail_of
from projects.messaging.models import Message, MessageQuerySet

# The latest messages that are shown as mails.
SHOWN = 200


@dataclass(frozen=True)
class DemoMail:
    """A mail as it would arrive; ``name`` is that of its place on the page, ``path`` that of the same in HTML."""

    name: str
    subject: str
    to: str
    sender: str
    body: str
    at: datetime.datetime
    path: str


@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """What waits in the outbox, as it would leave, and what was sent at once, the latest first."""
    _only_here()
    shown = sorted([*_waiting(request), *_sent_at_once()], key=lambda mail: mail.at, reverse=True)
    return render(request, "projects/demo_mails.html", {"mails": shown})


@never_cache
@require_safe
def mail_as_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of the mail whose last message this is.

    Raises:
        Http404: there is none.
    """
    _only_here()
    last = get_object_or_404(_messages(), pk=pk)
    of_reader = sorted(
        _messages().filter(user=last.user_id, email=last.email), key=lambda message: (message.at, message.pk)
    )
    for batch in batches(of_reader):
        if batch[-1] == last:
            return HttpResponse(str(_mail(request, batch).alternatives[0][0]))
    raise Http404("Aucun courriel ne finit par ce message.")


@never_cache
@require_safe
def kept_as_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of a mail that was sent at once: an invitation, a password to choose, a notice.

    Raises:
        Http404: there is none.
    """
    _only_here()
    return HttpResponse(get_object_or_404(KeptMail.objects.exclude(html=""), pk=pk).html)


def _only_here() -> None:
    """Raises Http404 where this is no demonstration."""
    if not is_demo():
        raise Http404("Cette page n’existe que dans une démonstration.")


def _waiting(request: HttpRequest) -> Iterator[DemoMail]:
    """Messages of the outbox, grouped as the sender would."""
    latest = list(_messages()[:SHOWN])
    for messages in by_reader(latest):
        for batch in batches(messages):
            last, mail = batch[-1], _mail(request, batch)
            yield DemoMail(
                f"courriel-{last.pk}",
                str(mail.subject),
                mail.to[0],
                mail.from_email,
                str(mail.body),
                last.at,
                reverse("projects:demo_mail", args=[last.pk]),
            )


def _sent_at_once() -> Iterator[DemoMail]:
    for mail in KeptMail.objects.all()[:SHOWN]:
        path = reverse("projects:demo_kept_mail", args=[mail.pk]) if mail.html else ""
        yield DemoMail(f"envoi-{mail.pk}", mail.subject, mail.to, mail.sender, mail.body, mail.at, path)


def _messages() -> MessageQuerySet:
    """What is told by e-mail, and still waits to leave."""
    return Message.objects.to_send().exclude(user__is_active=False).select_related("user", "paper")


def _mail(request: HttpRequest, messages: Sequence[Message]) -> EmailMultiAlternatives:
    return mail_of(messages, request.build_absolute_uri, is_shown=True)
