"""The blocks of a document made ready: marks read, sentences parted, and what is no orientation set aside."""

import itertools
import re
from collections import Counter
from dataclasses import replace

from axes.reading import announcing, flattened
from axes.reading.aims import name_aims
from axes.reading.apart import (
    is_part,
    set_bare_aside,
    set_parts_aside,
    set_questions_aside,
    set_running_aside,
    set_surroundings_aside,
)
from axes.reading.contents import without_leader
from axes.reading.counted_lists import name_widest, read_counted_lists
from axes.reading.cutting import beginnings, cut
from axes.reading.grammar import PREPOSITIONS, is_capitals, is_prose, words
from axes.reading.marks import is_aim, is_numbered, level_named, read_marks, strip_bullet
from axes.reading.model import Block
from axes.reading.outline import give_families, ranked
from axes.reading.reasons import PROSE, WORDLESS
from cohesion.lib.text import fold, squeeze

LAST_LATIN = "\u0250"  # other letters are signs of a font of icons
LINKS = frozenset(("et", "ou", "qui", "que", "dont"))
BROKEN = 30  # characters of a title that may go on
TAIL = 200  # characters, where the number of a page may stand
CONTENTS = re.compile(r"(?:[._…]\s?){3,}\s*\d+\s*$|\t\s*\d{1,3}$")
AT_PAGE = re.compile(r"\s+p(?:\.|age)\s?\d{1,3}(?:\s?[-à]\s?\d{1,3})?$", re.IGNORECASE)
LABEL_ALONE = re.compile(
    r"(?:[IVX]{1,5}|\d{1,2})[.)]|(?P<word>[A-ZÀ-Ý][^\W\d_]*(?:\s+[^\W\d_]+){0,2})\s+(?:[nN]\s?[°ºo]\s*)?(?:\d{1,3}(?:\.\d{1,3})*|[IVX]{1,5}|[A-Z])\s*[:.–—-]?"
)

MARKED_KINDS = (("label",), ("number",), ("heading",), ("capitals",))


def prepared(blocks: list[Block]) -> tuple[list[Block], str, tuple[str, ...]]:
    """The blocks with their marks and families, the title of the document, and the headers of a table that was
    flattened line by line."""
    for block in blocks:
        if not block.table:
            strip_bullet(block)
    blocks = _with_their_labels(_with_their_numbers(blocks))
    _set_aside(blocks)
    set_surroundings_aside(blocks)
    flattened.set_cells_aside(blocks)
    headers = flattened.read_headers(blocks)
    read_counted_lists(blocks)
    announcing.read_announcements(blocks)
    announcing.set_fields_aside(blocks)
    read_marks(blocks)
    name_aims(blocks)
    set_running_aside(blocks)
    set_questions_aside(blocks)
    blocks = _parted(blocks)
    give_families(blocks)
    name_widest(blocks, ranked([block for block in blocks if not block.aside]))
    set_parts_aside(blocks)
    flattened.name_by_headers(blocks, headers)
    title = _begin_at_first_root(blocks)
    _unname_above_all(blocks)
    set_bare_aside(blocks)
    return blocks, title, headers


def _with_their_numbers(blocks: list[Block]) -> list[Block]:
    """A number alone on its line with what it numbers, below it, where they count from one: several times over, or
    each right above what it numbers."""
    bare = [block for block in blocks if not block.table and re.fullmatch(r"[1-9]\d?", block.text)]
    counts = [int(block.text) for block in bare]
    goes_on = all(after in (before + 1, 1) for before, after in itertools.pairwise(counts))
    is_again = counts.count(1) > 1 and goes_on and len(counts) >= 2 * counts.count(1)
    if not counts or counts[0] != 1 or not (is_again or _stand_above(bare, counts, blocks)):
        return blocks
    numbers = {id(block) for block in bare}
    out: list[Block] = []
    for block in blocks:
        if out and id(out[-1]) in numbers and id(block) not in numbers and not block.table:
            out[-1].text = f"{out[-1].text}. {block.text}"
            numbers.discard(id(out[-1]))
        else:
            out.append(block)
    return out


