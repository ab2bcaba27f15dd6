"""Writing a message to several: one row of the outbox a person, all of them or none."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from cohesion.lib.people import Person
from cohesion.lib.text import NARROW_NBSP, NBSP, count_phrase
from projects.declaring.models import Campaign
from projects.messaging.mailings.audience import Recipient
from projects.messaging.mailings.letters import Letter
from projects.messaging.models import Mailing, Message
from projects.messaging.readers import Reader
from projects.messaging.telling import News, tell

LATELY = datetime.timedelta(days=7)
NAMED = 3  # people named in a sentence


def missing_facts(
    letter: Letter, recipients: Sequence[Recipient], campaign: Campaign | None, by: Person
) -> Iterable[str]:
    """A sentence for each field that would stay empty for somebody."""
    known = [(recipient, recipient.facts(campaign, by)) for recipient in recipients]
    for name in letter.fields:
        without = [recipient for recipient, facts in known if not facts[name]]
        if without:
            names = ", ".join(dict.fromkeys(recipient.organizations for recipient in without[:NAMED]))
            rest = f" et {count_phrase(len(without) - NAMED, 'autre')}" if len(without) > NAMED else ""
            yield (
                f"«{NBSP}{{{name}}}{NBSP}» n’est pas connu pour {count_phrase(len(without), 'personne')} "
                f"({names}{rest}){NARROW_NBSP}; retirez ce champ du message, ou décochez-les."
            )


def written_lately(recipients: Iterable[Recipient], now: datetime.datetime | None = None) -> dict[str, Message]:
    """By key of the recipients, the last message to several that they got this week."""
    since = (now or timezone.now()) - LATELY
    lately = Message.objects.filter(mailing__at__gte=since).select_related("mailing").order_by("at", "pk")
    by_reader = {(message.user_id, message.email): message for message in lately}
    last = {recipient.key: by_reader.get(_address(recipient.reader)) for recipient in recipients}
    return {key: message for key, message in last.items() if message is not None}


@transaction.atomic
def post(
    *, mailing: Mailing, recipients: Sequence[Recipient], campaign: Campaign | None, by: Person
) -> tuple[Mailing, int]:
    """Save a message to several and put it in the outbox for each; returns it, and how many were told.

    Each has it once: the key of a message is that of the mailing and of its reader.
    """
    mailing.by = by
    mailing.full_clean(exclude=["by"])
    mailing.save()
    letter = Letter(mailing.title, mailing.text)

    def news(recipient: Recipient) -> News:
        filled = letter.filled(recipient.facts(campaign, by))
        event = f"mailing:{mailing.pk}"
        return News(event, filled.title, filled.text, recipient.path, recipient.project, mailing)

    return mailing, tell((news(recipient), recipient.reader) for recipient in recipients)


def _address(reader: Reader) -> tuple[int | None, str]:
    return reader.account, reader.email
