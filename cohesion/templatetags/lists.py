"""What the lists of the officers' screens say of their filters."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def chosen(choices: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The choice that narrows the list; None while the first one, which narrows nothing, is selected."""
    return next((choice for choice in choices[1:] if choice.get("selected")), None)