def _stand_above(bare: list[Block], counts: list[int], blocks: list[Block]) -> bool:
    """Whether numbers that grow stand right above a line, each below a blank one: not so the numbers of pages."""
    places = {id(block): place for place, block in enumerate(blocks)}
    below = [blocks[place + 1] for block in bare if (place := places[id(block)]) + 1 < len(blocks)]
    is_above = len(below) == len(bare) and not any(block.blank_before for block in below)
    return len(bare) > 2 and counts == sorted(set(counts)) and is_above and all(block.blank_before for block in bare)


def _with_their_labels(blocks: list[Block]) -> list[Block]:
    """A label alone on its line (« AXE 1 ») with the line that follows, which it announces."""
    out: list[Block] = []
    names = Counter(_name_alone(block.text) for block in blocks if not block.table)
    alone = {id(block) for block in blocks if _is_label_alone(block) or names[_name_alone(block.text)] > 1}
    alone -= {id(block) for block in blocks if not _name_alone(block.text) and not _is_label_alone(block)}
    for block in blocks:
        before = out[-1] if out else None
        is_below = not (block.table or block.bullet) and id(block) not in alone
        if before is not None and id(before) in alone and is_below:
            before.text = f"{before.text} {block.text}"
            before.label_alone = True
            alone.discard(id(before))
        elif before is not None and _goes_on_in_capitals(before, block):
            before.text = f"{before.text} {block.text}"
        else:
            out.append(block)
    return out


def _name_alone(text: str) -> str:
    """The word of a label that stands alone on its line: those that come again with other numbers are labels."""
    match = LABEL_ALONE.fullmatch(text)
    return fold(match["word"]) if match is not None and match["word"] else ""


def _goes_on_in_capitals(before: Block, block: Block) -> bool:
    """A title in capitals over two lines: under its label, after its number, or where the second begins with a word
    that none begins with."""
    first = (words(block.text) or [""])[0]
    is_linked = first in PREPOSITIONS or first in LINKS
    is_plain = not (before.bullet or before.aside or before.table or is_part(before.text))
    if is_linked and is_plain and is_capitals(before.text) and is_capitals(block.text) and not block.blank_before:
        return not (block.table or block.bullet or is_numbered(block.text))
    is_broken = len(before.text) >= BROKEN and is_numbered(before.text) and not is_numbered(block.text)
    is_title = (before.label_alone or is_broken) and is_capitals(before.text) and not block.table and not block.bullet
    return is_title and is_capitals(block.text) and not block.blank_before and not _is_label_alone(block)


def _is_label_alone(block: Block) -> bool:
    if block.table or block.aside or LABEL_ALONE.fullmatch(block.text) is None or is_part(block.text):
        return False
    return block.heading > 0 or block.blank_before or level_named(block.text) is not None or is_capitals(block.text)


def _set_aside(blocks: list[Block]) -> None:
    at_pages = [block for block in blocks if AT_PAGE.search(block.text[-TAIL:])]
    if len(at_pages) > 2:  # what is left of a summary is a plan all the same
        for block in at_pages:
            block.text = block.text[:-TAIL] + AT_PAGE.sub("", block.text[-TAIL:])
    _keep_summary_alone(blocks)
    for block in blocks:
        if block.aside or block.table:
            continue
        if CONTENTS.search(block.text[-TAIL:]):
            block.aside = "ligne d’un sommaire"
        elif not any(c.isalpha() and c < LAST_LATIN for c in block.text):
            block.aside = WORDLESS
        elif not block.heading and is_prose(block.text, is_item=block.bullet):
            block.aside = f"{PROSE}, en phrases suivies"


