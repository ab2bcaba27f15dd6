"""Lines without any form that head others: bullets, numbers that begin again, labels, or running text come right after
them; and the plain lines that stand under these."""

import itertools
import re
from collections import Counter
from collections.abc import Mapping

from axes.reading.counted_lists import WIDEST_WORDS
from axes.reading.grammar import Opening, is_capitals, opening
from axes.reading.model import Block
from axes.reading.reasons import CELL, PROSE

HEAD_FAMILY, PLAIN_FAMILY, NAME_FAMILY = ("head",), ("plain",), ("plain", "name")
WIDE_FAMILY = ("head", "wide")
SAYS = "annonce"
OF_A_NAME = 60  # characters
FLAT, ENOUGH = 4, 3  # lines, groups
NEARLY_ALL, MOST = 0.8, 0.75
_NOTE = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){0,4}\s:\s\S.*")
MOST_BETWEEN = 12  # lines of running text between a line and what it heads


def give_heads(plain: list[Block], everything: list[Block]) -> None:
    """Give a family to the lines of ``plain`` that head others, where the text shows it at least twice.

    Right before bullets, nearly every plain line must do so. Right before running text, some may: where nothing else
    has a form, the others stand under them, and are of one level if they begin alike.
    """
    if len(plain) > 1 and sum(block.is_of_summary for block in plain) >= NEARLY_ALL * len(plain):
        _give(plain, PLAIN_FAMILY)  # the lines of a summary under those that stand out are of one level
        return
    announced = [block for block in plain if block.announced]
    _give(announced, PLAIN_FAMILY)
    plain = [block for block in plain if not block.announced]
    places = {id(block): place for place, block in enumerate(everything)}
    following = {id(block): everything[places[id(block)] + 1 :][:MOST_BETWEEN] for block in plain}
    above = [block for block in plain if _heads_items(following[id(block)])]
    heads = _over_several(above, following)
    if not heads or len(heads) < NEARLY_ALL * (len(plain) - plain.index(heads[0])):
        heads = _over_most_runs(above, following, everything)
    if not heads and _give_rows(plain, following):
        return
    if (titles := _over_sentences(heads, everything, places)) is not None:
        _give(titles, HEAD_FAMILY)
        return
    if len(heads) > 1:
        _give(heads, HEAD_FAMILY)
        _give_wide([block for block in plain if not block.family], everything)
        return
    if _give_names(plain, everything) or _give_alike(plain, everything):
        return
    if any(block.family or block.bullet or block.heading or block.table for block in everything if not block.aside):
        return
    heads = _without_title([block for block in plain if _is_before_prose(following[id(block)])], plain)
    if len(heads) < 2 and (_give_flat(plain) or _give_groups(plain)):
        return
    rest = plain[plain.index(heads[0]) + 1 :] if heads else []
    are_heads = {id(head) for head in heads}
    under = [block for block in rest if id(block) not in are_heads]
    if len(heads) < 2:
        return
    _give(heads, HEAD_FAMILY)
    if len(under) >= len(heads) and Counter(opening(block.text) for block in under).most_common(1)[0][1] >= MOST * len(
        under
    ):
        _give(under, PLAIN_FAMILY)


def _give_wide(plain: list[Block], everything: list[Block]) -> None:
    """The lines right above such heads, several times over, are wider."""
    live = [block for block in everything if not block.aside]
    after = {id(block): following for block, following in itertools.pairwise(live)}
    wide = [block for block in plain if id(block) in after and after[id(block)].family == HEAD_FAMILY]
    heads = sum(block.family == HEAD_FAMILY for block in live)
    if len(wide) > 1 and 2 * len(wide) >= heads:
        _give(wide, WIDE_FAMILY)


def _give_rows(plain: list[Block], following: Mapping[int, list[Block]]) -> bool:
    """In a table that became lines, what cells come after is of one level, and what stands above it of another."""
    rows = [block for block in plain if following[id(block)] and following[id(block)][0].aside.startswith(CELL)]
    are_rows = {id(block) for block in rows}
    over = [block for block in plain if following[id(block)] and id(following[id(block)][0]) in are_rows]
    over = [head for head in over if id(head) not in are_rows]
    heads = [block for block in plain[plain.index(over[0]) :] if id(block) not in are_rows] if over else []
    if len(rows) < ENOUGH or (heads and len(over) < max(2, NEARLY_ALL * len(heads))):
        return False
    _give(over, HEAD_FAMILY)
    _give(rows, PLAIN_FAMILY)
    return True


def _over_several(heads: list[Block], following: Mapping[int, list[Block]]) -> list[Block]:
    """But for what stands above one form only once, and for notes (« Public visé : les parents »)."""
    heads = [head for head in heads if not _NOTE.fullmatch(head.text)]
    headed = [(head, first) for head in heads if (first := _first(following[id(head)])) is not None]
    over = Counter(first.family for _, first in headed)
    return [head for head, first in headed if first.bullet or first.announced or over[first.family] > 1]


