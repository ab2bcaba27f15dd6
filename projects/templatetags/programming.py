"""What templates write of envelopes and of scenarios."""

import datetime
from decimal import Decimal

from django import template
from django.forms import BoundField

from cohesion.lib.text import euros
from projects.figures.money import in_words

register = template.Library()
MINUS = "\u2212"


@register.filter
def balance(amount: Decimal) -> str:
    """An amount that may be below nothing: « −1 500 € »."""
    return euros(amount) if amount >= 0 else f"{MINUS}{euros(-amount)}"


@register.filter
def euros_or(amount: Decimal | None, words: str) -> str:
    """An amount, or these words where there is none."""
    return words if amount is None else euros(amount)


@register.filter
def cents_in_euros(cents: int) -> str:
    return in_words(cents)


@register.filter
def as_read(field: BoundField) -> str:
    """What a field holds, for who does not write it: the words of a choice."""
    value = field.value()
    if isinstance(value, Decimal):
        return euros(value)
    return dict(getattr(field.field, "choices", [])).get(value, "") or str(value or "–")


@register.filter
def iso_day(text: str) -> datetime.date:
    """A day as a frozen copy keeps it."""
    return datetime.date.fromisoformat(text)
