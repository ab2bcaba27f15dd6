"""The parts of a form of the officers' screens."""

from typing import Any

from django import template
from django.contrib.admin.utils import flatten

register = template.Library()


@register.filter
def is_folded(part: Any) -> bool:
    """Whether a part is shown folded: never when it holds an error, be it in a field that shares its line."""
    return part.is_collapsible and not any(name in part.form.errors for name in flatten(part.fields))
