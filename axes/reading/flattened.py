"""A table that became lines: one cell a line, its headers first, and again at the top of each page."""

from collections import Counter

from axes.reading.counted_lists import LABEL
from axes.reading.grammar import words
from axes.reading.marks import is_level_itself, level_named
from axes.reading.model import Block
from axes.reading.outline import ranked
from axes.reading.reasons import CELL, WORDLESS
from axes.reading.rubrics import is_beside_aims
from axes.reading.scoring import ACTIONS
from cohesion.lib.text import fold

SHORT = 4  # words
OFTEN, MOST = 3, 0.75


def set_cells_aside(blocks: list[Block]) -> None:
    """Set aside the short cells that say the same again and again (« Faible », « À chiffrer »), those beside them, and
    those that stand between a labelled line and a number or a date."""
    times = Counter(block.text for block in blocks)
    cells = {id(block) for block in blocks if _is_short(block) and times[block.text] >= OFTEN}
    for before, block, after in zip([None, *blocks], blocks, [*blocks[1:], None], strict=False):
        is_beside = any(other is not None and id(other) in cells for other in (before, after))
        if is_beside and _is_short(block) and times[block.text] > 1:
            cells.add(id(block))
    cells |= _between_labels_and_numbers(blocks)
    for block in blocks:
        if id(block) in cells:
            block.aside = CELL


def _between_labels_and_numbers(blocks: list[Block]) -> set[int]:
    between, labelled = set(), 0
    for before, block, after in zip(blocks, blocks[1:], blocks[2:], strict=False):
        if _is_short(block) and after.aside == WORDLESS:
            between.add(id(block))
            labelled += LABEL.match(before.text) is not None
    return between if len(between) >= OFTEN and labelled >= MOST * len(between) else set()


def _is_short(block: Block) -> bool:
    is_plain = not (block.aside or block.table or block.bullet or block.heading or block.text.endswith(":"))
    return is_plain and len(words(block.text)) <= SHORT and not LABEL.match(block.text) and not _heads(block.text)


def _heads(text: str) -> bool:
    """Whether a word or two may head a column or a list."""
    name = fold(text)
    return is_level_itself(text) or name in ACTIONS or name in ("objectif", "objectifs") or is_beside_aims(name)


def read_headers(blocks: list[Block]) -> tuple[str, ...]:
    """Lines that only name levels, beside one another: the headers of a table that became lines."""
    headers: list[str] = []
    for place, block in enumerate(blocks):
        if block.table or block.aside or not is_level_itself(block.text):
            continue
        beside = [blocks[other].text for other in (place - 1, place + 1) if 0 <= other < len(blocks)]
        if any(is_level_itself(text) for text in beside):
            headers.append(block.text)
        if blocks[place + 1 : place + 2] and fold(blocks[place + 1].text) in ACTIONS and headers:
            headers.append(blocks[place + 1].text)
    headers += _run_of_heads(blocks)
    for block in blocks:
        if not block.table and not block.aside and block.text in headers:
            block.aside = "en-tête de colonne"
    return tuple(dict.fromkeys(headers))


def name_by_headers(blocks: list[Block], headers: tuple[str, ...]) -> None:
    """The headers of a flattened table name its levels in order, and its numbers (1, 1.1) come in the same order."""
    levels = [level for header in headers if (level := level_named(header)) is not None]
    live = [block for block in blocks if not block.aside]
    numbered = [family for family in ranked(live) if family[0] == "number"]
    if len(levels) < 2 or levels != sorted(levels, key=lambda level: level.rank) or len(numbered) < 2:
        return
    named = dict(zip(numbered, zip(levels, headers, strict=False), strict=False))
    for block in live:
        if block.level is None and block.family in named:
            block.level, block.named_by = named[block.family]


def _run_of_heads(blocks: list[Block]) -> list[str]:
    """Three lines or more, one after the other, each of which may head a column."""
    run: list[str] = []
    for block in blocks:
        is_head = not (block.aside or block.table or block.bullet) and _heads(block.text)
        if not is_head and len(run) >= OFTEN:
            return run
        run = [*run, block.text] if is_head else []
    return run if len(run) >= OFTEN else []
