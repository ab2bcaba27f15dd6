"""What somebody has not read yet."""

from typing import Any

from django import template

from cohesion.lib.people import Person
from projects.messaging.models import Message

register = template.Library()


@register.simple_tag
def unread_count(user: Person) -> int:
    """For somebody who is logged in; asked once a request."""
    account: Any = user  # it bears what was asked
    if not hasattr(account, "_unread"):
        account._unread = Message.objects.unread().filter(user=user).count()
    return account._unread
