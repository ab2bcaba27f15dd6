"""A flat text: its lines, those that the width of a page broke put together again."""

import itertools
import re
from collections import Counter

from axes.reading.contents import PAGE, without_pages
from axes.reading.grammar import Opening, is_capitals, is_open, opening
from axes.reading.marks import BULLET, PICTURE, PRINTED_BULLETS, SIGNS
from axes.reading.model import Block
from cohesion.lib.pasted import clean
from cohesion.lib.text import hidden_character, squeeze

_MARKED = re.compile(
    rf"\s*(?:{BULLET}|[#|]|\(?(?:\d{{1,2}}|[A-Z]|[a-z]|[IVX]{{1,4}})(?:[.)°]|\s?/\s|\s[-–—•]\s)|\d+\.\d|[A-Z]\d{{1,2}}(?:[.-]\d+)*\s|(?:\d{{1,3}}\s+)?[A-ZÀ-Ý][^\W\d_]+\s(?:[nN]°\s?)?\d)"
)
_SYMBOL = re.compile(r"(?m)(?<![^\n\t ])[\ue000-\uf8ff](?=[ \t])")
_STUCK = re.compile(r"(?m)^[ \t]*[\ue000-\uf8ff\ufffd]+(?=[A-ZÀ-Ý][a-zà-ÿ])")  # a picture, where nothing parts it
# Where the page of an entry of a summary ends, and the next one begins with its number, on the same line.
_ENTRY = re.compile(
    r"(?:(?<=[pP]\. \d)|(?<=[pP]\. \d\d)|(?<=\.\. \d)|(?<=\.\. \d\d)|(?<=\.\.\d)|(?<=\.\.\d\d))\s+"
    r"(?=(?:[A-ZÀ-Ý][^\W\d_]+\s+(?:n\s?°\s?)?\d|\d{1,2}[.)]))"
)
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")  # a number drawn as a key
QUOTED = 4  # lines
EDGE = 2  # lines at the top and at the bottom of a page
FULL = 0.88  # of the longest line
NARROW, WIDE = 40, 140  # characters, between which a page breaks its lines


def lines_of(text: str) -> list[str]:
    """The lines of a text, without what nobody sees."""
    text = _with_signs(text.translate(PRINTED_BULLETS).replace("\r\n", "\n").replace("\r", "\n"))
    text = _KEYCAP.sub(r"\1.", clean(text)).replace("\ufe0f", "")
    lines = [_visible(line) for line in text.split("\n")]
    return _unquoted([piece for line in lines for piece in _ENTRY.split(line)])


def _unquoted(lines: list[str]) -> list[str]:
    """The lines of a message that was forwarded, without the signs that stand before each of them."""
    written = [line.startswith(">") for line in lines if line.strip()]
    runs = sum(is_quoted for is_quoted, _ in itertools.groupby(written))  # « > » under several titles is a bullet
    if runs != 1 or sum(written) < max(QUOTED, 0.3 * len(written)):
        return lines
    return [re.sub(r"^(?:>\s?)+", "", line) for line in lines]


def _with_signs(text: str) -> str:
    """The text with a sign for each bullet of a font of symbols that no table knows: its own, that is nowhere else."""
    text = _STUCK.sub(PICTURE, text)
    unknown = dict.fromkeys(_SYMBOL.findall(text))
    free = [sign for sign in SIGNS if sign not in text]
    signs = dict(zip(unknown, free, strict=False))
    return _SYMBOL.sub(lambda match: signs.get(match[0], match[0]), text)


def _visible(line: str) -> str:
    return "".join(c for c in line if not hidden_character(c))


