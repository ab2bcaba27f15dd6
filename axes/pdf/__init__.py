"""The framework's table as a document to annex to a deliberation: a tagged PDF (PDF/UA-1), A4 landscape."""

import re
from pathlib import Path
from typing import Any

from django.utils import timezone

from axes import document
from axes.as_of import PastTree
from axes.choices import FrameworkStatus
from axes.levels import ROOT_LEVELS
from axes.models import Framework
from axes.pdf.reading_order import in_reading_order
from cohesion.lib.dates import plain_date
from cohesion.lib.text import NBSP, capital
from cohesion.lib.typesetting import typeset

TEMPLATE = Path(__file__).with_name("framework.typ")
# Lines that surely fit on a page, and characters that surely fit on a line of each column.
UNBROKEN = 30
CHARACTERS = (32, 35, 40, 50)
_BEFORE = re.compile(r" (?=[»:;!?%])")
_AFTER = re.compile(r"(?<=«) ")


def framework_pdf(framework: Framework, past: PastTree | None = None) -> bytes:
    """The whole framework in its adopted wording, to the letter; ``past``: as it stood on an evening.

    Two calls for the same revision return the same bytes. No font of the machine and no network are used; the
    wordings reach the typesetter as data, never as markup.
    """
    content = _data(framework, document.read_nodes(framework)) if past is None else _past_data(past)
    return in_reading_order(typeset(TEMPLATE, content, framework.updated_at))


def _past_data(past: PastTree) -> dict[str, Any]:
    """The same of an evening, which its first page and the foot of each name."""
    evening = plain_date(past.framework.evening) if past.framework.evening else ""
    stood = _data(past.framework, past.nodes)
    sentences = [f"Tel qu’il était au soir du {evening}."]
    if not past.has_order:
        sentences.append("L’ordre des orientations de ce jour n’est pas connu.")
    return stood | {"facts": [*stood["facts"], *sentences], "revision": f"État au soir du {evening}"}


def _data(framework: Framework, nodes: list[document.Node]) -> dict[str, Any]:
    written = timezone.localtime(framework.updated_at)
    bands = document.bands(nodes)
    return {
        "title": framework.name,
        "authority": framework.authority,
        "facts": facts(framework),
        "banner": BANNERS.get(FrameworkStatus(framework.status), ""),
        "revision": f"Révision {framework.revision}",
        "date": [written.year, written.month, written.day],
        "columns": framework.column_titles,
        "bands": [{"axis": _node(band.axis), "rows": _rows(band.rows)} for band in bands],
    }


BANNERS = {
    FrameworkStatus.DRAFT: "Projet, non adopté",
    FrameworkStatus.ARCHIVED: "Cadre archivé, qui n’est plus en vigueur",
}


def facts(framework: Framework) -> list[str]:
    """What the first page says under the title, one sentence a line."""
    programme = "" if framework.full_name == framework.name else f"Programme{NBSP}: {framework.programme.name}"
    lines = [programme, framework.authority, f"Périmètre{NBSP}: {framework.perimeter}" if framework.perimeter else ""]
    if framework.status != FrameworkStatus.DRAFT:
        adopted = f"Adopté le {plain_date(framework.adopted_on)}" if framework.adopted_on else ""
        reference = f"délibération {framework.deliberation}" if framework.deliberation else ""
        lines.append(capital(", ".join(part for part in (adopted, reference) if part)))
    lines.append(_period(framework))
    return [line for line in lines if line]


def _period(framework: Framework) -> str:
    if framework.starts_on and framework.ends_on:
        return f"En vigueur du {plain_date(framework.starts_on)} au {plain_date(framework.ends_on)}"
    return ""


def _rows(rows: list[list[document.DocumentCell]]) -> list[list[dict[str, Any]]]:
    """The rows of a band. What fits on a page stays on one; a merged cell takes the rows beside it along.

    Where they are too many, its wording stands whole beside the first of them (``least``, in lines).
    """
    heights = [_height(row) for row in rows]
    least = [_unbroken_height(row) for row in rows]

    def row_is_tall(number: int) -> bool:
        return any(sum(heights[number : number + cell.rowspan]) > UNBROKEN for cell in rows[number])

    def cell_data(number: int, cell: document.DocumentCell) -> dict[str, Any]:
        height = max(_lines(cell), sum(heights[number : number + cell.rowspan]))
        return {
            "x": cell.column,
            "colspan": cell.colspan,
            "rowspan": cell.rowspan,
            "breakable": height > UNBROKEN,
            "least": least[number] if cell.rowspan == 1 and row_is_tall(number) else 0,
            "nodes": [_node(node) for node in cell.nodes],
        }

    data = []
    for number, row in enumerate(rows):
        data.append([cell_data(number, cell) for cell in row])
    return data


def _height(row: list[document.DocumentCell]) -> int:
    return max([_lines(cell) for cell in row if cell.rowspan == 1], default=1)


def _unbroken_height(row: list[document.DocumentCell]) -> int:
    lines = [_lines(cell) for cell in row]
    return max([number for number in lines if number <= UNBROKEN], default=0)


def _lines(cell: document.DocumentCell) -> int:
    """About how many lines a cell takes, rather too many than too few."""
    width = sum(CHARACTERS[cell.column : cell.column + cell.colspan])
    return 1 + sum(2 + len(node.orientation.title) // width for node in cell.nodes)


def _node(node: document.Node) -> dict[str, str]:
    orientation = node.orientation
    wording = f"{orientation.label} {orientation.title}" if orientation.label else orientation.title
    return {"code": "" if orientation.level in ROOT_LEVELS else orientation.code, "text": unbreakable(wording)}


def unbreakable(text: str) -> str:
    """The same words, whose French punctuation never begins a line nor guillemets end one."""
    return _AFTER.sub(NBSP, _BEFORE.sub(NBSP, text))
