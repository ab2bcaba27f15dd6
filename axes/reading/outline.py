"""Which blocks stand under which, by what they look like: headings, numbers, labels, bullets, indentation."""

from collections import Counter

from axes.reading.grammar import begins_in_capitals, is_capitals
from axes.reading.heads import give_heads
from axes.reading.model import Block
from axes.reading.tables import BAND
from cohesion.lib.text import fold

Family = tuple[str, ...]


def give_families(blocks: list[Block]) -> None:
    """Give each block that has none the family of its form: heading, bullet, capitals, bold, indentation.

    What is set aside has none, but shows which lines head running text.
    """
    everything, blocks = blocks, [block for block in blocks if not block.aside]
    plain = []
    for block in blocks:
        if block.heading and block.family[:1] != ("label",):
            block.family = ("heading", str(block.heading))
        elif block.bullet and not block.family:
            block.family = ("bullet", str(block.indent), fold(block.announced), block.glyph)
        elif not block.family:
            plain.append(block)
    labelled = [place for place, block in enumerate(blocks) if block.family[:1] in (("label",), ("number",))]
    before = {id(block) for block in blocks[: labelled[0] if labelled else 0]}
    for name, is_so in (("capitals", _is_title), ("bold", lambda block: block.bold)):
        alike = [block for block in plain if is_so(block)]
        if sum(id(block) not in before for block in alike) < 2 and any(id(block) in before for block in alike):
            continue  # a cover page, before the first number
        if 2 <= len(alike) <= 0.4 * len(blocks):
            for block in alike:
                block.family = (name,)
            plain = [block for block in plain if not block.family]
    give_heads(plain, everything)
    plain = [block for block in plain if not block.family]
    if len(plain) == len(blocks):
        _give_alone(blocks)
    plain = [block for block in plain if not block.family]
    if len({block.indent for block in plain}) > 1:
        for block in plain:
            block.family = ("indent", str(block.indent))


def _give_alone(blocks: list[Block]) -> None:
    """In a text without any form: lines that stand alone between two blank ones, where most others stand together."""
    alone = []
    for block, following in zip(blocks, [*blocks[1:], None], strict=False):
        if block.table == 0 and block.blank_before and (following is not None and following.blank_before):
            alone.append(block)
    blanks = sum(block.blank_before for block in blocks)
    if 2 <= len(alone) <= 0.25 * len(blocks) and len(alone) < 0.6 * blanks and blanks < 0.6 * len(blocks):
        for block in alone:
            block.family = ("alone",)


def _is_title(block: Block) -> bool:
    return is_capitals(block.text) or begins_in_capitals(block.text)


def ranked(blocks: list[Block]) -> dict[Family, int]:
    """The families from the widest to the narrowest: in the order in which they come, but for what their form says."""
    order: list[Family] = []
    named = _named_ranks(blocks)
    last: Family | None = None
    for block in blocks:
        family = block.family
        if not family:
            continue
        if family not in order:
            place = order.index(last) + 1 if last is not None else 0
            deeper = [order.index(other) for other in order if _compared(family, other, named) < 0]
            wider = [order.index(other) + 1 for other in order if _compared(family, other, named) > 0]
            place = max([min([place, *deeper]), *wider])
            order.insert(place, family)
        last = family
    return {family: rank for rank, family in enumerate(order)}


def _named_ranks(blocks: list[Block]) -> dict[Family, int]:
    """The rank of the level that a family names, where its label or its column names one."""
    counts: Counter[tuple[Family, int]] = Counter()
    for block in blocks:
        if block.level is not None and block.family:
            counts[block.family, block.level.rank] += 1
    return {family: rank for (family, rank), _ in reversed(counts.most_common())}


def _compared(family: Family, other: Family, named: dict[Family, int]) -> int:
    """Below 0 where the form says that ``family`` is wider than ``other``, above where it is narrower, else 0."""
    if family in named and other in named and named[family] != named[other]:
        return named[family] - named[other]
    if BAND in (family, other):
        return -1 if family == BAND else 1
    kind, of = family[0], other[0]
    if kind == of and kind in ("heading", "column", "indent", "bullet"):
        return int(family[1]) - int(other[1])
    if family[:2] == other[:2] and family[-1].isdigit() and other[-1].isdigit():
        return int(family[-1]) - int(other[-1])
    if (kind == "bullet") != (of == "bullet"):
        return 1 if kind == "bullet" else -1
    return 0


def depths(blocks: list[Block], ranks: dict[Family, int]) -> list[int | None]:
    """How many ranked blocks each one stands under; None for what has no family."""
    path: list[int] = []
    out: list[int | None] = []
    for block in blocks:
        if not block.family or block.family not in ranks:
            out.append(None)
            continue
        rank = ranks[block.family]
        while path and path[-1] >= rank:
            path.pop()
        out.append(len(path))
        path.append(rank)
    return out
