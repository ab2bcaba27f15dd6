"""``/demo/courriels/``: what a demonstration would send, since nothing leaves it."""

from collections.abc import Sequence

from django.core.mail import EmailMultiAlternatives
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cohesion.context import is_demo
from projects.messaging.mails import batches, by_reader, mail_of
from projects.messaging.models import Message, MessageQuerySet

# The latest messages that are shown as mails.
SHOWN = 200


@never_cache
@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The mails as they would leave, the latest first."""
    latest = list(_messages()[:SHOWN])
    grouped = [batch for messages in by_reader(latest) for batch in batches(messages)]
    grouped.sort(key=lambda batch: batch[-1].at, reverse=True)
    shown = [(batch[-1], _mail(request, batch)) for batch in grouped]
    return render(request, "projects/demo_mails.html", {"mails": shown})


@never_cache
@require_safe
def mail_as_html(request: HttpRequest, pk: int) -> HttpResponse:
    """The HTML of the mail whose last message this is.

    Raises:
        Http404: there is none.
    """
    last = get_object_or_404(_messages(), pk=pk)
    of_reader = sorted(
        _messages().filter(user=last.user_id, email=last.email), key=lambda message: (message.at, message.pk)
    )
    for batch in batches(of_reader):
        if batch[-1] == last:
            return HttpResponse(str(_mail(request, batch).alternatives[0][0]))
    raise Http404("Aucun courriel ne finit par ce message.")


def _messages() -> MessageQuerySet:
    """What is told by e-mail; nothing where this is no demonstration.

    Raises:
        Http404: it is none.
    """
    if not is_demo():
        raise Http404("Cette page n’existe que dans une démonstration.")
    return Message.objects.to_send().exclude(user__is_active=False).select_related("user")


def _mail(request: HttpRequest, messages: Sequence[Message]) -> EmailMultiAlternatives:
    return mail_of(messages, request.build_absolute_uri)
