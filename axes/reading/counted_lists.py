"""Sentences that say what the list under them is: « Quatre grandes ambitions ont été retenues : », « Les actions »."""

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from axes.levels import Level
from axes.reading.grammar import words
from axes.reading.marks import is_level_itself, level_named
from axes.reading.model import Block
from axes.reading.reasons import PROSE, SAYS_MORE
from cohesion.lib.text import squeeze

# What plans call their parts, beside the words of the levels: the widest, what is aimed at, what is done.
WIDEST = "orientation|thématique|volet|pilier|ambition|défi"
WIDEST_WORDS = frozenset(WIDEST.replace("é", "e").split("|"))
_AIM, _DONE = "objectif|but", "fiche[s -]*action|action|mesure"
_NUMBERS = ["deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze"]
_SAYS = re.compile(
    rf"(?:^|[\s’'(])(?P<count>\d{{1,2}}|{'|'.join(_NUMBERS)}|les|nos|quelques|plusieurs|différent(?:e?s))\s+"
    r"(?:exemples\s+d[e’']\s*|de\s+(?:ces|nos|ses)\s+)?(?:(?:grand|principal|premi[eè]r|nouve[la]+)\w*\s+|principaux\s+)?"
    rf"(?P<word>axe|enjeu|priorité|{WIDEST}|{_AIM}|{_DONE})[sx](?P<more>\s+[^\W\d_]+)?",
    re.IGNORECASE,
)
_HEAD = re.compile(r"(?:[IVX\d]{1,4}(?:[.)]|\s?[-–—]))?\s*(?:les|nos)\s", re.IGNORECASE)
LABEL = re.compile(r"[\W\d]*[A-ZÀ-Ý][^\W\d_]+\s+(?:n\s?[°o]\s*|#)?\d")
_ITEM = re.compile(r"\d{1,2}\s?[.)°-]")
_FOLLOWING = re.compile(r"\bsuivant(?:e?s)?\s*:$", re.IGNORECASE)
TITLE_WORDS = 6


def read_counted_lists(blocks: list[Block]) -> None:
    """Give the lines of a list the level that the sentence above it names, and set that sentence aside."""
    for place, block in enumerate(blocks[:-1]):
        if block.table or block.bullet or (block.aside and not block.aside.startswith(PROSE)):
            continue
        named = list(_SAYS.finditer(block.text))
        items = _items(block, _under_title(block, blocks, place), named) if named else []
        if len(items) < 2 or _is_numbered_above(block, items[0]):
            continue
        match = _of_so_many(named, items)
        level = _level(match, blocks)
        name = squeeze(f"{match['count']} {match['word']}s")
        unsure = "" if LABEL.match(items[0].text) else _unsure(match, len(items), block.text)
        block.aside = block.aside or f"annonce ce qui suit («\u00a0{name}\u00a0»)"
        for item in items:
            item.announced, item.level, item.named_by, item.unsure, item.aside = name, level, name, unsure, ""


def _under_title(block: Block, blocks: list[Block], place: int) -> Sequence[Block]:
    """What comes after: but for the sentences between a title (« Nos 13 priorités ») and its list."""
    following = blocks[place + 1 :]
    if block.aside or block.text.endswith(":") or len(words(block.text)) > TITLE_WORDS:
        return following
    start = next((n for n, other in enumerate(following) if not other.aside.startswith(PROSE)), 0)
    return following[start:] if start and following[start].bullet else following


def _is_numbered_above(block: Block, item: Block) -> bool:
    """« 1- Les orientations pour l’habitat : » above « 1.1 … »: it is of the plan itself, and announces nothing."""
    number = re.match(r"\d{1,2}(?=\s?[.)–—-])", block.text)
    return number is not None and re.match(rf"{number[0]}[.-]\d", item.text) is not None


def _items(block: Block, following: Sequence[Block], named: "list[re.Match[str]]") -> list[Block]:
    """The lines of the list: bullets, or numbers; or as many plain lines as a sentence that ends with a colon says."""
    first = following[0]
    is_opening = block.text.endswith(":") or block.aside or _HEAD.match(block.text) is not None
    counts = {_count(match) for match in named} - {0}
    if block.text.endswith(":") and first.bullet and len(sayings := _run(following, first, with_prose=True)) in counts:
        return sayings
    if first.table or first.aside or not is_opening:
        return []
    if _FOLLOWING.search(block.text) and not first.bullet and not _ITEM.match(first.text):
        return _run([first, *itertools.takewhile(_goes_on, following[1:])], first)
    if not first.bullet and not _ITEM.match(first.text):
        run = _run(following, first)
        count = max(counts, default=0)
        return run[:count] if block.text.endswith(":") and 2 <= count <= len(run) else []
    return _run(following, first)


