"""Messages that wait, as old as a test wants them."""

import datetime
import itertools

import pytest
from django.utils import timezone

from projects.models import Message
from tests.factories import UserFactory

numbers = itertools.count()


@pytest.fixture
def told(db):
    """Write a message that is so many minutes old, at ``now``."""

    def write(user=None, *, minutes=10, now=None, **fields):
        if user is None and "email" not in fields:
            user = UserFactory()
        number = next(numbers)
        values = {"title": f"Nouvelle {number}", "text": "Il s’est passé quelque chose.", "path": "/cadre/"} | fields
        message = Message.objects.create(key=f"essai:{number}", user=user, **values)
        message.at = (now or timezone.now()) - datetime.timedelta(minutes=minutes)
        message.save(update_fields=["at"])
        return message

    return write
