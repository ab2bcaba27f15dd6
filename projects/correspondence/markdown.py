"""What an officer types in Markdown, as blocks: headings, paragraphs, lists, bold, italic, tables, quotations.

A new line is one on the page. What Markdown knows besides (HTML, pictures, code) is read as plain words.
"""

from collections.abc import Iterator
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token

from projects.correspondence.blocks import HEADING, LISTING, PARAGRAPH, QUOTE, RULE, TABLE, Run, Runs, TextBlock

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["code", "reference"])
FIRST_LARGEST = 999_999  # the number of the first item of a list


@lru_cache(maxsize=200)
def read_markdown(text: str) -> tuple[TextBlock, ...]:
    """The blocks of a text."""
    return _Reading(_PARSER.parse(text.replace("\t", "    "))).blocks("")


class _Reading:
    """The tokens of a text, one after another."""

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = iter(tokens)

    def blocks(self, end: str) -> tuple[TextBlock, ...]:
        """The blocks as far as the token that ends what they stand in."""
        return tuple(self._blocks(end))

    def _blocks(self, end: str) -> Iterator[TextBlock]:
        for token in self._tokens:
            if token.type == end:
                return
            if token.type == "heading_open":
                yield TextBlock(HEADING, self._inline(), level=int(token.tag[1:]))
            elif token.type == "paragraph_open":
                yield TextBlock(PARAGRAPH, self._inline())
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                yield self._listing(token)
            elif token.type == "blockquote_open":
                yield TextBlock(QUOTE, parts=(self.blocks("blockquote_close"),))
            elif token.type == "table_open":
                yield self._table()
            elif token.type == "hr":
                yield TextBlock(RULE)
            elif token.content.strip():
                yield TextBlock(PARAGRAPH, (Run(token.content.strip("\n")),))

    def _inline(self) -> Runs:
        runs = runs_of(next(self._tokens))
        next(self._tokens)  # its end
        return runs

    def _listing(self, opening: Token) -> TextBlock:
        end, items = opening.type.replace("_open", "_close"), []
        for token in self._tokens:
            if token.type == end:
                break
            items.append(self.blocks("list_item_close"))
        is_ordered = opening.type.startswith("ordered")
        start = min(int(opening.attrs.get("start", 1)), FIRST_LARGEST) if is_ordered else None
        return TextBlock(LISTING, parts=tuple(items), start=start)

    def _table(self) -> TextBlock:
        rows: list[list[Runs]] = []
        ends: list[bool] = []
        for token in self._tokens:
            if token.type == "table_close":
                break
            if token.type == "tr_open":
                rows.append([])
            elif token.type in ("th_open", "td_open"):
                if len(rows) == 1:
                    ends.append("right" in str(token.attrs.get("style", "")))
                rows[-1].append(self._inline())
        width = len(rows[0])
        whole = tuple(tuple((row + [()] * width)[:width]) for row in rows)
        return TextBlock(TABLE, rows=whole, ends=tuple(ends))


def runs_of(inline: Token) -> Runs:
    """The words of a line, with what is strong or stressed in them."""
    runs: list[Run] = []
    bold = italic = 0
    links: list[str] = []
    for token in inline.children or ():
        text = token.content
        if token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            italic += token.nesting
        elif token.type in ("softbreak", "hardbreak"):
            text = "\n"
        elif token.type == "link_open":
            links.append(str(token.attrs.get("href", "")))
        elif token.type == "link_close":
            text = _address(links.pop(), runs)
        if text:
            runs.append(Run(text, bool(bold), bool(italic)))
    return joined(runs)


def _address(address: str, runs: list[Run]) -> str:
    """What a paper prints after the words of a link: where it leads, unless the words say it."""
    bare = address.removeprefix("mailto:")
    is_said = runs and (bare in runs[-1].text or runs[-1].text in bare)
    return "" if is_said or not bare else f" ({bare})"


def joined(runs: list[Run]) -> Runs:
    """Runs that look alike as one: a field that was read in pieces is whole again."""
    kept: list[Run] = []
    for run in runs:
        if kept and (kept[-1].bold, kept[-1].italic) == (run.bold, run.italic):
            kept[-1] = Run(kept[-1].text + run.text, run.bold, run.italic)
        else:
            kept.append(run)
    return tuple(kept)