def blocks_of(lines: list[tuple[int, str]]) -> list[Block]:
    """One block a line, with its indentation and whether a blank line stands before it."""
    lines, whole = without_pages(lines)
    width = broken_at([line for _, line in lines])
    may_go_on_below = _small_are_few([line for _, line in lines])
    blocks: list[Block] = []
    last_number = 0
    is_blank = False
    last = ""
    for number, line in lines:
        words = squeeze(line)
        if not words:
            is_blank = True
            continue
        indent = len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())
        is_going_on = _goes_on_below(last, line) and may_go_on_below if is_blank else _goes_on(last, line, width)
        if blocks and last_number not in whole and is_going_on:
            glue = "" if blocks[-1].text.endswith(("'", "’")) else " "
            blocks[-1].text += glue + words
            blocks[-1].is_glued = blocks[-1].is_glued or is_blank or not _is_one_sentence(last, line, width)
        else:
            block = Block(words, number, indent=indent, blank_before=is_blank)
            block.after_full = bool(width and not is_blank and _is_full(last, words, width))
            blocks.append(block)
        last, is_blank, last_number = line, False, number
    return blocks


def _small_are_few(lines: list[str]) -> bool:
    """Whether hardly any line begins with a small letter: one that does goes on from the line above."""
    filled = [line.strip() for line in lines if line.strip()]
    return sum(line[0].islower() for line in filled) < 0.2 * len(filled)


def _goes_on_below(line: str, following: str) -> bool:
    """Whether a line goes on beneath a blank one, as what was drawn from a PDF does."""
    before, words = line.strip(), following.strip()
    if not before or _MARKED.match(following) or not words[0].islower():
        return False
    return before[-1] not in ".;:!?" and not before[0].islower()


def broken_at(lines: list[str]) -> int:
    """The width at which the lines are broken; 0 where each says a whole thing.

    Most of those that go on with a small letter then nearly reach the longest.
    """
    lengths = [len(line.rstrip()) for line in lines if line.strip()]
    if not lengths or not NARROW <= (width := max(lengths)) <= WIDE:
        return 0
    goes_on = sum(before.strip() != "" and after.lstrip()[:1].islower() for before, after in itertools.pairwise(lines))
    return width if goes_on >= max(2, len(lengths) // 12) else 0


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a line goes on in the next one."""
    words = following.strip()
    if _MARKED.match(following) or PAGE.fullmatch(line):
        return False
    is_listed = not width and line.rstrip().endswith((",", ";")) and words[0].isupper()
    if words[0].islower() or (is_open(line) and not is_listed):
        return True
    if not width:
        return False
    first = words.split(" ", 1)[0]
    if not _is_full(line, first, width):
        return False
    # An acronym or a number begins no sentence; a full line of capitals goes on in capitals.
    is_acronym = is_capitals(first) or (first.isupper() and len(first) > 1)
    return (
        (is_acronym and not is_capitals(words))
        or not words[0].isalpha()
        or is_capitals(line) == is_capitals(words) is True
    )


def _is_one_sentence(line: str, following: str, width: int) -> bool:
    """Whether a line that goes on surely does: the page broke it, or it cannot end there, and no verb comes next."""
    words = following.strip()
    if opening(words) == Opening.INFINITIVE and not (is_open(line) or (width and _is_full(line, words, width))):
        return False
    return words[0].islower() or not words[0].isalpha() or is_open(line) or bool(width and _is_full(line, words, width))


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the next word would not have stood on the line, as wide as its letters may be."""
    first = following.split(" ", 1)[0]
    return len(line.rstrip()) + 1 + len(first) > FULL * width


def without_furniture(pages: list[list[str]]) -> list[tuple[int, str]]:
    """The lines of all pages, numbered as they come, without what is printed on each: headers, footers, numbers."""
    edges: Counter[str] = Counter()
    for page in pages:
        filled = [line for line in page if line.strip()]
        edges.update({_shape(line) for line in (*filled[:EDGE], *filled[-EDGE:])})
    furniture = {shape for shape, times in edges.items() if len(pages) > 1 and times > len(pages) / 2}
    kept = []
    number = 0
    for page in pages:
        places = [place for place, line in enumerate(page) if line.strip()]
        margins = {*places[:EDGE], *places[-EDGE:]}
        for place, line in enumerate(page):
            number += 1
            is_number = bool(
                re.fullmatch(r"\W*(?:page\s*)?\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?\W*", line.strip(), re.IGNORECASE)
            )
            if place in margins and (_shape(line) in furniture or is_number):
                continue
            kept.append((number, line))
    return kept


def _shape(line: str) -> str:
    return re.sub(r"\d+", "0", squeeze(line))