def _keep_summary_alone(blocks: list[Block]) -> None:
    """A summary that is nearly all the document is a plan: its lines, without their pages."""
    summary = [block for block in blocks if not block.table and CONTENTS.search(block.text[-TAIL:])]
    places = {id(block) for block in summary}
    others = [block for block in blocks if id(block) not in places]
    bare = {id(block): without_leader(block.text) for block in summary}
    texts_beside = {squeeze(block.text) for block in others}
    is_said_again = sum(squeeze(text) in texts_beside for text in bare.values()) > 1
    if len(summary) > 2 and len(others) <= len(summary) and not is_said_again:
        for block in summary:
            block.text, block.is_of_summary = bare[id(block)], True


def _parted(blocks: list[Block]) -> list[Block]:
    """One block a sentence, where several ran together on a line; a table has parted its own."""
    out: list[Block] = []
    known = beginnings(block.text for block in blocks if not block.aside)
    for block in blocks:
        pieces = [(block.text, True)] if block.table or block.aside or block.heading else cut(block.text, known)
        for number, (text, is_sure) in enumerate(pieces):
            label = block.label if number == 0 else ""
            blank = block.blank_before and number == 0
            if len(pieces) == 1:
                out.append(block)
            else:
                out.append(
                    replace(
                        block,
                        text=squeeze(text),
                        label=label,
                        blank_before=blank,
                        piece=number,
                        pieces=len(pieces),
                        cut_is_sure=is_sure,
                    )
                )
    return out


def _unname_above_all(blocks: list[Block]) -> None:
    """« Enjeu 1 », or « Priorité 1 », first and under nothing, in a document that names no root but names others: its
    form is the widest, whatever it is called."""
    live = [block for block in blocks if not block.aside]
    first = live[0].level if live else None
    if first is None or live[0].table or not live[0].number:
        return
    if first.facts.is_closed:
        _unname_closed(live)
        return
    if first.facts.is_linkable:
        return
    if any(block.level is not None and block.level.facts.is_root for block in live):
        return
    if ranked(live)[live[0].family]:
        return
    for block in live:
        if block.family == live[0].family:
            block.level, block.named_by = None, ""


def _unname_closed(live: list[Block]) -> None:
    """What is called as what nothing stands under, but stands above aims that are named."""
    after = [block.level for before, block in itertools.pairwise(live) if before.family == live[0].family]
    if after and all(level is not None and not level.facts.is_closed and level.facts.is_linkable for level in after):
        for block in live:
            if block.family == live[0].family:
                block.level, block.named_by = None, ""


def _above_aims(widest: list[Block], live: list[Block]) -> list[Block]:
    """The widest; where they are « Objectifs : » under lines without a form, these lines."""
    if not widest or not is_aim(widest[0]) or widest[0].number:
        return widest
    above = [before for before, block in itertools.pairwise(live) if block in widest and not before.family]
    if len(above) < 2:
        return widest
    for block in above:
        block.family = ("head",)
    return above


def _begin_at_first_root(blocks: list[Block]) -> str:
    """Set aside what stands before the first orientation; returns the title of the document, if it has one there.

    A widest heading that stands alone, above several of the next, is the title.
    """
    live = [block for block in blocks if not block.aside]
    ranks = ranked(live)
    order = sorted(ranks, key=ranks.__getitem__)
    title = ""
    while len(order) > 1:
        first = [block for block in live if block.family == order[0]]
        second = [block for block in live if block.family == order[1]]
        if (
            len(first) > 1
            or len(second) < 2
            or first[0].level is not None
            or first[0].number
            or first[0].label
            or first[0] is not live[0]
        ):
            break
        first[0].aside, title = "titre du document", title or first[0].text
        live, order = live[1:], order[1:]
    roots = [block for block in live if block.level is not None and block.level.facts.is_root]
    if not roots and order:
        roots = _above_aims([block for block in live if block.family == order[0]], live)
    if not roots:
        return title
    after = {block.family for block in live[live.index(roots[0]) :] if block.family[:1] in MARKED_KINDS}
    start = next(place for place, block in enumerate(blocks) if block is roots[0] or block.family in after)
    for block in blocks[:start]:
        if not block.aside:
            block.aside = "avant la première orientation" if title else "titre du document"
            title = title or block.text
    return title
