"""The page where one message is written to several, with those whom it is for already chosen."""

from django.urls import reverse
from django.utils.http import urlencode

from projects.choices import LetterKind


def writing_address(situation: str, kind: LetterKind) -> str:
    """``situation``: one of :data:`projects.messaging.mailings.audience.SITUATIONS`."""
    query = urlencode({"situation": situation, "modele": kind.value})
    return f"{reverse('projects:instruction_mailing_write')}?{query}"
