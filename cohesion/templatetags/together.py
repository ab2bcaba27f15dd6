"""The hidden field of a form that makes something once."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cohesion.together.once import NAME, new_token

register = template.Library()


@register.simple_tag
def form_once() -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', NAME, new_token())
