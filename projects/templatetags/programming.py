"""What templates write of envelopes and of scenarios."""

from decimal import Decimal

from django import template

from cohesion.lib.text import euros

register = template.Library()
MINUS = "\u2212"


@register.filter
def balance(amount: Decimal) -> str:
    """An amount that may be below nothing: « −1 500 € »."""
    return euros(amount) if amount >= 0 else f"{MINUS}{euros(-amount)}"
