"""A page as a test compares it: without the line breaks and the indentation of its templates."""

import re

_SPACE = r"[ \t\r\n\f]"
_BLOCKS = (
    "address|article|aside|blockquote|body|br|button|caption|circle|col|colgroup|dd|defs|details|div|dl|dt|fieldset|"
    "figcaption|figure|footer|form|g|h[1-6]|head|header|hr|html|legend|li|line|link|main|meta|nav|ol|optgroup|option|p|"
    "path|pattern|rect|script|section|select|summary|svg|table|tbody|td|tfoot|th|thead|title|tr|ul"
)
_INLINE = "a|abbr|b|code|del|em|ins|label|mark|small|span|strong|time"
_ATTRIBUTES = r"""(?:\s(?:[^<>"']|"[^"]*"|'[^']*')*)?"""
# At the edge of a block a browser shows no space, nor behind the start of an inline element that stands there.
_BEHIND_AN_EDGE = re.compile(rf"(</?(?:{_BLOCKS}){_ATTRIBUTES}/?>(?:<(?:{_INLINE}){_ATTRIBUTES}>)*) ")
_BEFORE_AN_EDGE = re.compile(rf" ((?:</(?:{_INLINE})>)*</?(?:{_BLOCKS}){_ATTRIBUTES}/?>)")


_ACRONYM = re.compile(r'<a class="acronym" [^>]*>([^<]*)</a>')
_AS_IT_IS = re.compile(r"(<(?:textarea|pre)\b.*?</(?:textarea|pre)>)", re.DOTALL)


def without_acronym_links(html: str) -> str:
    """The page as it was before its acronyms led to what they stand for."""
    return _ACRONYM.sub(r"\1", html)


def squeezed(html: str) -> str:
    """The page with one space where its source has several, or a new line, and none where a browser shows none; its
    acronyms without the links to what they stand for.

    The spaces that do not break, U+00A0 and U+202F, are content: they stay, and so does what was typed.
    """
    parts = _AS_IT_IS.split(without_acronym_links(html))
    parts[::2] = [re.sub(rf"{_SPACE}+", " ", part) for part in parts[::2]]
    page, before = "".join(parts), ""
    while page != before:
        before = page
        page = _BEFORE_AN_EDGE.sub(r"\1", _BEHIND_AN_EDGE.sub(r"\1", page))
    return page
