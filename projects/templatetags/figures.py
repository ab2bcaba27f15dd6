"""How the figures of pages are written: cents in euros, parts in per cent, balances, what a field holds."""

import datetime
from decimal import Decimal
from fractions import Fraction

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohesion.lib.french import decimal_fr, percent, rounded, signed, with_sign
from cohesion.lib.text import NBSP, euros
from projects.figures.money import in_words

MINUS = "\u2212"

register = template.Library()
register.filter("cents", in_words)
register.filter("signed", signed)


@register.filter
def large_cents(amount: int) -> SafeString:
    """The same as a large figure, its sign smaller than its digits."""
    number, _, sign = in_words(amount).rpartition(NBSP)
    return format_html("{}<small> {}</small>", number, sign)


@register.filter
def signed_decimal(difference: Decimal) -> str:
    """« + 1,5 », « − 12 », « autant »."""
    return with_sign(difference, decimal_fr(abs(difference)))


@register.filter
def signed_cents(difference: int | None) -> str:
    """« + 1 200 € », « − 300,50 € », « autant »; nothing where there is no difference to tell."""
    return "" if difference is None else with_sign(difference, in_words(abs(difference)))


@register.filter
def share(part: float | Fraction | None) -> str:
    """« 41 % »; nothing where there is no whole."""
    return "" if part is None else percent(float(part), 1)


@register.filter
def each(cents: Fraction | None) -> str:
    """What one person cost, from cents: « 54 € », « 3,25 € » under ten; nothing where nobody knows."""
    if cents is None:
        return ""
    return euros(rounded(float(cents / 100), 0 if cents >= 1_000 else 2))


@register.filter
def balance(amount: Decimal) -> str:
    """An amount that may be below nothing: « −1 500 € »."""
    return euros(amount) if amount >= 0 else f"{MINUS}{euros(-amount)}"


@register.filter
def euros_or(amount: Decimal | None, words: str) -> str:
    """An amount, or these words where there is none."""
    return words if amount is None else euros(amount)


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