def _over_most_runs(heads: list[Block], following: Mapping[int, list[Block]], everything: list[Block]) -> list[Block]:
    """Those that stand over most of the runs of one form: a line above the first of them only is a title, or a note."""
    families = [block.family for block in everything if not block.aside]
    runs = Counter(family for before, family in itertools.pairwise([(), *families]) if before != family)
    headed = {id(head): _first(following[id(head)]) for head in heads}
    over = Counter(first.family for first in headed.values() if first is not None)
    kept = []
    for head in heads:
        first = headed[id(head)]
        if first is not None and over[first.family] > 1 and over[first.family] >= MOST * runs[first.family]:
            kept.append(head)
    return kept


def _over_sentences(heads: list[Block], everything: list[Block], places: Mapping[int, int]) -> list[Block] | None:
    """The titles, where each line above items is a whole sentence under one, and says more of it."""
    titles = [everything[place - 1] for head in heads if (place := places[id(head)])]
    if len(heads) < 2 or len(titles) < len(heads) or not all(head.text.endswith(".") for head in heads):
        return None
    if any(title.aside or title.family or len(title.text) > OF_A_NAME or title.text[-1] in ".:;" for title in titles):
        return None
    for head in heads:
        head.aside = "phrase sous un titre"
    return titles


def _give_names(plain: list[Block], everything: list[Block]) -> bool:
    """Names of a few words under the only form that a document has (capitals, a label) are all of one level."""
    live = [block for block in everything if not block.aside]
    forms = {block.family for block in live if block.family}
    is_named = len(forms) == 1 and len(live) > 2 * (len(live) - len(plain)) > 2
    is_other = any(block.bullet or block.heading or block.table for block in live)
    kinds = [opening(block.text) for block in plain]
    are_names = len({block.indent for block in plain}) == 1 and all(len(block.text) <= OF_A_NAME for block in plain)
    if not is_named or is_other or not are_names or Opening.INFINITIVE in kinds:
        return False
    _give(plain, NAME_FAMILY)
    return True


def _give_alike(plain: list[Block], everything: list[Block]) -> bool:
    """Lines that all begin alike, each group of them under a line that has a form and with no blank one within."""
    live = [block for block in everything if not block.aside]
    are_plain = {id(block) for block in plain}
    within = [block for before, block in itertools.pairwise(live) if id(before) in are_plain and id(block) in are_plain]
    groups = len(plain) - len(within)
    begun = Counter(opening(block.text) for block in plain)
    others = len(live) - len(plain)
    is_under = others > 0 and id(live[0]) not in are_plain and groups >= others - 1  # one of them may be a title
    if groups < ENOUGH or not is_under or any(block.blank_before for block in within):
        return False
    if max(begun.values()) < NEARLY_ALL * len(plain):
        return False
    _give(plain, PLAIN_FAMILY)
    return True


def _give_flat(plain: list[Block]) -> bool:
    """Where all lines begin alike, but for a first one in capitals, none stands under another."""
    lines = plain[1:] if plain and is_capitals(plain[0].text) else plain
    blanks = sum(block.blank_before for block in lines[1:])
    begun = Counter(opening(block.text) for block in lines)
    is_flat = len(lines) >= FLAT and begun[Opening.INFINITIVE] == len(lines) and blanks in (0, len(lines) - 1)
    if is_flat:
        _give(lines, PLAIN_FAMILY)
    return is_flat


def _give_groups(plain: list[Block]) -> bool:
    """Blank lines part groups, and the first line of each begins otherwise than the others of it: a noun above verbs,
    or the other way round."""
    groups: list[list[Block]] = []
    for block in plain:
        if block.blank_before or not groups:
            groups.append([])
        groups[-1].append(block)
    if len(groups) > 1 and len(groups[0]) == 1:
        groups = groups[1:]  # the title
    if any(len(group) == 1 for group in groups):
        return False  # lines alone between blank ones stand above the groups
    firsts, under = [group[0] for group in groups], [block for group in groups for block in group[1:]]
    if len(groups) < ENOUGH:
        return False
    acts = [_share_of_verbs(firsts), _share_of_verbs(under)]
    if min(acts) > 1 - NEARLY_ALL or max(acts) < NEARLY_ALL:
        return False
    _give(firsts, HEAD_FAMILY)
    _give(under, PLAIN_FAMILY)
    return True


def _share_of_verbs(blocks: list[Block]) -> float:
    return sum(opening(block.text) == Opening.INFINITIVE for block in blocks) / len(blocks)


def _give(blocks: list[Block], family: tuple[str, ...]) -> None:
    for block in blocks:
        block.family = family


def _first(following: list[Block]) -> Block | None:
    """What comes next, but for what a text says in between."""
    return next((other for other in following if not other.aside.startswith((PROSE, SAYS))), None)


def _heads_items(following: list[Block]) -> bool:
    first = _first(following)
    if first is None or first.aside or first.table or first.heading:
        return False
    if first.bullet or first.announced:
        return True
    if first.family[:1] == ("label",):
        return first.family[1].split(" ")[0] not in WIDEST_WORDS and (
            first.level is None or not first.level.facts.is_root
        )
    return first.family[:1] == ("number",)


def _is_before_prose(following: list[Block]) -> bool:
    return any(other.aside.startswith(PROSE) for other in following[:1])


def _without_title(heads: list[Block], plain: list[Block]) -> list[Block]:
    """But for the first, where the next plain line is a head already, and what stands under the others is not."""
    if len(heads) > 2 and heads[0] is plain[0] and heads[1] is plain[1] and len(plain) > len(heads):
        return heads[1:]
    return heads
