"""Lines that say what those after them are: « Objectifs opérationnels : », « Actions : »; and the fields of a sheet."""

import itertools
import re
from collections import Counter
from dataclasses import replace

from axes.levels import Level
from axes.reading.apart import AMOUNT, PART_ASIDE, RUBRIC
from axes.reading.counted_lists import LABEL
from axes.reading.grammar import Opening, opening, words
from axes.reading.marks import is_level_itself, level_named
from axes.reading.model import Block
from axes.reading.rubrics import is_beside_aims
from axes.reading.scoring import ACTIONS
from cohesion.lib.text import NBSP, fold, squeeze

MOST_WORDS = 5
OFTEN = 3  # times that a rubric comes again, for it to be one without any sign
_RUBRIC = re.compile(r"(?:(?:les|nos) )?(?:objectifs|actions|mesures)(?: vises| poursuivis| prevues| envisagees)?")
_REFERENCE = re.compile(
    r"[^\W\d_]+(?:\s+[^\W\d_]+)?\s+(?:[nN]\s?°\s?)?(?:\d[\d.]*|[IVX]+|[A-Z])"
)  # « Axe 1 », of a sheet
_FIELD = re.compile(r"(?P<name>[A-ZÀ-Ý][^\W\d_]+(?:[ ’'-][^\W\d_]+){0,4})\s*:\s+(?P<value>\S.*)")


def read_announcements(blocks: list[Block]) -> None:
    """Set aside a line that announces those after it, and give these the level that it names.

    What it announces goes on as long as the lines are of its form: bullets, or plain lines without a blank one between.
    """
    titles = Counter(fold(block.text) for block in blocks if _is_rubric(block) or _may_come_again(block))
    for place, block in enumerate(blocks[:-1]):
        following = blocks[place + 1]
        if _says(block, following):
            block.aside = "annonce ce qui suit, en une phrase"
        is_plan_word = _RUBRIC.fullmatch(fold(block.text)) is not None
        heads = following.bullet or block.text.endswith(":") or is_plan_word or titles[fold(block.text)] >= OFTEN
        is_rubric = titles[fold(block.text)] > 1 and heads and not following.aside and not following.table
        is_beside = not (block.aside or block.table) and is_beside_aims(fold(block.text.rstrip(": ")))
        if titles[fold(block.text)] >= OFTEN and is_beside and (following.aside or following.table):
            block.aside = RUBRIC
        if block.aside == PART_ASIDE and following.bullet:
            _set_list_aside(block, blocks[place + 1 :])
        if block.aside or block.table or not (_announces(block, following) or is_rubric):
            continue
        name = squeeze(block.text.rstrip(": "))
        block.aside = f"annonce ce qui suit («{NBSP}{name}{NBSP}»)"
        if is_rubric and _is_rubric(replace(block, aside="")):
            _set_subtitle_aside(blocks[max(0, place - 2) : place])
        for other in blocks[place + 1 :]:
            is_of_it = other.bullet == following.bullet and not other.heading and not other.aside and not other.table
            if not is_of_it or (not other.bullet and other is not following and other.blank_before):
                break
            if other.text.endswith(":") and not other.bullet:
                break
            other.announced = name
            if is_level_itself(name):
                other.level, other.named_by = level_named(name), name
            elif is_rubric and is_beside_aims(fold(name)):
                other.aside = f"sous «{NBSP}{name}{NBSP}»"
            elif is_rubric and (level := _level_of_rubric(name)) is not None:
                other.level, other.named_by = level, name


def _set_list_aside(block: Block, following: list[Block]) -> None:
    """The bullets under « Constats : » say what was found."""
    for item in itertools.takewhile(lambda other: other.bullet and not other.heading and not other.table, following):
        item.aside = item.aside or f"sous «{NBSP}{squeeze(block.text.rstrip(': '))}{NBSP}»"


def _set_subtitle_aside(above: list[Block]) -> None:
    """Between « Axe 1 : … » and the first rubric under it, a plain line says more of the axis."""
    if len(above) == 2 and LABEL.match(above[0].text) and not LABEL.match(above[1].text):
        is_plain = not (above[1].aside or above[1].table or above[1].bullet or above[1].heading)
        above[1].aside = "phrase sous un titre" if is_plain else above[1].aside


