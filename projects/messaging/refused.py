"""An address that the server refuses for good: the organisation is written to, and officers learn of it."""

from collections.abc import Iterator

from projects.messaging.models import Message
from projects.messaging.readers import Reader, officers_of
from projects.messaging.telling import SPACE, News, officer_path, tell
from projects.messaging.wording import REFUSED


def tell_otherwise(messages: list[Message]) -> int:
    """For what a lead was not told by mail; what officers are told, they read in the application."""
    return tell(letter for message in messages if message.path.startswith(SPACE) for letter in _letters(message))


def _letters(message: Message) -> Iterator[tuple[News, Reader]]:
    project = message.project
    if project is None:
        return
    organization, refused = project.organization, message.user.email if message.user is not None else message.email
    if organization.email and organization.email.lower() != refused.lower():
        news = News(message.key, message.title, message.text, message.path, project)
        yield news, Reader(f"structure-{organization.pk}", email=organization.email)
    facts = {
        "project": project.title,
        "organization": organization.name,
        "address": refused,
        "title": message.title,
    }
    title, text = REFUSED.fill(facts)
    for officer in officers_of(project):
        yield News(f"refused:{message.key}", title, text, officer_path(project), project), officer
