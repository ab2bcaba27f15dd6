"""Where one stands, in the navigation."""

from fnmatch import fnmatchcase

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def current(here: str | None, entry: str, *within: str) -> SafeString:
    """The attribute of a link of the navigation whose page is the one that is read, or stands above it.

    here: the name of the page's address, if it has one; entry: that of the link; within: those of the pages that
    stand under it, in which * stands for anything.
    """
    if here == entry:
        return mark_safe(' aria-current="page"')
    if here and any(fnmatchcase(here, name) for name in within):
        return mark_safe(' aria-current="true"')
    return mark_safe("")