def _is_rubric(block: Block) -> bool:
    """A word or two that say what the bullets under them are, in each part of a plan: « Actions », « Indicateurs »."""
    is_plain = not (block.aside or block.table or block.bullet)
    name = fold(block.text.rstrip(": "))
    return (is_plain and _RUBRIC.fullmatch(name) is not None) or (not block.table and is_beside_aims(name))


def _may_come_again(block: Block) -> bool:
    """« Cet axe vise à : », in each part: whatever its words, what comes again above lists announces them."""
    return block.text.endswith(":") and not (block.aside or block.table or block.bullet or LABEL.match(block.text))


def _level_of_rubric(name: str) -> Level | None:
    if not _RUBRIC.fullmatch(fold(name)):
        return None
    is_aim = fold(name).startswith("objectif")
    return next((level for level in Level if (level.facts.is_linkable if is_aim else level.facts.is_closed)), None)


def _says(block: Block, following: Block) -> bool:
    """« Nous voulons pour cela : », above a list: a sentence, and no title."""
    if block.aside or block.table or block.bullet or block.heading or not following.bullet:
        return False
    return block.text.endswith(":") and opening(block.text) == Opening.OTHER


def _announces(block: Block, following: Block) -> bool:
    if following.aside or following.table or block.bullet or LABEL.match(block.text):
        return False
    name = block.text.rstrip(": ")
    if is_level_itself(name):
        return not is_level_itself(following.text.rstrip(": "))
    is_title = opening(name) == Opening.INFINITIVE  # « Lutter contre la faim : » is aimed at
    return block.text.endswith(":") and following.bullet and len(words(name)) <= MOST_WORDS and not is_title


def set_fields_aside(blocks: list[Block]) -> None:
    """Set aside the fields of sheets (« Pilote : », « Calendrier : »): captions that recur, several one under the
    other, and that name no level."""
    fields = {id(block): match for block in blocks if (match := _field(block)) is not None}
    names = Counter(fold(match["name"]) for match in fields.values())
    actions = Counter(fold(match["name"]) for match in fields.values() if opening(match["value"]) == Opening.INFINITIVE)
    recurring = {name for name, times in names.items() if times > 1 and 2 * actions[name] < times}
    priced = _beside_amounts(blocks, fields)
    beside = {place for place in range(len(blocks)) if _names_near(blocks, fields, place) & recurring}
    often = Counter(fold(fields[id(blocks[place])]["name"]) for place in beside)
    for place, block in enumerate(blocks):
        name = fold(fields[id(block)]["name"]) if id(block) in fields else ""
        is_of_sheet = name in recurring and (place in beside or name in priced or 2 * often[name] >= names[name])
        if is_of_sheet or (is_beside_aims(name) and not actions[name] and not block.bullet):
            block.aside = f"rubrique «{NBSP}{fields[id(block)]['name']}{NBSP}» d’une fiche"


def _names_near(blocks: list[Block], fields: "dict[int, re.Match[str]]", place: int) -> set[str]:
    """The names of the fields right above and below a field, but for its own."""
    if id(blocks[place]) not in fields:
        return set()
    near = (fields[id(other)] for other in blocks[max(0, place - 1) : place + 2] if id(other) in fields)
    return {fold(match["name"]) for match in near} - {fold(fields[id(blocks[place])]["name"])}


def _beside_amounts(blocks: list[Block], fields: "dict[int, re.Match[str]]") -> set[str]:
    """The names of fields above or below an amount: those of a sheet, but for « Action : », which is what costs it."""
    names: set[str] = set()
    for before, block in itertools.pairwise(blocks):
        for field, other in ((before, block), (block, before)):
            if other.aside == AMOUNT and id(field) in fields:
                names.add(fold(fields[id(field)]["name"]))
    return {name for name in names if not words(name)[0].startswith(tuple(ACTIONS))}


def _field(block: Block) -> "re.Match[str] | None":
    if block.aside or block.table or block.heading:
        return None
    match = _FIELD.match(block.text)
    is_field = match is not None and (level_named(match["name"]) is None or _REFERENCE.fullmatch(match["value"]))
    return match if is_field else None
