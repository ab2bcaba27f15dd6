"""The script of whoever is logged in: it keeps what they type (``static/typed.js``)."""

import json
from typing import Any

from django import template
from django.urls import reverse

from cohesion.accounts.lost_forms import saved_drafts
from cohesion.accounts.sessions import left, limits
from cohesion.lib.http import somebody

register = template.Library()


@register.inclusion_tag("includes/typed.html", takes_context=True)
def typed_script(context: dict[str, Any]) -> dict[str, Any]:
    """What the script must know: who opened the page, how long the session lasts, which drafts were just saved."""
    request = context.get("request")
    user = somebody(request) if request is not None else None
    if request is None or user is None:
        return {}
    page = f"{reverse('account_login')}?next={reverse('account')}"
    return {
        "user": user,
        "login": page,
        "idle": left(request)[0],
        "limit": limits(user)[0],
        "saved": json.dumps(saved_drafts(request)),
    }
