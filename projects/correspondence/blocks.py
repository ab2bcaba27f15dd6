"""The text of a paper as blocks that any format takes, and its fields filled in: what is filled in is never markup."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cohesion.lib import braces
from cohesion.lib.text import typographic

HEADING, PARAGRAPH, LISTING, TABLE, QUOTE, RULE = "heading", "paragraph", "list", "table", "quote", "rule"
SIGNATURE = "signature"  # a paragraph that begins with who signs: room is left above it
SIGNATORY = "signataire"
DEEPEST = 4  # of headings


@dataclass(frozen=True)
class Run:
    """Words that look alike; a new line in them is one on the page."""

    text: str
    bold: bool = False
    italic: bool = False


Runs = tuple[Run, ...]


@dataclass(frozen=True)
class TextBlock:
    """A heading, a paragraph, a list (``parts``: its items), a quotation, a table (``rows``, the first its head), a
    rule. ``level`` is a heading's, ``start`` the first number of a list that counts, ``ends`` says of each column of a
    table whether it stands at the right."""

    kind: str
    runs: Runs = ()
    level: int = 1
    parts: tuple[tuple["TextBlock", ...], ...] = ()
    start: int | None = None
    rows: tuple[tuple[Runs, ...], ...] = ()
    ends: tuple[bool, ...] = ()

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class FactTable:
    """What a field becomes that is a table: its head, its rows, which columns stand at the right."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    ends: tuple[bool, ...]

    def block(self) -> TextBlock:
        rows = tuple(tuple(map(_as_runs, row)) for row in (self.head, *self.rows))
        return TextBlock(TABLE, rows=rows, ends=self.ends)


def _as_runs(cell: str) -> Runs:
    return (Run(cell),)


Fact = str | FactTable
Facts = Mapping[str, Fact]


def filled(blocks: Iterable[TextBlock], facts: Facts) -> tuple[TextBlock, ...]:
    """The blocks as somebody reads them; what holds an optional field that is empty is left out."""
    return tuple(_filled_blocks(blocks, facts))


def _filled_blocks(blocks: Iterable[TextBlock], facts: Facts) -> Iterator[TextBlock]:
    for block in blocks:
        if block.kind in (LISTING, QUOTE):
            parts = tuple(filter(None, (filled(part, facts) for part in block.parts)))
            if parts:
                yield replace(block, parts=parts)
        elif block.kind == TABLE:
            head, *rows = block.rows
            kept = [_filled_row(row, facts) for row in rows if not _is_row_left_out(row, facts)]
            yield replace(block, rows=(_filled_row(head, facts), *kept))
        elif (table := _table(block, facts)) is not None:
            yield table.block()
        elif not _is_left_out(block.runs, facts):
            yield replace(block, kind=_kind(block), runs=filled_runs(block.runs, facts))


def _kind(block: TextBlock) -> str:
    names = braces.field_names(block.text.lstrip().partition("}")[0] + "}") if block.kind == PARAGRAPH else []
    begins = block.text.lstrip().startswith("{") and [braces.key_of(name) for name in names] == [SIGNATORY]
    return SIGNATURE if begins else block.kind


def _is_row_left_out(row: tuple[Runs, ...], facts: Facts) -> bool:
    return any(_is_left_out(runs, facts) for runs in row)


def _filled_row(row: tuple[Runs, ...], facts: Facts) -> tuple[Runs, ...]:
    return tuple(filled_runs(runs, facts) for runs in row)


def _table(block: TextBlock, facts: Facts) -> FactTable | None:
    """The table that stands in the place of a paragraph that is one field."""
    name = braces.alone(block.text)
    fact = facts.get(braces.key_of(name)) if name is not None else None
    return fact if isinstance(fact, FactTable) else None


def _is_left_out(runs: Runs, facts: Facts) -> bool:
    names = [name for run in runs for name in braces.field_names(run.text)]
    return any(braces.is_optional(name) and not facts.get(braces.key_of(name)) for name in names)


def filled_runs(runs: Runs, facts: Facts) -> Runs:
    return tuple(replace(run, text=filled_text(run.text, facts)) for run in runs)


def filled_text(text: str, facts: Facts) -> str:
    """A line with its fields; what is no field stays as it is typed."""

    def fact(name: str) -> str:
        known = facts.get(braces.key_of(name), f"{{{name}}}")
        return known if isinstance(known, str) else ""

    return braces.fill(text, fact)


def printed_blocks(blocks: Iterable[TextBlock]) -> list[dict[str, object]]:
    """The blocks as a template of the typesetter takes them: headings follow each other without a gap, from 2 on."""
    return [_printed(block) for block in levelled(blocks)]


def levelled(blocks: Iterable[TextBlock], above: int = 1) -> Iterator[TextBlock]:
    """Headings each at most one level under the one before, the title of the paper being of the first."""
    for block in blocks:
        if block.kind == HEADING and not _is_seen(block.text):
            continue
        if block.kind == HEADING:
            above = min(max(block.level, 2), above + 1, DEEPEST)
            yield replace(block, level=above)
        else:
            yield block


def _is_seen(text: str) -> bool:
    """Whether a heading has words: one that shows nothing is none."""
    return any(unicodedata.category(sign)[0] not in "CZM" for sign in text)


def _printed(block: TextBlock) -> dict[str, object]:
    return {
        "kind": block.kind,
        "level": block.level,
        "start": block.start or 0,
        "runs": _printed_runs(block.runs),
        "parts": [_printed_part(part) for part in block.parts],
        "rows": [list(map(_printed_runs, row)) for row in block.rows],
        "ends": list(block.ends),
    }


def _printed_part(part: tuple[TextBlock, ...]) -> list[dict[str, object]]:
    """What stands in an item of a list: a heading there is a strong paragraph."""
    return [_printed(as_paragraph(block)) for block in part]


def as_paragraph(block: TextBlock) -> TextBlock:
    if block.kind != HEADING:
        return block
    return replace(block, kind=PARAGRAPH, runs=tuple(replace(run, bold=True) for run in block.runs))


def _printed_runs(runs: Runs) -> list[dict[str, object]]:
    return [{"text": _tidy(run.text), "bold": run.bold, "italic": run.italic} for run in runs if run.text]


def _tidy(text: str) -> str:
    """As French prints it, without losing the spaces at either end, nor the lines."""
    return "\n".join(_tidy_line(line) for line in legal(text).split("\n"))


def legal(text: str) -> str:
    """The text without what no document may hold: controls, halves of signs, what Unicode says is no sign."""
    spaced = text.replace("\t", " ").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(sign for sign in spaced if sign == "\n" or unicodedata.category(sign) not in ("Cc", "Cs", "Cn"))


def _tidy_line(line: str) -> str:
    inner = line.strip(" ")
    if not inner:
        return line
    before, after = line[: len(line) - len(line.lstrip(" "))], line[len(line.rstrip(" ")) :]
    return f"{before}{typographic(inner)}{after}"
