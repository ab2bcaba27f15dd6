"""The parts of a form of the officers' screens."""

from typing import Any

from django import template
from django.contrib.admin.utils import flatten

register = template.Library()


@register.filter
def is_folded(part: Any) -> bool:
    """Whether a part is shown folded: never when it holds an error, be it in a field that shares its line."""
    return part.is_collapsible and not any(name in part.form.errors for name in flatten(part.fields))


@register.filter
def yes_no_in_words(contents: str) -> str:
    """What a form only shows; a yes and a no are words: Django draws them, and names its drawings in English."""
    for drawing, word in (("icon-yes", "oui"), ("icon-no", "non"), ("icon-unknown", "non précisé")):
        if contents.startswith("<img") and drawing in contents:
            return word
    return contents
