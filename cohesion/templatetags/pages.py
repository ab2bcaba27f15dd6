"""What the head of a page says of it several times over: to the browser, to search engines, to whoever shares it."""

from typing import Any

from django import template
from django.template.base import NodeList, Parser, Token
from django.utils.safestring import SafeString, mark_safe

from cohesion.lib.text import squeeze

register = template.Library()


class KeptNode(template.Node):
    """What is inside, on one line, under a name: a block is rendered once, and said several times."""

    def __init__(self, nodelist: NodeList, name: str) -> None:
        self.nodelist = nodelist
        self.name = name

    def render(self, context: Any) -> SafeString:
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
