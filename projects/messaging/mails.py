"""A mail made of messages: plain text and HTML, a link to each, and where to ask for fewer."""

import datetime
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from cohesion.lib.mail import compose
from cohesion.lib.text import count_phrase
from projects.messaging.models import Message

# Those that follow each other within this time go together.
QUIET = datetime.timedelta(minutes=5)


def site_address(path: str) -> str:
    """A link for a mail that no request asks for.

    Raises:
        LookupError: the settings do not say what the site is called.
    """
    if not settings.BASE_URL and not settings.ALLOWED_HOSTS:
        raise LookupError("Ni BASE_URL ni ALLOWED_HOSTS ne disent l’adresse du site : les liens ne mèneraient à rien.")
    return f"{settings.BASE_URL or 'https://' + settings.ALLOWED_HOSTS[0].lstrip('.')}{path}"


def mail_of(
    messages: Sequence[Message], address: Callable[[str], str] = site_address, *, is_shown: bool = False
) -> EmailMultiAlternatives:
    """One mail for messages of one reader, the oldest first; ``address`` makes a link of a path.

    One that is only shown bears no paper: none of its files is read, one of which may be gone.
    """
    first = messages[0]
    context = {
        "entries": [(message, address(_path(message))) for message in messages],
        "has_account": first.user is not None,
        "choose": address(f"{reverse('projects:messages')}#rythme"),
    }
    subject = first.title if len(messages) == 1 else f"{count_phrase(len(messages), 'message')} sur vos dossiers"
    mail = compose(
        to=first.user.email if first.user is not None else first.email,
        subject=subject,
        text="mail/messages.txt",
        html="mail/messages.html",
        context=context,
    )
    for message in messages:
        if message.paper is not None and not is_shown:
            with message.paper.pdf.open("rb") as stream:
                mail.attach(f"{message.paper.reference}.pdf", stream.read(), "application/pdf")
    mail.extra_headers["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    return mail


def batches(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """The messages of one reader, the oldest first, parted where nothing came for a while."""
    batch: list[Message] = []
    for message in messages:
        if batch and message.at - batch[-1].at >= QUIET:
            yield batch
            batch = []
        batch.append(message)
    if batch:
        yield batch


def by_reader(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """The messages of each reader, the oldest first."""

    def reader(message: Message) -> tuple[int, str]:
        return message.user_id or 0, message.email

    for _, group in groupby(
        sorted(messages, key=lambda message: (reader(message), message.at, message.pk)), key=reader
    ):
        yield list(group)


def _path(message: Message) -> str:
    """Through the list of messages, which notes that it was read; straight on for who has none."""
    return reverse("projects:message", args=[message.pk]) if message.user_id else message.path
