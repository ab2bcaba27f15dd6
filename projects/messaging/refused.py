"""An address that the server refuses for good: the organisation is written to, and officers learn of it."""

from collections.abc import Iterator

from django.urls import reverse

from projects.members.models import Organization
from projects.messaging.models import Message
from projects.messaging.readers import Reader, account, officers, officers_of
from projects.messaging.telling import QUEUE, SPACE, News, officer_path, tell
from projects.messaging.wording import REFUSED


def tell_otherwise(messages: list[Message]) -> int:
    """For what a lead was not told by mail; what officers are told, they read in the application."""
    return tell(letter for message in messages if message.path.startswith(SPACE) for letter in _letters(message))


def _letters(message: Message) -> Iterator[tuple[News, Reader]]:
    organizations, refused = _organizations(message), message.user.email if message.user is not None else message.email
    for organization in organizations:
        if organization.email and organization.email.lower() != refused.lower():
            news = News(message.key, message.title, message.text, message.path, message.project)
            yield news, Reader(f"structure-{organization.pk}", email=organization.email)
    facts = {
        "subject": message.project.title if message.project is not None else message.title,
        "organization": ", ".join(organization.name for organization in organizations) or refused,
        "address": refused,
        "title": message.title,
    }
    title, text = REFUSED.fill(facts)
    for officer in _officers(message):
        yield News(f"refused:{message.key}", title, text, _officer_path(message), message.project), officer


def _organizations(message: Message) -> list[Organization]:
    """That of the project; of what is about several, those for which the reader acts, or whose address it is."""
    if message.project is not None:
        return [message.project.organization]
    if message.user is not None:
        return list(Organization.objects.filter(memberships__user=message.user))
    return list(Organization.objects.filter(email__iexact=message.email))


def _officers(message: Message) -> list[Reader]:
    """Who has the project in hand; of a message to several, who wrote it; all of them where that is nobody."""
    if message.project is not None:
        return officers_of(message.project)
    author = message.mailing.by if message.mailing is not None else None
    return [account(author)] if author is not None and author.is_active else officers()


def _officer_path(message: Message) -> str:
    if message.project is not None:
        return officer_path(message.project)
    return reverse("projects:instruction_mailing", args=[message.mailing_id]) if message.mailing_id else QUEUE
