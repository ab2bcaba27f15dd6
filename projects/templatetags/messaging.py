"""What somebody has not read yet."""

from typing import Any

from django import template

from projects.messaging.models import Message

register = template.Library()


@register.simple_tag
def unread_count(user: Any) -> int:
    """For somebody who is logged in; asked once a request."""
    if not hasattr(user, "_unread"):
        user._unread = Message.objects.unread().filter(user=user).count()
    return user._unread
