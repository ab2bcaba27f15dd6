"""The hidden fields by which a form says what it showed, and that it makes something once."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohesion.together import states
from cohesion.together.once import NAME, new_token

register = template.Library()


@register.simple_tag
def form_once() -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, new_token())


@register.simple_tag
def form_seen(sealed: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', states.FIELD, sealed)
