"""What the head of a page says of it several times over: to the browser, to search engines, to whoever shares it; and
what is done to a page once it is rendered."""

import json
from fnmatch import fnmatchcase
from typing import Any

from django import template
from django.template import Context
from django.template.base import NodeList, Parser, Token
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from cohesion.accounts.lost_forms import saved_drafts
from cohesion.accounts.sessions import left, limits
from cohesion.lib.acronyms import with_acronyms
from cohesion.lib.http import somebody
from cohesion.lib.text import squeeze

register = template.Library()


class KeptNode(template.Node):
    """What is inside, on one line, under a name: a block is rendered once, and said several times."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Context) -> SafeString:
        text = squeeze(self.nodelist.render(context))
        context[self.name] = mark_safe(text)  # noqa: S308 - what a template rendered is escaped already
        return SafeString("")


@register.tag
def keep(parser: Parser, token: Token) -> KeptNode:
    """``{% keep name %}…{% endkeep %}``."""
    _, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeptNode(nodelist, name)


class AcronymsNode(template.Node):
    """What is inside, its acronyms leading to the glossary; the glossary itself stays as it is."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        page, glossary = self.nodelist.render(context), reverse("glossary")
        request = context.get("request")
        if request is not None and request.path == glossary:
            return page
        return mark_safe(with_acronyms(page, glossary))  # noqa: S308 - what a template rendered is escaped already


@register.tag
def acronyms(parser: Parser, token: Token) -> AcronymsNode:
    """``{% acronyms %}…{% endacronyms %}``."""
    nodelist = parser.parse(("endacronyms",))
    parser.delete_first_token()
    return AcronymsNode(nodelist)


@register.inclusion_tag("includes/typed.html", takes_context=True)
def typed_script(context: dict[str, Any]) -> dict[str, Any]:
    """What the script must know: who opened the page, how long the session lasts, which drafts were just saved."""
    request = context.get("request")
    user = somebody(request) if request is not None else None
    if request is None or user is None:
        return {}
    page = f"{reverse('account_login')}?next={reverse('account')}"
    return {
        "user": user,
        "login": page,
        "idle": left(request)[0],
        "limit": limits(user)[0],
        "saved": json.dumps(saved_drafts(request)),
    }


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
