"""A table within a text: cells parted by tabs, as a word processor pastes them, or by bars."""

import re

from axes.reading.marks import BULLET
from axes.reading.tables import MOST_COLUMNS, GridCell
from cohesion.lib.text import squeeze

_RULE = re.compile(r"[\s|:+-]+")
_ITEM = re.compile(rf"\s*(?:{BULLET}|\(?(?:\d{{1,2}}|[A-Za-z]|[IVX]{{1,4}})[.)])(?=\t)")


def cells_of_lines(lines: list[str]) -> list[GridCell]:
    """The cells of a text that is a table, most of its lines having the same number of cells; else none."""
    if _is_list(lines):
        return []
    filled = [
        (number, line) for number, line in enumerate(lines, start=1) if line.strip() and not _RULE.fullmatch(line)
    ]
    bars = sum(line.strip().startswith("|") and line.strip().endswith("|") for _, line in filled)
    if bars and bars >= 0.6 * len(filled):
        rows = [(number, line.strip().strip("|").split("|")) for number, line in filled]
    elif sum("\t" in line.strip() for _, line in filled) >= max(2, 0.6 * len(filled)):
        rows = [(number, line.split("\t")) for number, line in filled]
    else:
        return []
    width = max(len(cells) for _, cells in rows)
    if not 2 <= width <= MOST_COLUMNS:
        return []
    out = []
    for row, (number, cells) in enumerate(rows):
        texts = [squeeze(cell) for cell in cells]
        if len([text for text in texts if text]) == 1 and texts[0]:
            out.append(GridCell((texts[0],), row, 0, 1, width, number))  # alone in its row: a band
            continue
        out += [GridCell((text,), row, column, 1, 1, number) for column, text in enumerate(texts) if text]
    return out


def _is_list(lines: list[str]) -> bool:
    """Whether most tabs part an item from its bullet or number, as a word processor pastes a list."""
    tabbed = [line for line in lines if "\t" in line.strip()]
    items = sum(_ITEM.match(line) is not None and line.strip().count("\t") == 1 for line in tabbed)
    return 2 * items > len(tabbed)
