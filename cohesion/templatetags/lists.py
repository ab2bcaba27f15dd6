"""What the lists of the officers' screens say of their filters."""

from typing import Any

from django import template
from django.urls import reverse

from cohesion.lib.list_filters import filters_of, last_filters
from cohesion.models import SavedFilter

register = template.Library()


@register.simple_tag
def chosen(choices: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The choice that narrows the list; None while the first one, which narrows nothing, is selected."""
    return next((choice for choice in choices[1:] if choice.get("selected")), None)


@register.inclusion_tag("includes/saved_filters.html", takes_context=True)
def saved_filters(context: dict[str, Any]) -> dict[str, Any]:
    """What somebody keeps of the list that they read, and the filters that it had when they last used some."""
    request = context["request"]
    query = filters_of(request.GET)
    saved = list(SavedFilter.objects.filter(user=request.user, screen=request.path))
    last = last_filters(request)
    return {
        "saved": saved,
        "query": query,
        "screen": request.path,
        "is_saved": query in {kept.query for kept in saved},
        "last": f"{request.path}?{last}" if last and not query else "",
        "keep_address": reverse("filter_keep"),
        "csrf_token": context.get("csrf_token"),
    }
