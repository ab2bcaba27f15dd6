"""The lines of a summary: the numbers of their pages, which are no words of theirs."""

import itertools
import re
from collections.abc import Sequence

_AT_PAGE = re.compile(r"(?:(?<=[^\W\d_])|(?<=[)»!]))(?:\s+(?:p\.|page))?\s+(?P<page>\d{1,3})\s*$", re.IGNORECASE)
_BEFORE_PAGE = re.compile(r"^(?P<page>\d{1,3})\s+(?=[A-ZÀ-Ý])")
_LEADER = re.compile(r"\s*(?:[._…]\s?){3,}\s*\d{1,3}\s*$")
PAGE = re.compile(
    r"\W*(?:page|p\.|diapo(?:sitive)?|slide|planche)\s*\d{1,4}(?:\s*(?:/|-|sur|de|à)\s*\d{1,4})?\W*", re.IGNORECASE
)
ENOUGH = 4
HALF = 0.5
TAIL = 200  # characters, where the number of a page may stand


def without_pages(lines: Sequence[tuple[int, str]]) -> tuple[list[tuple[int, str]], set[int]]:
    """The lines without the numbers of pages at their ends or before them, and which of them bore one: these are whole.

    They are numbers of pages where several lines that stand together bear one, and none a lower one than the line
    before; and, before the lines, where they do not count these.
    """
    kept = list(lines)
    for form, is_before in ((_AT_PAGE, False), (_BEFORE_PAGE, True)):
        matches = {}
        for place, (_, line) in enumerate(lines):
            if (match := form.search(line.strip() if is_before else line[-TAIL:])) is not None:
                matches[place] = match
        pages = [int(match["page"]) for match in matches.values()]
        if not _are_pages(pages, is_before=is_before) or not _stand_together(lines, list(matches)):
            continue
        for place, match in matches.items():
            number, line = lines[place]
            bare = line.strip()[match.end() :] if is_before else line[: len(line) - len(match[0])]
            kept[place] = (number, bare)
        return kept, {lines[place][0] for place in matches if not is_before}
    return kept, set()


def _are_pages(pages: list[int], *, is_before: bool) -> bool:
    if len(pages) < ENOUGH or len(set(pages)) < ENOUGH - 1:
        return False
    steps = {after - before for before, after in itertools.pairwise(pages)}
    if min(steps) < 0 or (steps == {1} and pages[0] == 1):
        return False  # « Défi 1 », « Défi 2 »: they count the lines
    return not is_before or pages[-1] - pages[0] > 2 * len(pages)


def _stand_together(lines: Sequence[tuple[int, str]], places: list[int]) -> bool:
    filled = sum(bool(line.strip()) for _, line in lines[places[0] : places[-1] + 1])
    return len(places) >= HALF * filled


def without_leader(text: str) -> str:
    """A line of a summary without its dots and its page; the same where it has none."""
    return text[:-TAIL] + _LEADER.sub("", text[-TAIL:])