def _goes_on(block: Block) -> bool:
    """Whether a plain line goes on with the list above it."""
    return not block.blank_before and not LABEL.match(block.text)


def _run(following: Sequence[Block], first: Block, *, with_prose: bool = False) -> list[Block]:
    """The lines of the form of the first, whatever other signs stand between; ``with_prose``: those that go on in
    sentences too."""
    run: list[Block] = []
    is_nested = False
    for block in following:
        is_between = is_nested and block.aside.startswith(PROSE)
        is_item = bool(_ITEM.match(block.text)) == bool(_ITEM.match(first.text))
        is_like = is_between or (block.bullet == first.bullet and is_item)
        is_out = block.aside and not ((with_prose or is_nested) and block.aside.startswith(PROSE))
        if block.table or is_out or block.heading or not is_like or is_level_itself(block.text.rstrip(": ")):
            break
        if block.indent < first.indent or (_SAYS.search(block.text) and block.text.endswith(":")):
            break
        if block.glyph != first.glyph:
            is_nested = is_nested or bool(run)
        elif block.indent == first.indent and not (is_nested and block.aside):
            run.append(block)
    return run


def _unsure(match: "re.Match[str]", number: int, sentence: str) -> str:
    """Why the list may not be what the sentence says: it has not as many lines, or the sentence goes on at length."""
    count = _count(match)
    if not count and len(words(sentence[match.end() :])) > TITLE_WORDS:
        return f"{SAYS_MORE} «\u00a0{match['count']} {match['word']}s\u00a0»"
    if count in (0, number):
        return ""
    return f"«\u00a0{match['count']} {match['word']}s\u00a0» sont annoncés, et la liste en a {number}"


def _count(match: "re.Match[str]") -> int:
    """How many it says; 0 where it says none."""
    count = match["count"].lower()
    if count.isdigit():
        return int(count)
    return _NUMBERS.index(count) + 2 if count in _NUMBERS else 0


def _of_so_many(named: "list[re.Match[str]]", items: list[Block]) -> "re.Match[str]":
    """What the list is of, among what a sentence names: what its lines are called (« Orientation n° 1 »), else what it
    has as many of, else what comes last."""
    called = (match for match in named if items[0].text.lower().startswith(f"{match['word'].lower()} "))
    return next(called, next((match for match in named if _count(match) == len(items)), named[-1]))


def _level(match: "re.Match[str]", blocks: list[Block]) -> Level:
    word = match["word"].lower()
    named = level_named(f"{word}s{match['more'] or ''}") or level_named(word)
    if named is not None:
        return named
    if re.fullmatch(_AIM, word) or (re.fullmatch(WIDEST, word) and _has_root(blocks)):
        return next(level for level in Level if level.facts.is_linkable)
    is_done = re.fullmatch(_DONE, word) is not None
    return next(level for level in Level if (level.facts.is_closed if is_done else level.facts.is_root))


def _has_root(blocks: list[Block]) -> bool:
    """Whether labels, or a list before, name what is widest."""
    root = next(level for level in Level if level.facts.is_root)
    label = re.compile(rf"{root.word}\s+(?:n\s?[°o]\s*)?[\dIVX]", re.IGNORECASE)
    return any(block.level == root or label.match(block.text) for block in blocks)


def name_widest(blocks: list[Block], ranks: Mapping[tuple[str, ...], int]) -> None:
    """Where nothing names a root, « Orientation 1 » or « Volet A » is one: what plans call so stands above the rest,
    but under a form that is wider still."""
    root = next(level for level in Level if level.facts.is_root)
    live = [block for block in blocks if not block.aside]
    _unname_bearing(live, ranks)
    if any(block.heading or block.table or block.level == root for block in live):
        return
    labels = [family for family in ranks if family[0] == "label" and family[1] in WIDEST_WORDS]
    widest = min(labels, key=ranks.__getitem__, default=None)
    if widest is None:
        return
    places = [place for place, block in enumerate(live) if block.family == widest]
    within = live[places[0] : places[-1]]
    if any(block.family and ranks[block.family] < ranks[widest] for block in within):
        return  # they stand under several of another form
    for block in live:
        if block.family == widest and block.level is None:
            block.level, block.named_by, block.unsure = root, block.label, ""


def _unname_bearing(live: list[Block], ranks: Mapping[tuple[str, ...], int]) -> None:
    """« Priorité 1 » under which most often something stands is not what this framework calls so: nothing stands under
    what is closed."""
    bears: defaultdict[tuple[str, ...], list[bool]] = defaultdict(list)
    for block, following in itertools.pairwise(live):
        if block.family[:1] == ("label",) and block.level is not None and block.level.facts.is_closed:
            bears[block.family].append(ranks.get(following.family, -1) > ranks[block.family])
    for block in live:
        if 2 * sum(bears[block.family]) > len(bears[block.family]):
            block.level, block.named_by = None, ""
